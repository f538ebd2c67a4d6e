// SPDX-License-Identifier: Apache-2.0
#include "tests/analyzer/oracle.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>

namespace raddle::test {

using trace::Event;
using trace::Kind;
using trace::TaskId;

namespace {

// What is let know, and who learns it.
struct ReleasePair {
  Kind release, acquire;
  std::uint64_t object;
};
constexpr ReleasePair kReleasePairs[] = {
    {Kind::kSemaphoreRelease, Kind::kSemaphoreAcquire, 0x7100},  // of unknown permits
    {Kind::kWaitGroupDone, Kind::kWaitGroupWaited, 0x7200},
    {Kind::kOnceDone, Kind::kOnceSeen, 0x7300},
    {Kind::kBarrierArrive, Kind::kBarrierLeave, 0x7500},
    {Kind::kContextCancel, Kind::kContextSeen, 0x7600},
    {Kind::kReleaseAddress, Kind::kAcquireAddress, 0x7700},
};

bool acquires(const Event& e) { return e.index == 1 || e.index == 2 || e.index >= 4; }
bool releases(const Event& e) { return e.index >= 3; }
bool is_atomic_write(const Event& e) {
  return e.kind == Kind::kAtomicStore || e.kind == Kind::kAtomicUpdate;
}
bool is_atomic(const Event& e) { return is_atomic_write(e) || e.kind == Kind::kAtomicLoad; }
bool touches_memory(const Step& s) {
  return s.is_access || is_atomic(s.event) || s.event.kind == Kind::kMemoryFree;
}
std::uint64_t begin_address(const Step& s) { return s.event.object; }
std::uint64_t end_address(const Step& s) {
  return s.event.object + (s.is_access ? s.bytes : s.event.value);
}

}  // namespace

Oracle::Oracle(const std::vector<Step>& steps) : steps_(steps), edges_(2 * steps.size()) {
  add_program_order();
  add_tasks();
  add_locks();
  add_channels();
  add_semaphores();
  add_releases();
  add_atomics();
  close();
  find_races();
}

void Oracle::add_program_order() {
  std::map<TaskId, std::size_t> last;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    add(begin_of(i), end_of(i));
    const TaskId task = steps_[i].event.task;
    if (const auto found = last.find(task); found != last.end()) {
      add(end_of(found->second), begin_of(i));
    }
    last[task] = i;
  }
}

void Oracle::add_tasks() {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Event& e = steps_[i].event;
    if (steps_[i].is_access) continue;
    for (std::size_t j = 0; j < steps_.size(); ++j) {
      const TaskId other = steps_[j].event.task;
      if (e.kind == Kind::kTaskSpawn && j > i && other == e.object) add(end_of(i), begin_of(j));
      if (e.kind == Kind::kTaskJoin && j < i && other == e.object) add(end_of(j), end_of(i));
      if (e.kind == Kind::kCondWake && j > i && other == e.peer) add(end_of(i), begin_of(j));
    }
  }
}

// Every unlock is before every later lock; readers only with writers. Inner locks of a recursive
// mutex are no locks.
void Oracle::add_locks() {
  struct Unlock {
    std::size_t step;
    bool is_shared;
  };
  std::map<std::uint64_t, std::vector<Unlock>> unlocks;
  std::map<std::uint64_t, int> depth;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Event& e = steps_[i].event;
    if (steps_[i].is_access) continue;
    if (e.kind == Kind::kMutexInit) unlocks[e.object].clear();
    const bool locks = e.kind == Kind::kMutexLock || e.kind == Kind::kRwMutexLock;
    const bool is_outermost = !locks || depth[e.object]++ == 0;
    if ((locks && is_outermost) || e.kind == Kind::kRwMutexLockShared) {
      for (const Unlock& unlock : unlocks[e.object]) {
        if (locks || !unlock.is_shared) add(end_of(unlock.step), end_of(i));
      }
    }
    const bool gives = e.kind == Kind::kMutexUnlock || e.kind == Kind::kRwMutexUnlock;
    if (gives && --depth[e.object] == 0) unlocks[e.object].push_back({i, false});
    if (e.kind == Kind::kRwMutexUnlockShared) unlocks[e.object].push_back({i, true});
  }
}

