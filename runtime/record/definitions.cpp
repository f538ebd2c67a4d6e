// SPDX-License-Identifier: Apache-2.0
// Strings and sites get a number and a record the first time they are used.
#include <sys/mman.h>

#include <cstring>
#include <new>

#include "runtime/record/addresses.h"
#include "runtime/record/kept_definitions.h"
#include "runtime/record/modules.h"
#include "runtime/record/spin.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/trace_file.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace raddle::record {
namespace {

// Strings by their 64-bit hash; open addressing, never full: at 3/4 further strings stay unnamed.
struct StringTable {
  static constexpr std::size_t kSlots = std::size_t{1} << 18;
  struct Slot {
    std::uint64_t hash;
    trace::StringId id;
  };
  SpinLock lock;
  Slot* slots = nullptr;
  std::uint32_t count = 0;
};
constinit StringTable g_strings;
std::atomic<std::uint32_t> g_sites{0};

// The string's id, and whether it is new. 0 when there is no room.
trace::StringId find_or_add(std::uint64_t hash, bool& is_new) {
  const SpinGuard guard(g_strings.lock);
  if (g_strings.slots == nullptr) {
    void* memory =
        ::mmap(nullptr, StringTable::kSlots * sizeof(StringTable::Slot), PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return 0;
    g_strings.slots = static_cast<StringTable::Slot*>(memory);
  }
  for (std::size_t i = hash % StringTable::kSlots;; i = (i + 1) % StringTable::kSlots) {
    StringTable::Slot& slot = g_strings.slots[i];
    if (slot.id != 0 && slot.hash == hash) return slot.id;
    if (slot.id != 0) continue;
    if (g_strings.count >= StringTable::kSlots / 4 * 3) return 0;
    slot = {hash, ++g_strings.count};
    is_new = true;
    return slot.id;
  }
}

// What the child of a fork has from its parent: numbers up to a count, and which of them its own
// trace explains. Set while there is one thread.
struct Inherited {
  std::uint32_t count = 0;
  std::atomic<std::uint8_t>* are_written = nullptr;  // by number
  // Relaxed: who is first writes it, anywhere in the trace.
  bool must_write(std::uint32_t id) const {
    return id <= count && are_written != nullptr &&
           are_written[id].load(std::memory_order_relaxed) == 0 &&
           are_written[id].exchange(1, std::memory_order_relaxed) == 0;
  }
};
constinit Inherited g_inherited_strings;
constinit Inherited g_inherited_sites;

Inherited inherited(std::uint32_t count) {
  void* memory = ::mmap(nullptr, std::size_t{count} + 1, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return {count, memory == MAP_FAILED ? nullptr : static_cast<std::atomic<std::uint8_t>*>(memory)};
}

const char* text_at(const std::int32_t& offset) {
  if (offset == 0) return "";
  const char* text = reinterpret_cast<const char*>(&offset) + offset;
  return is_in_module(text) ? text : "";
}

std::uint64_t pack(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32);
}

}  // namespace

trace::StringId string_id(ThreadRecorder& recorder, std::string_view text) noexcept {
  constexpr std::size_t kMaxBytes = (trace::kMaxRecordWords - 2) * 8;
  if (text.empty()) return 0;
  if (text.size() > kMaxBytes) text = text.substr(0, kMaxBytes);
  bool is_new = false;
  const trace::StringId id = find_or_add(XXH3_64bits(text.data(), text.size()) | 1, is_new);
  if (!is_new && !g_inherited_strings.must_write(id)) return id;
  const std::size_t words = 2 + (text.size() + 7) / 8;
  std::uint64_t* record = recorder.reserve(words);
  if (record == nullptr) return id;
  record[1] = text.size();
  std::memcpy(record + 2, text.data(), text.size());
  const auto length = static_cast<std::uint8_t>(words);
  commit_definition(recorder, trace::make_head(trace::kString, length, id), words);
  return id;
}

namespace {

// What the number means, and what that refers to.
void write_site(ThreadRecorder& recorder, const hooks::Site* site, trace::SiteId id) noexcept {
  trace::SiteId caller = 0;
  if (site->inlined_at_offset != 0) {
    caller = site_id(recorder, reinterpret_cast<const hooks::Site*>(
                                   reinterpret_cast<const char*>(&site->inlined_at_offset) +
                                   site->inlined_at_offset));
  }
  const trace::StringId file = string_id(recorder, text_at(site->file_offset));
  const trace::StringId function = string_id(recorder, text_at(site->function_offset));
  const trace::StringId variable = string_id(recorder, text_at(site->variable_offset));
  std::uint64_t* record = recorder.reserve(4);
  if (record == nullptr) return;
  record[1] = pack(file, function);
  record[2] = pack(site->line, site->column);
  record[3] = pack(caller, variable);
  commit_definition(recorder, trace::make_head(trace::kSite, 4, id), 4);
}

}  // namespace

trace::SiteId find_site_id(ThreadRecorder& recorder, const hooks::Site* site) noexcept {
  if (site == nullptr) return 0;
  auto* cell = const_cast<std::uint32_t*>(&site->id);  // the one field that the runtime writes
  std::uint32_t id = __atomic_load_n(cell, __ATOMIC_RELAXED);  // relaxed: as in site_id()
  if (id != 0) {
    if (g_inherited_sites.must_write(id)) write_site(recorder, site, id);
    return id;
  }
  const std::uint32_t fresh = g_sites.fetch_add(1, std::memory_order_relaxed) + 1;
  if (!__atomic_compare_exchange_n(cell, &id, fresh, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    return id;
  }
  if (fresh == 1) mark_instrumented();
  write_site(recorder, site, fresh);
  return fresh;
}

void inherit_definitions() noexcept {
  new (&g_strings.lock) SpinLock;  // another thread of the parent may have held it
  g_inherited_strings = inherited(g_strings.count);
  g_inherited_sites = inherited(g_sites.load(std::memory_order_relaxed));
  g_inherited_site_count = g_inherited_sites.count;
  forget_addresses();
  forget_modules();
}

bool has_sites() noexcept { return g_sites.load(std::memory_order_relaxed) != 0; }

trace::SiteId define_site(ThreadRecorder& recorder, std::string_view file,
                          std::string_view function) noexcept {
  const trace::SiteId id = g_sites.fetch_add(1, std::memory_order_relaxed) + 1;
  if (id == 1) mark_instrumented();
  const trace::StringId file_id = string_id(recorder, file);
  const trace::StringId function_id = string_id(recorder, function);
  std::uint64_t* record = recorder.reserve(4);
  if (record == nullptr) return id;
  record[1] = pack(file_id, function_id);
  record[2] = record[3] = 0;
  commit_definition(recorder, trace::make_head(trace::kSite, 4, id), 4);
  return id;
}

trace::StringId intern(std::string_view text) noexcept {
  if (!is_on()) return 0;
  const Recording recording;
  return recording ? string_id(*recording, text) : 0;
}

void name_object(trace::ObjectType type, std::uint64_t object, std::string_view name) noexcept {
  if (!is_on()) return;
  const Recording recording;
  if (!recording) return;
  const trace::StringId text = string_id(*recording, name);
  std::uint64_t* record = recording->reserve(2);
  if (record == nullptr) return;
  record[1] = pack(static_cast<std::uint32_t>(type), text);
  recording->commit(trace::make_head(trace::kName, 2, object), 2);
}

}  // namespace raddle::record
