// SPDX-License-Identifier: Apache-2.0
// How an access gets into the record: through the thread's filter, joined with what its site did
// before, or as a record of its own.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "runtime/record/addresses.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/turns.h"

namespace raddle::hooks {

using record::Recording;
using record::ThreadRecorder;

inline constexpr std::uint64_t kAddressMask = 0xffff'ffff'ffffu;

// Of bytes in one granule. Layout: hooks.h, ThreadState.
[[gnu::always_inline]] constexpr std::uint64_t filter_mask(std::uint64_t address, unsigned bytes,
                                                           bool is_write) {
  const std::uint64_t reads = (std::uint64_t{1} << bytes) - 1;
  return (is_write ? reads | (reads << 8) : reads) << (address & 7);
}

// Whether the filter knew the access already; it knows it afterwards. The access lies in one
// granule.
inline bool is_repeat(ThreadRecorder& recorder, std::uint64_t address, unsigned bytes,
                      bool is_write) {
  const std::uint64_t mask = filter_mask(address, bytes, is_write);
  if (record::Filter::learn(record::Filter::granule_of(address), mask)) return true;
  recorder.filter.count_unknown(address, mask);
  return false;
}

// Whether `holds`, called with an address and how many bytes, is true of each part of an access
// that lies in a granule of its own, from the first on until one of which it is not.
template <typename Holds>
[[gnu::always_inline]] inline bool all_granules(std::uint64_t address, std::uint64_t bytes,
                                                Holds&& holds) {
  for (const std::uint64_t end = address + bytes; address < end;) {
    const std::uint64_t next = std::min(end, (address & ~std::uint64_t{7}) + 8);
    if (!holds(address, static_cast<unsigned>(next - address))) return false;
    address = next;
  }
  return true;
}

// The same of an access to any granules, all of which are known afterwards.
inline bool is_repeat_across(ThreadRecorder& recorder, std::uint64_t address, std::uint64_t bytes,
                             bool is_write) {
  bool is_known = true;
  all_granules(address, bytes, [&](std::uint64_t part, unsigned part_bytes) {
    is_known = is_repeat(recorder, part, part_bytes, is_write) && is_known;
    return true;
  });
  return is_known;
}

// Whether the filter knows all of an access, or nothing is recorded; it learns nothing. The filter
// is read once: a handler of a signal may take it away.
inline bool is_known(std::uint64_t address, std::uint64_t bytes, bool is_write) {
  using record::Filter;
  std::uint64_t* filter = __atomic_load_n(&__raddle_thread.filter, __ATOMIC_RELAXED);
  if (filter == nullptr) return true;
  return all_granules(address, bytes, [&](std::uint64_t part, unsigned part_bytes) {
    return Filter::knows(Filter::granule_in(filter, part), filter_mask(part, part_bytes, is_write));
  });
}

// Room for `words` words, behind a record of the callers where those differ from the last access's.
// False: recording has stopped.
inline bool begin_record(ThreadRecorder& recorder, std::size_t words) {
  const std::uint64_t context = __raddle_thread.context;
  if (context != recorder.written_context && context != 0 && !has_stack(recorder, context))
    define_context(recorder, context);
  // Both or none: the callers hold within a chunk, and a new one has been told of none.
  std::uint64_t* record = recorder.reserve(2 + words);
  if (record == nullptr) return false;
  if (context == recorder.written_context) return true;
  record[1] = context;
  recorder.commit(trace::make_head(trace::kContext, 0, 0), 2);
  recorder.written_context = context;
  return true;
}

inline std::uint64_t pack(trace::SiteId site, std::uint64_t count, std::int64_t stride) {
  return site | (count << 32) |
         (static_cast<std::uint64_t>(static_cast<std::uint16_t>(stride)) << 48);
}

using Template = ThreadRecorder::AccessTemplate;

// As a step from one access of a run to the next; 0: it is too far.
[[gnu::always_inline]] inline std::int16_t step_of(std::int64_t distance) {
  return distance == static_cast<std::int16_t>(distance) ? static_cast<std::int16_t>(distance)
                                                         : std::int16_t{};
}

// Makes the access part of the run that its template's record is, if it continues it.
inline bool continue_run(const ThreadRecorder& recorder, Template& like, std::uint64_t address) {
  std::uint64_t* record = like.record;
  if (record < recorder.coalesce_from) return false;
  const std::uint64_t count = (record[1] >> 32) & 0xffff;
  const auto step = static_cast<std::int64_t>(address - like.last_address);
  if (count == 1) {
    like.step = step_of(step);
    if (like.step == 0) return false;
    record[1] = pack(static_cast<trace::SiteId>(like.place), 2, like.step);
    like.makes_runs = true;
  } else {
    if (step != like.step || count == 0xffff) return false;
    record[1] += std::uint64_t{1} << 32;
  }
  like.last_address = address;
  return true;
}

// The template was accessed once more: part of the last word of repeats, if neither an event nor
// what gave the template its address lies behind it.
[[gnu::always_inline]] inline void write_repeat(ThreadRecorder& recorder, const Template& like,
                                                std::size_t slot) {
  if (recorder.repeats > like.placed && recorder.repeat_count < trace::kMostRepeats) {
    *recorder.repeats |= trace::repeat(slot, recorder.repeat_count++);
    return;
  }
  recorder.repeats = recorder.position;
  recorder.repeat_count = 1;
  recorder.commit(trace::repeat(slot, 0), 1);
}

// Says the access by what it has in common with its template, whose record cannot grow any more, in
// a word, for which there is room. False: a record of its own is better, as the first of a run, or
// must be, and nothing has been said.
[[gnu::always_inline]] inline bool write_word(ThreadRecorder& recorder, Template& like,
                                              std::size_t slot, std::uint64_t address) {
  const auto distance = static_cast<std::int64_t>(address - like.address);
  if (distance == 0) {
    like.step = 0;
    write_repeat(recorder, like, slot);
    return true;
  }
  const std::int16_t step = step_of(distance);
  if (step == 0) {
    if (!trace::is_near(distance)) return false;
  } else if (like.makes_runs || (step == like.step && like.placed >= recorder.coalesce_from)) {
    return false;
  }
  like.step = step;
  like.makes_runs = false;
  like.address = address;
  like.placed = recorder.position;
  recorder.commit(trace::access_like(slot, distance), 1);
  return true;
}

// The same, or as part of a run.
inline bool write_like(ThreadRecorder& recorder, Template& like, std::size_t slot,
                       std::uint64_t address) {
  if (continue_run(recorder, like, address)) return true;
  if (!write_word(recorder, like, slot, address)) return false;
  like.record = nullptr;
  return true;
}

// Whether the template is that of such accesses: by a head, from a site, with these callers.
[[gnu::always_inline]] inline bool is_of(const Template& like, const ThreadRecorder& recorder,
                                         std::uint64_t head, trace::SiteId site,
                                         std::uint64_t context) {
  return ((like.place ^ recorder.access_place(head, site)) | (like.context ^ context)) == 0;
}

constexpr std::uint64_t head_of(unsigned log2_bytes, bool is_write, std::uint64_t address) {
  const auto kind = is_write ? trace::Kind::kWrite : trace::Kind::kRead;
  return trace::make_head(static_cast<std::uint8_t>(kind), static_cast<std::uint8_t>(log2_bytes),
                          address);
}

// A record of its own, the template of the next ones like it. `step`: from the one before.
inline void write_record(ThreadRecorder& recorder, std::uint64_t head, trace::SiteId site,
                         Template& like, std::int16_t step) {
  if (!begin_record(recorder, 2)) return;
  std::uint64_t* record = recorder.position;
  record[1] = pack(site, 1, 0);
  recorder.commit(head, 2);
  const std::uint64_t address = trace::low_of(head);
  like = {.place = recorder.access_place(head, site),
          .context = __raddle_thread.context,
          .address = address,
          .placed = record,
          .record = record,
          .last_address = address,
          .step = step};
}

inline std::int16_t step_to(const Template& like, std::uint64_t address) {
  return step_of(static_cast<std::int64_t>(address - like.address));
}

// `where`: a Site of compiled code, or the address of code that has none.
template <typename Where>
void write_access(ThreadRecorder& recorder, std::uint64_t address, unsigned log2_bytes,
                  bool is_write, Where where) {
  const std::uint64_t head = head_of(log2_bytes, is_write, address);
  const trace::SiteId site = site_id(recorder, where);
  const std::uint64_t context = __raddle_thread.context;
  const std::size_t slot = trace::access_slot(head, site, context);
  Template& like = recorder.accesses[slot];
  if (recorder.reserve(1) == nullptr) return;
  std::int16_t step = 0;
  if (is_of(like, recorder, head, site, context)) {
    if (write_like(recorder, like, slot, address)) return;
    step = step_to(like, address);
  }
  write_record(recorder, head, site, like, step);
}

// Not once recording has stopped, though the chunk may have room: events of this thread are missing
// by now that would have ordered the access.
inline bool records_accesses(const ThreadRecorder& recorder) {
  return recorder.has_filter && recorder.ignore_depth == 0 && record::is_on();
}

inline bool is_in_one_granule(std::uint64_t address, std::uint64_t bytes) {
  return (address & 7) + bytes <= 8;
}

constexpr unsigned bytes_in_first_granule(unsigned log2_bytes) {
  return log2_bytes < 3 ? 1U << log2_bytes : 8;
}

// The thread's recorder, held until release(), if accesses may be recorded by it as others before
// were: without calling what is compiled elsewhere. Null: the long way.
[[gnu::always_inline]] inline ThreadRecorder* hold_for_access() {
  ThreadRecorder* recorder = record::t_recorder;
  if (recorder == nullptr || recorder->is_busy || record::g_accesses_take_turns) return nullptr;
  recorder->is_busy = true;
  if (__raddle_thread.filter != nullptr && record::is_on()) [[likely]]
    return recorder;
  recorder->is_busy = false;
  return nullptr;
}
[[gnu::always_inline]] inline void release(ThreadRecorder& recorder) { recorder.is_busy = false; }

// The template of such accesses, and its slot; null: there is none, or no room for a word.
struct Likeness {
  Template* like = nullptr;
  std::size_t slot = 0;
};
[[gnu::always_inline]] inline Likeness likeness_of(ThreadRecorder& recorder, unsigned log2_bytes,
                                                   const Site* site, bool is_write) {
  const std::uint64_t head = head_of(log2_bytes, is_write, 0);
  const trace::SiteId id = __atomic_load_n(&site->id, __ATOMIC_RELAXED);
  const std::uint64_t context = __raddle_thread.context;
  const std::size_t slot = trace::access_slot(head, id, context);
  Template& like = recorder.accesses[slot];
  if (!is_of(like, recorder, head, id, context) || recorder.position == recorder.end) [[unlikely]]
    return {};
  return {&like, slot};
}

// Of an access that lies in one granule, or in two whole ones; or, `is_across`, in any.
template <unsigned log2_bytes, bool is_write, bool is_across>
[[gnu::always_inline]] inline void learn(ThreadRecorder& recorder, std::uint64_t address) {
  using record::Filter;
  constexpr std::uint64_t kWhole = filter_mask(0, 8, is_write);
  std::uint64_t mask = filter_mask(address, bytes_in_first_granule(log2_bytes), is_write);
  if constexpr (is_across) {
    const std::uint64_t reads = ((std::uint64_t{1} << (1U << log2_bytes)) - 1) << (address & 7);
    // What lies in the first granule, the second, and (of 16 bytes) the third.
    const auto part = [&](unsigned index) {
      const std::uint64_t bytes = (reads >> (index * 8)) & 0xff;
      return is_write ? bytes | (bytes << 8) : bytes;
    };
    mask = part(0);
    if (part(1) != 0) Filter::learn(Filter::granule_of(address + 8), part(1));
    if (part(2) != 0) Filter::learn(Filter::granule_of(address + 16), part(2));
  } else if constexpr (log2_bytes > 3) {
    Filter::learn(Filter::granule_of(address + 8), kWhole);
  }
  Filter::learn(Filter::granule_of(address), mask);
  recorder.filter.count_unknown(address, mask);
}

inline void take_turn(const void* pointer) {
  if (record::g_accesses_take_turns) [[unlikely]]
    record::before_operation(pointer);
}

// Without a turn of its own.
template <unsigned log2_bytes, typename Where>
void note_access(const void* pointer, Where where, bool is_write) {
  const Recording recording;
  if (!recording || !records_accesses(*recording)) return;
  constexpr unsigned kBytes = 1U << log2_bytes;
  const std::uint64_t address = reinterpret_cast<std::uint64_t>(pointer) & kAddressMask;
  if (is_repeat_across(*recording, address, kBytes, is_write)) return;
  write_access(*recording, address, log2_bytes, is_write, where);
}

template <unsigned log2_bytes, typename Where>
void access(const void* pointer, Where where, bool is_write) {
  take_turn(pointer);
  note_access<log2_bytes>(pointer, where, is_write);
}

// A member of a group, as the pass has described it.
struct GroupRead {
  std::uint64_t address;
  unsigned log2_bytes;
  const Site* site;
};
inline GroupRead read_of(std::uint64_t base, const Group* group, std::uint32_t index) {
  const GroupMember& member = reinterpret_cast<const GroupMember*>(group + 1)[index];
  const char* site = reinterpret_cast<const char*>(&member.site_offset) + member.site_offset;
  return {base + static_cast<std::uint64_t>(std::int64_t{member.offset}), member.log2_bytes,
          reinterpret_cast<const Site*>(site)};
}

inline void note_read(const GroupRead& read) {
  const auto* pointer = reinterpret_cast<const void*>(read.address);
  switch (read.log2_bytes) {
    case 0:
      return note_access<0>(pointer, read.site, false);
    case 1:
      return note_access<1>(pointer, read.site, false);
    case 2:
      return note_access<2>(pointer, read.site, false);
    case 3:
      return note_access<3>(pointer, read.site, false);
    default:
      return note_access<4>(pointer, read.site, false);
  }
}

struct Strided {
  std::uint64_t address, count, stride, bytes;
};

// Whether this very range was recorded in this epoch, with the same or greater strength.
inline bool is_repeated_range(ThreadRecorder& recorder, const Strided& range, bool is_write) {
  const std::uint64_t extent =
      range.count == 1 ? range.bytes : range.count * range.stride + range.bytes;
  const std::uint64_t shape = extent ^ (range.stride << 40);
  const std::uint64_t hash = (range.address ^ (shape << 20)) * 0x9e37'79b9'7f4a'7c15u;
  ThreadRecorder::Range& known = recorder.ranges[hash >> 54];
  static_assert(ThreadRecorder::kRanges == 1024);
  if (known.address == range.address && known.bytes == shape &&
      (known.epoch_and_write >> 1) == recorder.range_epoch &&
      (known.epoch_and_write & 1) >= is_write) {
    return true;
  }
  known = {range.address, shape, (recorder.range_epoch << 1) | is_write};
  return false;
}

constexpr std::uint64_t kFewBytes = 32;  // of a range: it is looked for granule by granule

template <typename Where>
void access_range(const Strided& range, Where where, bool is_write) {
  if (range.count == 0 || range.bytes == 0) return;
  if (range.count == 1 && range.bytes <= kFewBytes && !record::g_accesses_take_turns) {
    if (is_known(range.address, range.bytes, is_write)) return;
  } else if (__raddle_thread.filter == nullptr) {
    return;
  }
  take_turn(reinterpret_cast<const void*>(range.address));
  const Recording recording;
  if (!recording || !records_accesses(*recording)) return;
  if (range.count == 1 && range.bytes <= kFewBytes) {
    if (is_repeat_across(*recording, range.address, range.bytes, is_write)) return;
  } else if (is_repeated_range(*recording, range, is_write)) {
    return;
  }
  if (range.count == 1 && range.bytes <= 16 && std::has_single_bit(range.bytes)) {
    const auto log2_bytes = static_cast<unsigned>(std::countr_zero(range.bytes));
    return write_access(*recording, range.address, log2_bytes, is_write, where);
  }
  const trace::SiteId site = site_id(*recording, where);
  constexpr std::uint64_t kMostBytes = 0xffff'ffffu;
  for (std::uint64_t done = 0; done < range.bytes; done += kMostBytes) {
    const std::uint64_t bytes = range.bytes - done < kMostBytes ? range.bytes - done : kMostBytes;
    if (!begin_record(*recording, 4)) return;
    std::uint64_t* record = recording->position;
    record[1] = site | (bytes << 32);
    record[2] = range.count;
    record[3] = range.stride;
    const auto kind = is_write ? trace::Kind::kWriteRange : trace::Kind::kReadRange;
    recording->commit(trace::make_head(static_cast<std::uint8_t>(kind), 0, range.address + done),
                      4);
  }
}

inline std::uint64_t number_of(const void* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer) & kAddressMask;
}

}  // namespace raddle::hooks
