// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/data_race.h"

#include <algorithm>

namespace raddle::detect {

using order::Epoch;
using order::Order;
using trace::Effect;
using trace::Event;
using trace::TaskId;

namespace {

constexpr order::Slot kSlotLimit = (1u << 21) - 1;  // Cell::slot
constexpr std::size_t kPageAhead = 12;              // accesses ahead that memory is fetched
constexpr std::size_t kGranuleAhead = 6;
constexpr std::uint32_t kExactSize = 64;  // bytes up to which a place's size is told

Cell cell_of(Epoch epoch, AccessKind kind, Origin origin) {
  Cell cell;
  cell.slot = epoch.slot & kSlotLimit;
  cell.kind = static_cast<std::uint32_t>(kind);
  cell.count = epoch.count;
  cell.origin = origin;
  return cell;
}

bool is_write(const Cell& cell) {
  return cell.access_kind() == AccessKind::kWrite ||
         cell.access_kind() == AccessKind::kAtomicWrite || cell.access_kind() == AccessKind::kFree;
}

// What no real program does, but damage may claim: it must cost neither hours nor all memory.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 36;     // of a range
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 26;  // of a strided one

bool is_sane(const trace::Access& access) {
  if (access.size_bytes == 0 || access.count == 0) return false;
  if (access.count > kMostBytes / access.size_bytes) return false;
  return access.stride_bytes == access.size_bytes || access.count <= kMostElements;
}

std::string size_text(std::uint32_t size_bytes) {
  if (size_bytes == 0) return "a range";
  return std::to_string(size_bytes) + (size_bytes == 1 ? " byte" : " bytes");
}

std::string action_of(const Cell& cell, std::uint32_t size_bytes) {
  const std::string size = size_text(size_bytes);
  switch (cell.access_kind()) {
    case AccessKind::kAtomicRead:
      return "reads " + size + " atomically";
    case AccessKind::kAtomicWrite:
      return "writes " + size + " atomically";
    case AccessKind::kRead:
      return "reads " + size;
    case AccessKind::kWrite:
      return "writes " + size;
    case AccessKind::kFree:
      return "frees the block";
  }
  return {};
}

// The object that a common lock could have been, or why there was none.
std::string lock_hint(const Finding& finding, const Run& run) {
  const auto other_holds = [&](const Party& party, const Party& other) -> std::string {
    if (party.held.empty() || !other.held.empty()) return {};
    return "hold " + object_text(run, party.held.back().object) + " in " +
           task_text(run, other.task) + " too";
  };
  std::string hint = other_holds(finding.parties[0], finding.parties[1]);
  if (hint.empty()) hint = other_holds(finding.parties[1], finding.parties[0]);
  if (!hint.empty()) return hint;
  return "guard both accesses with one mutex, make them atomic, or order them with a channel or a "
         "join";
}

std::string address_text(std::uint64_t address) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint64_t rest = address; rest != 0; rest >>= 4) text += kDigits[rest & 15];
  std::reverse(text.begin(), text.end());
  return "0x" + text;
}

std::string why_unordered(const Finding& finding, const Run& run) {
  const auto common = [&](const Held& a) {
    for (const Held& b : finding.parties[1].held) {
      if (a.object == b.object && a.is_shared && b.is_shared) return true;
    }
    return false;
  };
  for (const Held& held : finding.parties[0].held) {
    if (!common(held)) continue;
    return "both hold " + object_text(run, held.object) +
           " only for reading, which orders nothing between them";
  }
  return "nothing orders them: no lock that both hold, no channel, join or atomic in between";
}

void tell(Finding& finding, const Run& run, bool is_mixed_atomic) {
  std::string name = finding.parties[0].object_text;
  if (name.empty()) name = finding.parties[1].object_text;
  for (Party& party : finding.parties) {
    const std::string& own = party.object_text.empty() ? name : party.object_text;
    party.object_text = (own.empty() ? "" : own + " ") + "at " + address_text(party.address);
  }
  if (finding.kind == FindingKind::kHeapUseAfterFree) {
    finding.title = name.empty() ? "use of freed memory" : "use of " + name + " in freed memory";
    finding.hint = "free the block only when no task can use it any more";
    return;
  }
  const std::uint32_t shared_bytes =
      std::min(finding.parties[0].size_bytes, finding.parties[1].size_bytes);
  finding.title = "data race on " + (name.empty() ? size_text(shared_bytes) : name);
  finding.why = why_unordered(finding, run);
  finding.hint = is_mixed_atomic
                     ? "make both accesses atomic: an atomic access and a plain one still race"
                     : lock_hint(finding, run);
}

}  // namespace

Origin DataRace::find_origin(const Place& place) {
  const std::uint64_t key = (std::uint64_t{place.site} << 32) | place.stack;
  std::uint32_t& newest = origins_.at(key);
  for (std::uint32_t i = newest; i != 0; i = next_place_[i - 1]) {
    if (places_[i - 1].size_bytes == place.size_bytes) return i - 1;
  }
  places_.push_back(place);
  next_place_.push_back(newest);
  newest = static_cast<std::uint32_t>(places_.size());
  return newest - 1;
}