// Send k is before the completion of receive k; receive k before that of send k + capacity.
void Oracle::add_channels() {
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::size_t> last_of_slot;
  std::map<std::uint64_t, std::size_t> closes;
  std::map<TaskId, std::vector<std::size_t>> of_task;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Event& e = steps_[i].event;
    if (!steps_[i].is_access && (e.kind == Kind::kChannelSend || e.kind == Kind::kChannelRecv)) {
      const std::pair key{e.object, e.index};
      if (const auto found = last_of_slot.find(key); found != last_of_slot.end()) {
        add(begin_of(found->second), end_of(i));
      }
      last_of_slot[key] = i;
    }
    if (!steps_[i].is_access && e.kind == Kind::kChannelMeet) {
      // The peer's half has no step of its own: it comes behind the peer's last step.
      if (!of_task[e.peer].empty()) add(end_of(of_task[e.peer].back()), end_of(i));
      for (std::size_t j = i + 1; j < steps_.size(); ++j) {
        if (steps_[j].event.task == e.peer) add(begin_of(i), begin_of(j));
      }
    }
    if (!steps_[i].is_access && e.kind == Kind::kChannelClose) closes[e.object] = i;
    if (!steps_[i].is_access && e.kind == Kind::kChannelRecvClosed) {
      add(end_of(closes.at(e.object)), end_of(i));
    }
    of_task[e.task].push_back(i);
    if (!steps_[i].is_access && e.kind == Kind::kTaskSpawn) {
      of_task[static_cast<TaskId>(e.object)] = {i};  // what a child has behind it at first
    }
  }
}

// The n-th acquire is behind the release of the n-th permit.
void Oracle::add_semaphores() {
  std::map<std::uint64_t, std::deque<std::size_t>> permits;
  constexpr std::size_t kInitial = ~std::size_t{0};
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Event& e = steps_[i].event;
    if (steps_[i].is_access) continue;
    if (e.kind == Kind::kSemaphoreInit) permits[e.object].assign(e.value, kInitial);
    if (e.kind == Kind::kSemaphoreRelease && permits.contains(e.object)) {
      permits[e.object].insert(permits[e.object].end(), e.value, i);
    }
    if (e.kind != Kind::kSemaphoreAcquire || !permits.contains(e.object)) continue;
    const std::size_t permit = permits[e.object].front();
    permits[e.object].pop_front();
    if (permit != kInitial) add(end_of(permit), end_of(i));
  }
}

void Oracle::add_releases() {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (std::size_t j = 0; j < i && !steps_[i].is_access; ++j) {
      const Event& a = steps_[j].event;
      const Event& b = steps_[i].event;
      if (steps_[j].is_access || a.object != b.object) continue;
      for (const ReleasePair& pair : kReleasePairs) {
        if (a.object != pair.object) continue;
        if (a.kind == pair.release && b.kind == pair.acquire) add(end_of(j), end_of(i));
      }
    }
  }
}

// [atomics.order]/2 and [atomics.fences]: a read that takes its value from a write in the release
// sequence of another.
void Oracle::add_atomics() {
  for (std::size_t read = 0; read < steps_.size(); ++read) {
    const Event& r = steps_[read].event;
    if (steps_[read].is_access || (r.kind != Kind::kAtomicLoad && r.kind != Kind::kAtomicUpdate)) {
      continue;
    }
    for (std::size_t i = read; i-- > 0;) {  // back through the modification order
      const Event& w = steps_[i].event;
      if (steps_[i].is_access) continue;
      const bool is_reset = w.kind == Kind::kMemoryAllocate || w.kind == Kind::kMemoryFree;
      if (is_reset && w.object <= r.object && r.object < w.object + w.value) break;
      if (w.object != r.object || !is_atomic_write(w)) continue;
      add_atomic(i, read);
      if (w.kind == Kind::kAtomicStore) break;  // heads its sequence
    }
  }
}

