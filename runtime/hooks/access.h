// SPDX-License-Identifier: Apache-2.0
// How an access gets into the record: through the thread's filter, joined with what its site did
// before, or as a record of its own.
#pragma once

#include <cstdint>

#include "runtime/record/addresses.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/turns.h"

namespace raddle::hooks {

using record::Recording;
using record::ThreadRecorder;

inline constexpr std::uint64_t kAddressMask = 0xffff'ffff'ffffu;
inline constexpr std::uint64_t kUpperMask = ~std::uint64_t{0xffff};

// Layout: hooks.h, ThreadState.
inline std::uint64_t filter_key(std::uint64_t granule, std::uint64_t epoch) {
  return (((granule >> kFilterBits) << kEpochBits) | epoch) << 16;
}
inline std::uint64_t filter_mask(std::uint64_t address, unsigned bytes, bool is_write) {
  const std::uint64_t reads = (((std::uint64_t{1} << bytes) - 1) << (address & 7)) & 0xff;
  return is_write ? reads | (reads << 8) : reads;
}

// Whether the filter knew the access already; it knows it afterwards. The access lies in one
// granule.
inline bool is_repeat(ThreadRecorder& recorder, std::uint64_t address, unsigned bytes,
                      bool is_write) {
  const std::uint64_t granule = address >> 3;
  std::uint64_t& entry = recorder.filter[granule & (kFilterEntries - 1)];
  const std::uint64_t key = filter_key(granule, recorder.epoch);
  const std::uint64_t mask = filter_mask(address, bytes, is_write);
  if (((entry ^ key) & kUpperMask) != 0) {
    entry = key | mask;
    return false;
  }
  const bool known = (entry & mask) == mask;
  entry |= mask;
  return known;
}

// Room for `words` words, behind a record of the callers where those differ from the last access's.
// False: recording has stopped.
inline bool begin_record(ThreadRecorder& recorder, std::size_t words) {
  const std::uint64_t context = __raddle_thread.context;
  if (context != recorder.written_context && context != 0 &&
      !is_latest_of_its_set(recorder, context))
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

// An access as its record says it.
struct Said {
  std::uint64_t head;
  trace::SiteId site;
  std::uint64_t context;
  std::uint64_t address() const { return head & kAddressMask; }
};

using Template = ThreadRecorder::AccessTemplate;

// How far the access lies from the template's last one; 0: too far for a run, or not at all.
inline std::int16_t step_to(const Template& like, const Said& said) {
  const auto step = static_cast<std::int64_t>(said.address() - like.last_address);
  return step == static_cast<std::int16_t>(step) ? static_cast<std::int16_t>(step) : std::int16_t{};
}

// Makes the access part of the run that its template's record is, if it continues it.
inline bool continue_run(const ThreadRecorder& recorder, Template& like, const Said& said) {
  std::uint64_t* record = like.record;
  if (record == nullptr || record < recorder.coalesce_from) return false;
  const std::uint64_t count = (record[1] >> 32) & 0xffff;
  if (count == 1) {
    like.step = step_to(like, said);
    if (like.step == 0) return false;
    record[1] = pack(said.site, 2, like.step);
    like.makes_runs = true;
  } else {
    const auto step = static_cast<std::int64_t>(said.address() - like.last_address);
    if (step != like.step || count == 0xffff) return false;
    record[1] += std::uint64_t{1} << 32;
  }
  like.last_address = said.address();
  return true;
}

// The template was accessed once more: part of the last word of repeats, if neither an event nor
// what gave the template its address lies behind it.
inline void write_repeat(ThreadRecorder& recorder, const Template& like, std::size_t slot) {
  const bool has_room = recorder.repeats != nullptr && recorder.repeats >= recorder.coalesce_from &&
                        recorder.repeats > like.placed &&
                        recorder.repeat_count < trace::kMostRepeats;
  if (has_room) {
    *recorder.repeats |= trace::repeat(slot, recorder.repeat_count++);
    return;
  }
  recorder.repeats = recorder.position;
  recorder.repeat_count = 1;
  recorder.commit(trace::repeat(slot, 0), 1);
}

// In a word what differs from the template. False: a record of its own is better, or must be.
inline bool write_compact(ThreadRecorder& recorder, Template& like, std::size_t slot,
                          const Said& said) {
  const std::int16_t step = step_to(like, said);
  const bool is_second_step = step == like.step && like.last >= recorder.coalesce_from;
  const bool begins_run = step != 0 && (like.makes_runs || is_second_step);
  like.step = step;
  like.makes_runs = false;
  if (begins_run) return false;
  const auto distance = static_cast<std::int64_t>(said.address() - like.address);
  if (!trace::is_near(distance)) return false;
  like.last = recorder.position;
  like.record = nullptr;
  like.last_address = like.address = said.address();
  if (distance == 0) {
    write_repeat(recorder, like, slot);
  } else {
    like.placed = recorder.position;
    recorder.commit(trace::access_like(slot, distance), 1);
  }
  return true;
}

inline std::uint64_t chunk_and_shape(const ThreadRecorder& recorder, std::uint64_t head) {
  return (std::uint64_t{recorder.next_number} << 16) | (head >> 48);
}

// `where`: a Site of compiled code, or the address of code that has none.
template <typename Where>
void write_access(ThreadRecorder& recorder, std::uint64_t address, unsigned log2_bytes,
                  bool is_write, Where where) {
  const auto kind = is_write ? trace::Kind::kWrite : trace::Kind::kRead;
  const Said said = {trace::make_head(static_cast<std::uint8_t>(kind),
                                      static_cast<std::uint8_t>(log2_bytes), address),
                     site_id(recorder, where), __raddle_thread.context};
  const std::size_t slot = trace::access_slot(said.head, said.site, said.context);
  Template& like = recorder.accesses[slot];
  if (recorder.reserve(1) == nullptr) return;
  if (like.chunk_and_shape == chunk_and_shape(recorder, said.head) &&
      like.context == said.context && like.site == said.site) {
    if (continue_run(recorder, like, said)) return;
    if (write_compact(recorder, like, slot, said)) return;
  }
  if (!begin_record(recorder, 2)) return;
  std::uint64_t* record = recorder.position;
  record[1] = pack(said.site, 1, 0);
  recorder.commit(said.head, 2);
  like = {.chunk_and_shape = chunk_and_shape(recorder, said.head),
          .context = said.context,
          .address = address,
          .last_address = address,
          .last = record,
          .placed = record,
          .record = record,
          .site = said.site,
          .step = like.step};
}

// Not once recording has stopped, though the chunk may have room: events of this thread are missing
// by now that would have ordered the access.
inline bool records_accesses(const ThreadRecorder& recorder) {
  return recorder.filter != nullptr && recorder.ignore_depth == 0 && record::is_on();
}

inline void take_turn(const void* pointer) {
  if (record::g_accesses_take_turns) [[unlikely]]
    record::before_operation(pointer);
}

template <unsigned log2_bytes, typename Where>
void access(const void* pointer, Where where, bool is_write) {
  take_turn(pointer);
  const Recording recording;
  if (!recording || !records_accesses(*recording)) return;
  constexpr unsigned kBytes = 1U << log2_bytes;
  const std::uint64_t address = reinterpret_cast<std::uint64_t>(pointer) & kAddressMask;
  if constexpr (kBytes <= 8) {
    if ((address & 7) + kBytes <= 8 && is_repeat(*recording, address, kBytes, is_write)) return;
  } else {
    const bool low = is_repeat(*recording, address & ~std::uint64_t{7}, 8, is_write);
    const bool high = is_repeat(*recording, (address & ~std::uint64_t{7}) + 8, 8, is_write);
    if (low && high && (address & 7) == 0) return;
  }
  write_access(*recording, address, log2_bytes, is_write, where);
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

template <typename Where>
void access_range(const Strided& range, Where where, bool is_write) {
  if (__raddle_thread.filter == nullptr || range.count == 0 || range.bytes == 0) return;
  take_turn(reinterpret_cast<const void*>(range.address));
  const Recording recording;
  if (!recording || !records_accesses(*recording)) return;
  if (range.count == 1 && range.bytes <= 8 && (range.address & 7) + range.bytes <= 8) {
    if (is_repeat(*recording, range.address, static_cast<unsigned>(range.bytes), is_write)) return;
  } else if (is_repeated_range(*recording, range, is_write)) {
    return;
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