void DataRace::accesses(TaskId task, std::span<const trace::Access> batch, const Order& order,
                        Findings& findings) {
  const Epoch epoch = order.epoch_of(task);
  if (epoch.slot >= kSlotLimit) return;
  const order::VectorClock& known = order.clock_of(task);
  for (std::size_t n = 0; n < batch.size(); ++n) {
    if (n + kPageAhead < batch.size()) shadow_.prefetch_page(batch[n + kPageAhead].address);
    if (n + kGranuleAhead < batch.size()) {
      shadow_.prefetch_granule(batch[n + kGranuleAhead].address);
    }
    const trace::Access& access = batch[n];
    if (!is_sane(access)) continue;
    const std::uint32_t size = access.size_bytes <= kExactSize ? access.size_bytes : 0;
    const Cell cell = cell_of(epoch, access.is_write ? AccessKind::kWrite : AccessKind::kRead,
                              origin_of({access.site, access.stack, size}));
    if (access.count > 1 && access.stride_bytes == access.size_bytes) {  // without holes
      shadow_.access(access.address, access.count * access.size_bytes, cell, known, conflicts_);
    } else {
      std::uint64_t address = access.address;
      for (std::uint64_t i = 0; i < access.count; ++i) {
        shadow_.access(address, access.size_bytes, cell, known, conflicts_);
        address += static_cast<std::uint64_t>(access.stride_bytes);
      }
    }
    if (!conflicts_.empty()) report(order, task, findings);
  }
}

void DataRace::before(const Event& event, const Order& order, Findings& findings) {
  if (event.task == 0) return;
  const Effect effect = trace::effect_of(event.kind);
  if (effect == Effect::kFrees && event.value != 0 && event.value <= kMostBytes) {
    const Cell cell =
        cell_of(order.epoch_of(event.task), AccessKind::kFree, origin_of({0, event.stack, 0}));
    shadow_.access(event.object, event.value, cell, order.clock_of(event.task), conflicts_);
    if (!conflicts_.empty()) report(order, event.task, findings);
  } else if (effect == Effect::kAllocates || effect == Effect::kDiscards) {
    shadow_.reset(event.object, std::min(event.value, kMostBytes));
  } else {
    atomic_epoch_ = order.epoch_of(event.task);
  }
}

void DataRace::after(const Event& event, const Order& order, Findings& findings) {
  const Effect effect = trace::effect_of(event.kind);
  const bool is_read = effect == Effect::kAtomicReads;
  if (!is_read && effect != Effect::kAtomicWrites && effect != Effect::kAtomicUpdates) return;
  if (event.task == 0 || event.object == 0 || atomic_epoch_.slot >= kSlotLimit) return;
  const auto size = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(event.value, 1, 64));
  const Cell cell =
      cell_of(atomic_epoch_, is_read ? AccessKind::kAtomicRead : AccessKind::kAtomicWrite,
              origin_of({0, event.stack, size}));
  shadow_.access(event.object, size, cell, order.clock_of(event.task), conflicts_);
  if (!conflicts_.empty()) report(order, event.task, findings);
}

void DataRace::report(const Order& order, TaskId task, Findings& findings) {
  for (const Conflict& conflict : conflicts_) report(conflict, order, task, findings);
  conflicts_.clear();
}

Party DataRace::party_of(const Cell& cell, const Conflict& conflict, Epoch epoch,
                         const Order& order) const {
  const Place& place = places_[cell.origin];
  const order::EpochRecord& record = order.record_of(epoch);
  Party party;
  party.task = record.task;
  party.action = action_of(cell, place.size_bytes);
  party.address = conflict.address;
  party.size_bytes = place.size_bytes;
  party.is_write = is_write(cell);
  party.stack = place.stack;
  party.time_ns = record.begin_ns;
  party.held = held_of(order.held_in(epoch));
  return party;
}

void DataRace::report(const Conflict& conflict, const Order& order, TaskId task,
                      Findings& findings) {
  const bool is_free = conflict.earlier.access_kind() == AccessKind::kFree ||
                       conflict.later.access_kind() == AccessKind::kFree;
  const FindingKind kind = is_free ? FindingKind::kHeapUseAfterFree : FindingKind::kDataRace;
  const auto [low, high] = std::minmax(conflict.earlier.origin, conflict.later.origin);
  if (!findings.is_new(key_of(kind, low, high))) return;
  const Epoch earlier{conflict.earlier.slot, conflict.earlier.count};
  const Epoch later{conflict.later.slot, conflict.later.count};
  Draft draft;
  Finding& finding = draft.finding;
  finding.kind = kind;
  finding.certainty = Certainty::kCertain;
  finding.parties = {party_of(conflict.earlier, conflict, earlier, order),
                     party_of(conflict.later, conflict, later, order)};
  finding.parties[1].time_ns = std::max(finding.parties[1].time_ns, order.task(task).last_ns);
  finding.last_common_ns = order.last_common_ns(earlier, task);
  draft.sites = {places_[conflict.earlier.origin].site, places_[conflict.later.origin].site};
  const bool is_atomic_pair = finding.parties[0].action.ends_with("atomically") &&
                              finding.parties[1].action.ends_with("atomically");
  draft.is_void_in_library = is_atomic_pair;  // sizes differ; the C++ library does so on purpose
  const bool is_ordered = order.is_before(earlier, task);
  if (is_free) {
    finding.why = is_ordered ? "the block was freed before, and not allocated again"
                             : "nothing orders the free and the other access";
  }
  const bool is_mixed_atomic = finding.parties[0].action.ends_with("atomically") !=
                               finding.parties[1].action.ends_with("atomically");
  draft.tell = [is_mixed_atomic](Finding& f, const Run& run) { tell(f, run, is_mixed_atomic); };
  findings.add(std::move(draft));
}

}  // namespace raddle::detect