void Oracle::add_atomic(std::size_t write, std::size_t read) {
  std::vector<std::size_t> sources;  // release operations
  std::vector<std::size_t> sinks;    // acquire operations
  if (releases(steps_[write].event)) sources.push_back(write);
  if (acquires(steps_[read].event)) sinks.push_back(read);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Event& fence = steps_[i].event;
    if (steps_[i].is_access || fence.kind != Kind::kAtomicFence) continue;
    if (i < write && fence.task == steps_[write].event.task && releases(fence))
      sources.push_back(i);
    if (i > read && fence.task == steps_[read].event.task && acquires(fence)) sinks.push_back(i);
  }
  for (const std::size_t source : sources) {
    for (const std::size_t sink : sinks) add(end_of(source), end_of(sink));
  }
}

void Oracle::close() {
  before_.resize(edges_.size());
  for (std::size_t node = 0; node < edges_.size(); ++node) {
    for (const std::size_t from : edges_[node]) {
      before_[node] |= before_[from];
      before_[node].set(from);
    }
  }
}

void Oracle::find_races() {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (!touches_memory(steps_[i])) continue;
    const Step& a = steps_[i];
    for (std::uint64_t byte = begin_address(a); byte < end_address(a); ++byte) {
      for (std::size_t j = i + 1; j < steps_.size(); ++j) {
        const Step& b = steps_[j];
        if (byte < begin_address(b) || byte >= end_address(b)) continue;
        if (b.event.kind == Kind::kMemoryAllocate && !b.is_access) break;  // fresh from here on
        if (!touches_memory(b)) continue;
        const bool is_freed = !a.is_access && a.event.kind == Kind::kMemoryFree;
        const bool frees = !b.is_access && b.event.kind == Kind::kMemoryFree;
        const bool both_atomic = !a.is_access && !b.is_access && !is_freed && !frees;
        const bool writes = (a.is_access ? a.is_write : a.event.kind != Kind::kAtomicLoad) ||
                            (b.is_access ? b.is_write : b.event.kind != Kind::kAtomicLoad);
        if (!is_freed && (both_atomic || !writes || is_ordered(i, j))) continue;
        // An atomic access is itself after what it acquired.
        if (!is_freed && !b.is_access && before_[end_of(j)][end_of(i)]) continue;
        races_.insert({i, j});
        const auto [first, is_new] = first_of_byte_.try_emplace(byte, j);
        if (!is_new) first->second = std::min(first->second, j);
      }
    }
  }
}

// Random traces ---------------------------------------------------------------------------------

namespace {

constexpr std::uint64_t kBlock = 0xf'fff0;  // memory under test: 4 granules, two shares of memory
constexpr std::uint64_t kBlockBytes = 32;

class Generator {
 public:
  Generator(std::mt19937& random, const Mix& mix) : random_(random), mix_(mix) {}

  std::vector<Step> run() {
    live_ = {1};
    while (steps_.size() < mix_.steps) step();
    return std::move(steps_);
  }

 private:
  struct Lock {
    std::uint64_t address;
    bool is_shared_type = false;
    TaskId owner = 0;
    int depth = 0;
    std::vector<TaskId> readers;
  };
  struct Chan {
    std::uint64_t address;
    std::uint64_t capacity;
    std::uint64_t sent = 0, received = 0;
    bool is_closed = false;
  };

  std::size_t pick(std::size_t n) { return random_() % n; }
  TaskId any() { return live_[pick(live_.size())]; }
  void emit(TaskId task, Kind kind, std::uint64_t object, std::uint32_t index = 0,
            std::uint64_t value = 0, TaskId peer = 0) {
    Step s;
    s.event.kind = kind;
    s.event.task = task;
    s.event.object = object;
    s.event.index = index;
    s.event.value = value;
    s.event.peer = peer;
    steps_.push_back(s);
  }
  // A step without effect: where a task is when another does something to it.
  void pause(TaskId task) { emit(task, Kind::kSelectDone, 0); }
  void step();
  void access(TaskId task);
  void atomic(TaskId task);
  void mutex(TaskId task);
  void rw(TaskId task);
  void channel(TaskId task);
  void tasks(TaskId task);
  void semaphore(TaskId task);
  void misc(TaskId task);

