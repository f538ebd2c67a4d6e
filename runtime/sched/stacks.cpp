// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/stacks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstring>

#include "runtime/sched/spin_lock.h"

namespace raddle::sched {
namespace {

constexpr std::size_t kArenaSlots = 4096;  // 1 GiB of addresses
constexpr std::size_t kMaxArenas = 4096;
constexpr std::size_t kHotSlots = 1024;    // free ones that keep all their memory
constexpr std::size_t kWarmSlots = 16384;  // ... the memory that most tasks need
constexpr std::size_t kWarmBytes = std::size_t{16} << 10;
constexpr std::size_t kMostProtectedGuards = 30000;  // each costs two of the kernel's 65 530 areas
constexpr int kMadvGuardInstall = 102;               // Linux 6.13

// All guarded by g_lock, except that arenas once there are read without it.
constinit std::atomic<std::uint32_t> g_lock{0};
constinit std::atomic<char*> g_arenas[kMaxArenas];
constinit std::atomic<std::size_t> g_arena_count{0};
std::size_t g_fresh = 0;  // slots of the last arena handed out already
void* g_warm = nullptr;   // a list; the link lies in the slot's highest word
constinit std::atomic<std::size_t> g_warm_count{0};
void** g_cold = nullptr;  // a stack of slots
std::size_t g_cold_count = 0;
std::size_t g_in_use = 0;

std::size_t warm_count() { return g_warm_count.load(std::memory_order_relaxed); }

void*& link_of(void* slot) {
  return *reinterpret_cast<void**>(static_cast<char*>(slot) + kSlotBytes - sizeof(void*));
}

[[noreturn]] void say_no_room() {
  constexpr char kText[] = "raddle: no address space is left for another task's stack\n";
  if (::write(STDERR_FILENO, kText, sizeof kText - 1) < 0) {
  }
  ::_exit(2);
}

void* map_memory(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) say_no_room();
  return memory;
}

void add_arena() {
  const std::size_t count = g_arena_count.load(std::memory_order_relaxed);
  if (count == kMaxArenas) say_no_room();
  if (g_cold == nullptr) {
    g_cold = static_cast<void**>(map_memory(kMaxArenas * kArenaSlots * sizeof(void*)));
  }
  void* arena = map_memory(kArenaSlots * kSlotBytes);
  ::madvise(arena, kArenaSlots * kSlotBytes, MADV_NOHUGEPAGE);
  g_arenas[count].store(static_cast<char*>(arena), std::memory_order_release);
  g_arena_count.store(count + 1, std::memory_order_release);
  g_fresh = 0;
}

// Without a guard an overflow goes unnoticed; beyond the limit that is better than no task.
void add_guard(void* slot) {
  static constinit std::atomic<bool> has_light_guards{true};
  static constinit std::atomic<std::size_t> protected_guards{0};
  if (has_light_guards.load(std::memory_order_relaxed)) {
    if (::madvise(slot, kGuardBytes, kMadvGuardInstall) == 0) return;
    has_light_guards.store(false, std::memory_order_relaxed);
  }
  if (protected_guards.fetch_add(1, std::memory_order_relaxed) < kMostProtectedGuards) {
    ::mprotect(slot, kGuardBytes, PROT_NONE);
  }
}

}  // namespace

void* take_slot() noexcept {
  lock_spin(g_lock);
  ++g_in_use;
  if (g_warm != nullptr) {
    void* slot = g_warm;
    g_warm = link_of(slot);
    g_warm_count.store(warm_count() - 1, std::memory_order_relaxed);
    unlock_spin(g_lock);
    return slot;
  }
  if (g_cold_count > 0) {
    void* slot = g_cold[--g_cold_count];
    unlock_spin(g_lock);
    return slot;
  }
  if (g_arena_count.load(std::memory_order_relaxed) == 0 || g_fresh == kArenaSlots) add_arena();
  char* arena =
      g_arenas[g_arena_count.load(std::memory_order_relaxed) - 1].load(std::memory_order_relaxed);
  void* slot = arena + g_fresh++ * kSlotBytes;
  unlock_spin(g_lock);
  add_guard(slot);
  return slot;
}

void give_slot(void* slot) noexcept {
  // Read without the lock: a rough limit will do.
  const std::size_t warm = g_warm_count.load(std::memory_order_relaxed);
  const std::size_t kept = warm < kHotSlots    ? kSlotBytes - kGuardBytes
                           : warm < kWarmSlots ? kWarmBytes
                                               : 0;
  const std::size_t given_back = kSlotBytes - kGuardBytes - kept;
  if (given_back != 0) ::madvise(static_cast<char*>(slot) + kGuardBytes, given_back, MADV_DONTNEED);
  const SpinGuard guard(g_lock);
  --g_in_use;
  if (kept == 0) {
    g_cold[g_cold_count++] = slot;
    return;
  }
  link_of(slot) = g_warm;
  g_warm = slot;
  g_warm_count.store(warm_count() + 1, std::memory_order_relaxed);
}

void* slot_of(const void* address) noexcept {
  const auto* at = static_cast<const char*>(address);
  const std::size_t count = g_arena_count.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < count; ++i) {
    char* arena = g_arenas[i].load(std::memory_order_acquire);
    if (at < arena || at >= arena + kArenaSlots * kSlotBytes) continue;
    return arena + static_cast<std::size_t>(at - arena) / kSlotBytes * kSlotBytes;
  }
  return nullptr;
}

std::size_t slots_in_use() noexcept {
  const SpinGuard guard(g_lock);
  return g_in_use;
}

}  // namespace raddle::sched
