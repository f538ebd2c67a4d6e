// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/policy/experience.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace raddle::sched {

namespace {

// The mixing step of splitmix64 (Steele, Lea and Flood 2014, section 5).
std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9u;
  z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebu;
  return z ^ (z >> 31);
}

std::uint64_t begin_hash(std::uint64_t a) { return mixed(a + 1); }
std::uint64_t end_hash(std::uint64_t begun, std::uint64_t b, std::uint64_t c = 0) {
  return mixed(mixed(begun + b) + c);
}
std::uint64_t hash(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0) {
  return end_hash(begin_hash(a), b, c);
}

// Exact while small: what the hundredth round of a loop does is not news after the ninetieth.
std::uint32_t about(std::uint32_t count) {
  constexpr std::uint32_t kExact = 8;
  if (count < kExact) return count;
  return kExact + static_cast<std::uint32_t>(std::bit_width(count));
}

// One operation behind another: of which tasks, and about how many each had done by then.
std::uint64_t meeting(trace::TaskId before, std::uint32_t last, trace::TaskId id,
                      std::uint32_t operation) {
  constexpr unsigned kTaskBits = 12;
  constexpr unsigned kCountBits = 6;
  static_assert(Experience::kMostTasks <= 1 << kTaskBits);
  std::uint64_t word = before;
  word = (word << kTaskBits) | id;
  word = (word << kCountBits) | about(last);
  return (word << kCountBits) | about(operation);
}

// A quarter of the way from what was usual to what is now.
std::uint32_t nearer(std::uint32_t usual, std::uint32_t now) {
  constexpr std::uint32_t kMost = 1 << 24;
  const std::uint32_t scaled = std::min(now, kMost) * Experience::kScale;
  return usual == 0 ? scaled : usual - usual / 4 + scaled / 4;
}

}  // namespace

bool Experience::map(int fd) noexcept {
  const int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  void* memory = ::mmap(nullptr, sizeof(Bytes), PROT_READ | PROT_WRITE, flags, fd, 0);
  if (memory == MAP_FAILED) return false;
  bytes_ = static_cast<Bytes*>(memory);
  found_ = {};
  return true;
}

bool Experience::open(const char* path, std::uint64_t program) noexcept {
  const int fd = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  trace::ExperienceHeader header;
  const bool is_ours = ::read(fd, &header, sizeof header) == sizeof header &&
                       header.magic == trace::kExperienceMagic &&
                       header.version == trace::kExperienceVersion && header.program == program &&
                       ::lseek(fd, 0, SEEK_END) == sizeof(Bytes);
  const bool is_mapped =
      (is_ours || (::ftruncate(fd, 0) == 0 && ::ftruncate(fd, sizeof(Bytes)) == 0)) && map(fd);
  ::close(fd);
  if (!is_mapped) return false;
  bytes_->header.version = trace::kExperienceVersion;
  bytes_->header.program = program;
  bytes_->header.magic = trace::kExperienceMagic;
  return true;
}

bool Experience::open_shared() noexcept { return map(-1); }

void Experience::keep_run() noexcept {
  Kept& run = bytes_->run;
  if (run.energy == 0 || run.count == 0) return;
  const auto weakest = std::ranges::min_element(bytes_->kept, {}, &Kept::energy);
  if (weakest->energy >= run.energy) return;
  weakest->count = run.count;
  weakest->new_at = run.new_at;
  std::copy_n(run.choices.begin(), run.count, weakest->choices.begin());
  weakest->energy = run.energy;
}

void Experience::begin_run() noexcept {
  if (bytes_->header.runs++ != 0) {
    keep_run();
    const auto decisions =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes_->decisions, UINT32_MAX));
    bytes_->usual_decisions = nearer(bytes_->usual_decisions, decisions);
  }
  for (Use& use : std::span(bytes_->uses).first(bytes_->use_count)) {
    use.usual = nearer(use.usual, use.now);
    use.now = 0;
  }
  std::memset(bytes_->operations.data(), 0, bytes_->task_count * sizeof bytes_->operations[0]);
  std::memset(bytes_->cases.data(), 0, bytes_->task_count * sizeof bytes_->cases[0]);
  bytes_->decisions = 0;
  bytes_->blocked = 0;
  bytes_->run.count = 0;
  bytes_->run.energy = 0;
}

void Experience::decide(std::uint32_t choice) noexcept {
  ++bytes_->decisions;
  if (bytes_->run.count < kMostDecisions) bytes_->run.choices[bytes_->run.count++] = choice;
}

