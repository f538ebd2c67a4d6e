// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/addresses.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>

#include "runtime/record/modules.h"
#include "runtime/record/spin.h"
#include "runtime/record/system_calls.h"

namespace raddle::record {
namespace {

// Addresses by hash; open addressing, never full. An entry stays for good: a library that comes to
// where another was is taken for that one.
struct Table {
  static constexpr std::size_t kSlots = std::size_t{1} << 20;
  struct Slot {
    std::atomic<std::uintptr_t> code{0};
    std::atomic<std::uint32_t> id{0};  // 0: not yet known. Release: behind `code`
  };
  SpinLock lock;  // of making it
  std::atomic<Slot*> slots{nullptr};
  std::atomic<std::uint32_t> count{0};  // relaxed: a bound
};
constinit Table g_table;
constexpr trace::SiteId kNowhere = ~trace::SiteId{0};

Table::Slot* slots() {
  Table::Slot* known = g_table.slots.load(std::memory_order_acquire);
  if (known != nullptr) [[likely]]
    return known;
  const SpinGuard guard(g_table.lock);
  known = g_table.slots.load(std::memory_order_relaxed);
  if (known != nullptr) return known;
  void* memory = ::mmap(nullptr, Table::kSlots * sizeof(Table::Slot), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  g_table.slots.store(static_cast<Table::Slot*>(memory), std::memory_order_release);
  return static_cast<Table::Slot*>(memory);
}

// Null: there is no room. `is_new`: the caller says what its id is.
Table::Slot* find_or_add(std::uintptr_t code, bool& is_new) {
  Table::Slot* all = slots();
  if (all == nullptr) return nullptr;
  for (std::size_t i = (code * 0x9e37'79b9'7f4a'7c15u) >> 44;; ++i) {
    Table::Slot& slot = all[i % Table::kSlots];
    // Relaxed: what an entry says is ordered by its id.
    std::uintptr_t known = slot.code.load(std::memory_order_relaxed);
    if (known == code) return &slot;
    if (known != 0) continue;
    if (g_table.count.load(std::memory_order_relaxed) >= Table::kSlots / 4 * 3) return nullptr;
    if (slot.code.compare_exchange_strong(known, code, std::memory_order_relaxed)) {
      g_table.count.fetch_add(1, std::memory_order_relaxed);
      is_new = true;
      return &slot;
    }
    if (known == code) return &slot;
  }
}

bool is_interesting(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  return !name.empty() && !name.starts_with("libraddle.so") && !name.starts_with("libc.so") &&
         !name.starts_with("libtsan.so");
}

trace::SiteId define(ThreadRecorder& recorder, std::uintptr_t code) {
  char path[1024];
  std::uintptr_t bias = 0;
  if (!find_module(code, path, sizeof path, bias) || !is_interesting(path)) return kNowhere;
  char name[300];
  const char* slash = std::strrchr(path, '/');
  std::snprintf(name, sizeof name, "%.255s+0x%lx", slash != nullptr ? slash + 1 : path,
                static_cast<unsigned long>(code - bias));
  return define_site(recorder, path, name);
}

}  // namespace

void forget_addresses() noexcept {
  new (&g_table.lock) SpinLock;  // another thread of the parent may have held it
  Table::Slot* known = g_table.slots.load(std::memory_order_relaxed);
  if (known == nullptr) return;
  ::madvise(known, Table::kSlots * sizeof *known, MADV_DONTNEED);
  g_table.count.store(0, std::memory_order_relaxed);
}

trace::SiteId site_id(ThreadRecorder& recorder, CodeAddress code) noexcept {
  bool is_new = false;
  // One byte back: still in the instruction that called.
  Table::Slot* slot = find_or_add(code.value - 1, is_new);
  if (slot == nullptr) return 0;
  if (is_new) {
    slot->id.store(define(recorder, code.value - 1), std::memory_order_release);
  }
  trace::SiteId id = slot->id.load(std::memory_order_acquire);
  while (id == 0) {  // another thread is about to
    yield_processor();
    id = slot->id.load(std::memory_order_acquire);
  }
  return id == kNowhere ? 0 : id;
}

}  // namespace raddle::record
