// SPDX-License-Identifier: Apache-2.0
// Writes a trace of a made-up run, the same for the same arguments:
//
//   generate_trace threads TRACE [--tasks N] [--events N] [--sync SHARE] [--racy SHARE] [--apart 1]
//                                [--seed N]
//   generate_trace churn   TRACE [--tasks N] [--width N] [--accesses N] [--seed N]
//
// `threads`: long-lived threads in bursts; memory of their own, memory that locks guard, memory
// that all read, and a share without any order; with `--apart` each variable of that share has a
// function of its own, so that each is a finding of its own. `churn`: short tasks, `width` at a
// time, each joined through a wait group.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "trace/writer.h"

namespace {

using raddle::trace::Access;
using raddle::trace::Event;
using raddle::trace::Kind;
using raddle::trace::TaskId;

struct Arguments {
  std::string mode, path;
  std::uint32_t tasks = 8;
  std::uint64_t events = 1'000'000;
  std::uint32_t width = 64;
  std::uint32_t accesses = 10;
  double sync = 0.2;
  double racy = 0.01;
  bool apart = false;
  std::uint64_t seed = 1;
};

// A run that is being written: time passes, and everything has a stack.
class Run {
 public:
  Run(std::uint64_t seed, bool apart) : random_(seed) {
    for (std::uint32_t i = 0; i < kSites; ++i) {
      writer_.site("made_up.cpp", 10 + i, "function" + std::to_string(i / 8));
    }
    for (std::uint32_t i = 0; apart && i < kApart; ++i) {
      writer_.site("made_up.cpp", 10 + kSites + i, "apart" + std::to_string(i));
    }
    for (std::uint64_t i = 1; i <= kStacks; ++i) writer_.stack(context_of(i), {i, 1 + i % 7});
  }

  std::uint32_t pick(std::uint64_t n) { return static_cast<std::uint32_t>(random_() % n); }
  double share() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  std::uint64_t records() const { return records_; }

  void call() { ++stack_; }  // accesses have another stack from now on
  void begin_stream(std::uint32_t stream, TaskId task) { writer_.begin_stream(stream, task); }
  void event(std::uint32_t stream, Kind kind, std::uint64_t object, std::uint32_t index = 0,
             std::uint64_t value = 0) {
    Event event;
    event.kind = kind;
    event.object = object;
    event.index = index;
    event.value = value;
    event.time_ns = now_ns_ += 20;
    writer_.event(stream, event, context_of(1 + object / 8 % kStacks));
    ++records_;
  }
  void access(std::uint32_t stream, std::uint64_t address, std::uint32_t place, bool is_write) {
    const std::uint64_t of_its_function = (stack_ * 8 + place % 8) % kSites;
    access_at(stream, address, 1 + static_cast<std::uint32_t>(of_its_function), is_write);
  }
  void access_apart(std::uint32_t stream, std::uint64_t address, std::uint32_t i, bool is_write) {
    access_at(stream, address, 1 + kSites + i, is_write);
  }
  void save(const std::string& path) {
    writer_.header().ticks1 = writer_.header().elapsed1_ns = writer_.header().end_ticks =
        static_cast<std::uint64_t>(now_ns_) + 1;
    writer_.save(path);
  }

  static constexpr std::uint32_t kApart = 200;  // functions for access_apart()

 private:
  void access_at(std::uint32_t stream, std::uint64_t address, std::uint32_t site, bool is_write) {
    Access access;
    access.address = address;
    access.size_bytes = 8;
    access.site = site;
    access.is_write = is_write;
    writer_.access(stream, access, context_of(1 + stack_ % kStacks));
    ++records_;
    now_ns_ += 2;
  }