void Experience::see(std::uint64_t hash) noexcept {
  std::uint64_t& seen = bytes_->seen[hash % kSeen / 64];  // few enough to stay in the first cache
  const std::uint64_t bit = std::uint64_t{1} << (hash % 64);
  if ((seen & bit) != 0) return;
  seen |= bit;
  ++bytes_->header.news;
  ++bytes_->run.energy;
  bytes_->run.new_at = bytes_->run.count;
}

void Experience::begin(trace::TaskId parent, trace::TaskId id) noexcept {
  if (id >= kMostTasks) return;
  bytes_->parents[id] = parent;
  bytes_->task_count = std::max(bytes_->task_count, id + 1);
}

Experience::Object* Experience::find(const void* address) noexcept {
  const auto key = reinterpret_cast<std::uint64_t>(address);
  std::uint32_t& head = bytes_->heads[mixed(key) % kHeads];
  for (std::uint32_t at = head; at != 0; at = bytes_->objects[at - 1].next) {
    if (bytes_->objects[at - 1].address == key) return &bytes_->objects[at - 1];
  }
  if (bytes_->object_count == kMostObjects) return nullptr;
  Object& object = bytes_->objects[bytes_->object_count++];
  object.address = key;
  object.next = head;
  head = bytes_->object_count;
  return &object;
}

Experience::Use* Experience::find_use(Object& object, trace::TaskId id) noexcept {
  for (std::uint32_t at = object.first_use; at != 0; at = bytes_->uses[at - 1].next) {
    if (bytes_->uses[at - 1].task == id) return &bytes_->uses[at - 1];
  }
  if (bytes_->use_count == kMostUses) return nullptr;
  Use& use = bytes_->uses[bytes_->use_count++];
  use.task = id;
  use.next = object.first_use;
  object.first_use = bytes_->use_count;
  ++object.users;
  return &use;
}

// Null: there are too many.
const Experience::Found* Experience::find(const void* address, trace::TaskId id) noexcept {
  constexpr unsigned kLowBits = 3;  // that are mostly alike
  const std::size_t place = (reinterpret_cast<std::uintptr_t>(address) >> kLowBits) + id * 61;
  Found& found = found_[place % kFound];
  if (found.address == address && found.task == id && found.use != nullptr) return &found;
  Object* object = find(address);
  if (object == nullptr) return nullptr;
  found = {address, id, object, find_use(*object, id), begin_hash(object->address)};
  return &found;
}

// News: another one than before did something to the object just before.
void Experience::operate(trace::TaskId id, const void* address) noexcept {
  if (id >= kMostTasks) return;
  bytes_->task_count = std::max(bytes_->task_count, id + 1);
  const std::uint32_t operation = ++bytes_->operations[id];
  const Found* found = address != nullptr ? find(address, id) : nullptr;
  if (found == nullptr) return;
  Object* object = found->object;
  if (found->use != nullptr) ++found->use->now;
  if (object->run == bytes_->header.runs && object->last_user != id) {
    see(end_hash(found->hash, meeting(object->last_user, object->last_use, id, operation)));
  }
  object->run = bytes_->header.runs;
  object->last_user = id;
  object->last_use = operation;
}

// News: the selects of this task until now have not yet gone so.
void Experience::take_case(trace::TaskId id, std::size_t number) noexcept {
  if (id >= kMostTasks) return;
  std::uint64_t& cases = bytes_->cases[id];
  cases = hash(cases, id, number);
  see(cases);
}

void Experience::block(trace::TaskId id, const void* object) noexcept {
  bytes_->blocked ^= hash(id, reinterpret_cast<std::uint64_t>(object));
  see(bytes_->blocked);
}

void Experience::unblock(trace::TaskId id, const void* object) noexcept {
  bytes_->blocked ^= hash(id, reinterpret_cast<std::uint64_t>(object));
}

const Experience::Kept* Experience::draw(std::uint64_t random) noexcept {
  std::uint64_t all = 0;
  for (const Kept& kept : bytes_->kept) all += kept.energy;
  if (all == 0) return nullptr;
  std::uint64_t left = random % all;
  for (Kept& kept : bytes_->kept) {
    if (left < kept.energy) {
      if (kept.energy > 1) kept.energy -= (kept.energy + 3) / 4;
      return &kept;
    }
    left -= kept.energy;
  }
  return nullptr;
}

}  // namespace raddle::sched