  std::mt19937& random_;
  Mix mix_;
  std::vector<Step> steps_;
  std::vector<TaskId> live_;
  std::vector<TaskId> ended_;
  TaskId last_ = 1;
  Lock mutexes_[2] = {{0x1000, false, 0, 0, {}}, {0x2000, false, 0, 0, {}}};
  Lock rw_{0x3000, true, 0, 0, {}};
  std::optional<std::uint64_t> permits_;  // of the semaphore, once it is there
  Chan channels_[3] = {{0x4000, 1}, {0x5000, 2}, {0x6000, 0}};
};

void Generator::step() {
  const TaskId task = any();
  if (pick(100) < mix_.access_share) return access(task);
  const std::size_t what = 40 + pick(60);
  if (what < 55 && mix_.has_atomics) {
    atomic(task);
  } else if (what < 65) {
    mutex(task);
  } else if (what < 73) {
    rw(task);
  } else if (what < 84) {
    channel(task);
  } else if (what < 92) {
    tasks(task);
  } else {
    misc(task);
  }
}

void Generator::access(TaskId task) {
  static constexpr std::uint32_t kSizes[] = {1, 2, 4, 8, 8, 8, 12, 32};
  const std::uint32_t bytes = kSizes[pick(8)];
  const std::uint64_t offset = bytes >= 12 ? 0 : pick(kBlockBytes / bytes) * bytes;
  emit(task, Kind::kRead, kBlock + offset);
  steps_.back().is_access = true;
  steps_.back().bytes = bytes;
  steps_.back().is_write = pick(3) == 0;
}

void Generator::atomic(TaskId task) {
  if (pick(5) == 0) {
    emit(task, Kind::kAtomicFence, 0, 2 + static_cast<std::uint32_t>(pick(4)));
    return;
  }
  static constexpr std::uint32_t kOrders[3][3] = {{0, 2, 5}, {0, 3, 5}, {0, 3, 4}};
  static constexpr Kind kKinds[] = {Kind::kAtomicLoad, Kind::kAtomicStore, Kind::kAtomicUpdate};
  const std::size_t kind = pick(3);
  std::uint32_t order = kOrders[kind][pick(3)];
  if (kind == 2 && pick(4) == 0) order = 2;
  // Mostly on two locations of their own, now and then on memory that plain accesses use.
  const std::uint64_t address = pick(4) == 0 ? kBlock + 8 * pick(4) : 0x7000 + 8 * pick(2);
  emit(task, kKinds[kind], address, order, 8);
}

void Generator::mutex(TaskId task) {
  Lock& lock = mutexes_[pick(2)];
  if (lock.owner == 0 && pick(12) == 0) {
    emit(task, Kind::kMutexInit, lock.address);
  } else if (lock.owner == 0 || (lock.owner == task && pick(3) == 0)) {
    lock.owner = task;
    ++lock.depth;
    emit(task, Kind::kMutexLock, lock.address);
  } else {
    emit(lock.owner, Kind::kMutexUnlock, lock.address);
    if (--lock.depth == 0) lock.owner = 0;
  }
}

void Generator::rw(TaskId task) {
  const auto reader = std::find(rw_.readers.begin(), rw_.readers.end(), task);
  if (rw_.owner != 0) {
    emit(rw_.owner, Kind::kRwMutexUnlock, rw_.address);
    rw_.owner = 0;
  } else if (reader != rw_.readers.end()) {
    rw_.readers.erase(reader);
    emit(task, Kind::kRwMutexUnlockShared, rw_.address);
  } else if (rw_.readers.empty() && pick(2) == 0) {
    rw_.owner = task;
    emit(task, Kind::kRwMutexLock, rw_.address);
  } else {
    rw_.readers.push_back(task);
    emit(task, Kind::kRwMutexLockShared, rw_.address);
  }
}

void Generator::channel(TaskId task) {
  Chan& c = channels_[pick(3)];
  if (c.capacity == 0) {
    const TaskId other = any();
    if (other != task && !c.is_closed) {
      pause(other);
      emit(task, Kind::kChannelMeet, c.address, static_cast<std::uint32_t>(pick(2)), c.sent++,
           other);
      pause(other);
    }
    return;
  }
  const std::uint64_t fill = c.sent - c.received;
  if (c.is_closed && fill == 0) {
    emit(task, Kind::kChannelRecvClosed, c.address);
  } else if (!c.is_closed && pick(20) == 0) {
    c.is_closed = true;
    emit(task, Kind::kChannelClose, c.address);
  } else if (!c.is_closed && fill < c.capacity && (fill == 0 || pick(2) == 0)) {
    emit(task, Kind::kChannelSend, c.address, static_cast<std::uint32_t>(c.sent % c.capacity));
    ++c.sent;
  } else if (fill > 0) {
    emit(task, Kind::kChannelRecv, c.address, static_cast<std::uint32_t>(c.received % c.capacity));
    ++c.received;
  }
}

void Generator::tasks(TaskId task) {
  if (!ended_.empty() && pick(2) == 0) {
    const std::size_t which = pick(ended_.size());
    emit(task, Kind::kTaskJoin, ended_[which]);
    ended_.erase(ended_.begin() + static_cast<std::ptrdiff_t>(which));
  } else if (live_.size() < mix_.tasks) {
    const TaskId child = ++last_;
    const bool is_joinable = pick(2) == 0;
    emit(task, Kind::kTaskSpawn, child, is_joinable ? trace::kJoinable : 0);
    live_.push_back(child);
  } else if (task != 1) {
    const bool holds = std::any_of(std::begin(mutexes_), std::end(mutexes_),
                                   [&](const Lock& l) { return l.owner == task; });
    if (holds || rw_.owner == task || std::ranges::count(rw_.readers, task) > 0) return;
    emit(task, Kind::kTaskEnd, task);
    std::erase(live_, task);
    for (const Step& s : steps_) {
      if (!s.is_access && s.event.kind == Kind::kTaskSpawn && s.event.object == task &&
          s.event.index == trace::kJoinable) {
        ended_.push_back(task);
      }
    }
  }
}

void Generator::semaphore(TaskId task) {
  constexpr std::uint64_t kSemaphore = 0x7180;
  if (!permits_) {
    permits_ = pick(3);
    emit(task, Kind::kSemaphoreInit, kSemaphore, 0, *permits_);
  } else if (*permits_ > 0 && pick(2) == 0) {
    --*permits_;
    emit(task, Kind::kSemaphoreAcquire, kSemaphore);
  } else {
    const std::uint64_t given = 1 + pick(2);
    *permits_ += given;
    emit(task, Kind::kSemaphoreRelease, kSemaphore, 0, given);
  }
}

void Generator::misc(TaskId task) {
  switch (pick(mix_.has_memory_reuse ? 6 : 4)) {
    case 0:
      return semaphore(task);
    case 1:
    case 2: {
      const ReleasePair& pair = kReleasePairs[pick(std::size(kReleasePairs))];
      return emit(task, pick(2) == 0 ? pair.release : pair.acquire, pair.object);
    }
    case 3: {
      const TaskId other = any();
      if (other == task) return;
      emit(task, Kind::kCondWake, 0x7400, 0, 0, other);
      return pause(other);
    }
    case 4:
      emit(task, Kind::kMemoryFree, kBlock + 16, 0, 16);
      [[fallthrough]];
    default:
      return emit(task, Kind::kMemoryAllocate, kBlock + 16, 0, 16);
  }
}

}  // namespace

std::vector<Step> random_trace(std::mt19937& random, const Mix& mix) {
  return Generator(random, mix).run();
}

}  // namespace raddle::test