  static constexpr std::uint32_t kSites = 512;
  static constexpr std::uint64_t kStacks = 64;
  static std::uint64_t context_of(std::uint64_t stack) { return stack * 0x9e37'79b9'7f4a'7c15u; }

  std::mt19937_64 random_;
  raddle::trace::Writer writer_;
  std::int64_t now_ns_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t stack_ = 0;
};

constexpr std::uint64_t kMemory = 0x10'0000'0000;
constexpr std::uint64_t kLocks = 0x20'0000'0000;
constexpr std::uint64_t kWaitGroup = 0x30'0000'0000;

class Threads {
 public:
  Threads(Run& run, const Arguments& arguments)
      : run_(run), arguments_(arguments), held_(arguments.tasks, -1), left_(arguments.tasks, 0) {
    const std::uint32_t locks = std::max<std::uint32_t>(64, arguments.tasks);
    owner_.assign(locks, -1);
  }

  void write() {
    run_.begin_stream(1, 1);
    for (std::uint32_t i = 0; i < kShared; ++i) run_.access(1, kMemory + 8ull * i, i, true);
    for (std::uint32_t t = 1; t < arguments_.tasks; ++t) {
      run_.begin_stream(t + 1, t + 1);
      run_.event(1, Kind::kTaskSpawn, t + 1, raddle::trace::kThread | raddle::trace::kJoinable);
      run_.event(t + 1, Kind::kTaskBegin, t + 1);
    }
    std::uint32_t burst = 0;
    std::uint32_t thread = 0;
    while (run_.records() + 3ull * arguments_.tasks < arguments_.events) {
      if (burst == 0) {
        thread = run_.pick(arguments_.tasks);
        burst = 1 + run_.pick(40);
        run_.call();
      }
      --burst;
      step(thread);
    }
    finish();
  }

 private:
  static constexpr std::uint32_t kVariables = 20'000;
  static constexpr std::uint32_t kShared = kVariables / 20;  // written before the first spawn
  static constexpr std::uint32_t kGuarded = kVariables / 4;  // variable i by lock i % locks
  static constexpr std::uint32_t kRacy = kVariables / 100;
  static_assert(kRacy <= Run::kApart);

  void step(std::uint32_t thread) {
    if (held_[thread] >= 0 && left_[thread] == 0) return release(thread);
    const double start = arguments_.sync / 2 / (1 - arguments_.sync);
    if (held_[thread] < 0 && run_.share() < start) {
      const std::uint32_t lock = run_.pick(owner_.size());
      if (owner_[lock] < 0) return acquire(thread, lock);
    }
    const std::uint32_t own = (kVariables - kShared - kGuarded - kRacy) / arguments_.tasks + 1;
    const std::uint32_t first_own = kShared + kGuarded + kRacy + thread * own;
    const double what = run_.share();
    if (what < arguments_.racy) {
      race(thread, run_.pick(kRacy));
    } else if (held_[thread] >= 0) {
      --left_[thread];
      const auto locks = static_cast<std::uint32_t>(owner_.size());
      access(thread, kShared + static_cast<std::uint32_t>(held_[thread]) +
                         locks * run_.pick(std::max(kGuarded / locks, 1u)));
    } else if (what < 0.2) {
      read(thread, run_.pick(kShared));
    } else {
      access(thread, first_own + run_.pick(own));
    }
  }

  void acquire(std::uint32_t thread, std::uint32_t lock) {
    owner_[lock] = static_cast<std::int32_t>(thread);
    held_[thread] = static_cast<std::int32_t>(lock);
    left_[thread] = 1 + run_.pick(5);
    run_.event(thread + 1, Kind::kMutexLock, kLocks + 64ull * lock);
  }
  void release(std::uint32_t thread) {
    const auto lock = static_cast<std::uint32_t>(held_[thread]);
    run_.event(thread + 1, Kind::kMutexUnlock, kLocks + 64ull * lock);
    owner_[lock] = -1;
    held_[thread] = -1;
  }
  void access(std::uint32_t thread, std::uint32_t variable) {
    run_.access(thread + 1, kMemory + 8ull * variable, variable % 300, run_.pick(3) == 0);
  }
  void race(std::uint32_t thread, std::uint32_t racy) {
    const std::uint32_t variable = kShared + kGuarded + racy;
    if (!arguments_.apart) return access(thread, variable);
    run_.access_apart(thread + 1, kMemory + 8ull * variable, racy, run_.pick(3) == 0);
  }
  void read(std::uint32_t thread, std::uint32_t variable) {
    run_.access(thread + 1, kMemory + 8ull * variable, variable % 50, false);
  }
  void finish() {
    for (std::uint32_t t = 0; t < arguments_.tasks; ++t) {
      if (held_[t] >= 0) release(t);
      if (t != 0) run_.event(t + 1, Kind::kTaskEnd, t + 1);
    }
    for (std::uint32_t t = 1; t < arguments_.tasks; ++t) run_.event(1, Kind::kTaskJoin, t + 1);
    run_.event(1, Kind::kMainReturn, 0);
  }

  Run& run_;
  const Arguments& arguments_;
  std::vector<std::int32_t> held_;   // by thread: the lock, or -1
  std::vector<std::uint32_t> left_;  // accesses until it is given up
  std::vector<std::int32_t> owner_;  // by lock
};

// Rounds of `width` tasks; each runs on a worker's stream.
void write_churn(Run& run, const Arguments& arguments) {
  run.begin_stream(1, 1);
  TaskId next = 2;
  TaskId last = 1 + arguments.tasks;
  for (std::uint32_t worker = 0; worker < arguments.width; ++worker) {
    run.begin_stream(2 + worker, 0);
  }
  while (next <= last) {
    const std::uint32_t round = std::min(arguments.width, last + 1 - next);
    run.event(1, Kind::kWaitGroupAdd, kWaitGroup, 1, round);
    for (std::uint32_t i = 0; i < round; ++i) run.event(1, Kind::kTaskSpawn, next + i);
    for (std::uint32_t i = 0; i < round; ++i) {
      run.event(2 + i, Kind::kTaskResume, next + i);
      run.call();
      for (std::uint32_t n = 0; n < arguments.accesses; ++n) {
        const std::uint32_t word = i * 64 + run.pick(64);
        run.access(2 + i, kMemory + 8ull * word, word % 300, run.pick(3) == 0);
      }
      run.event(2 + i, Kind::kWaitGroupDone, kWaitGroup, 0, round - 1 - i);
      run.event(2 + i, Kind::kTaskEnd, next + i);
    }
    run.event(1, Kind::kWaitGroupWaited, kWaitGroup);
    next += round;
  }
  run.event(1, Kind::kMainReturn, 0);
}

bool read(int count, char** words, Arguments& to) {
  if (count < 3) return false;
  to.mode = words[1];
  to.path = words[2];
  for (int i = 3; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const char* value = words[i + 1];
    if (name == "--tasks") {
      to.tasks = static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
    } else if (name == "--events") {
      to.events = std::strtoull(value, nullptr, 10);
    } else if (name == "--width") {
      to.width = static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
    } else if (name == "--accesses") {
      to.accesses = static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
    } else if (name == "--sync") {
      to.sync = std::strtod(value, nullptr);
    } else if (name == "--racy") {
      to.racy = std::strtod(value, nullptr);
    } else if (name == "--apart") {
      to.apart = std::strtoul(value, nullptr, 10) != 0;
    } else if (name == "--seed") {
      to.seed = std::strtoull(value, nullptr, 10);
    } else {
      return false;
    }
  }
  return to.tasks > 0 && to.width > 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!read(argc, argv, arguments)) {
    std::fprintf(stderr, "usage: generate_trace threads|churn TRACE [--tasks N] ...\n");
    return 2;
  }
  Run run(arguments.seed, arguments.apart);
  if (arguments.mode == "churn") {
    write_churn(run, arguments);
  } else {
    Threads(run, arguments).write();
  }
  run.save(arguments.path);
  std::printf("%llu\n", static_cast<unsigned long long>(run.records()));
  return 0;
}
