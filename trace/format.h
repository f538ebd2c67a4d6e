// SPDX-License-Identifier: Apache-2.0
// The bytes of a trace, shared by the recorder that writes them and the reader.
// docs/trace-format.md explains them.
//
// A file is a FileHeader (one page), then chunks, all of one size, each of a stream, which one
// thread writes at a time. All words are little-endian and 8 bytes. A chunk is filled from front to
// back through a shared mapping; in each record the first word is stored last, so a killed process
// leaves a zero word, never half a record, behind its last whole one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::trace {

inline constexpr char kMagic[8] = {'R', 'A', 'D', 'D', 'L', 'E', '\r', '\n'};
inline constexpr std::uint32_t kFormatVersion = 4;
inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kChunkBytes = std::size_t{256} << 10;  // usually
inline constexpr std::size_t kLeastChunkBytes = std::size_t{16} << 10;
inline constexpr std::size_t kMostChunkBytes = std::size_t{16} << 20;
inline constexpr std::size_t kChunkWords = kChunkBytes / 8;

// How the run ended, as far as its recorder could say.
enum class EndReason : std::uint32_t {
  kUnknown = 0,          // killed, or still running
  kExited = 1,           // end_code = status
  kSignaled = 2,         // end_code = signal
  kPanicked = 3,         // an exception left a task or main
  kHung = 4,             // the watchdog ended it
  kRecorderStopped = 5,  // recording stopped early: see stop_reason
  kLivelocked = 6,       // the policy ended it: all who could go on went round without end
};
enum class StopReason : std::uint32_t {
  kNone = 0,
  kDiskFull = 1,
  kInternal = 2,
  kAsked = 3,
  kClosed = 4,
  kChecker = 5,  // did not read what was to make room
};

struct FileHeader {  // offset 0, one page
  char magic[8];
  std::uint32_t version;
  std::uint32_t header_bytes;  // kPageBytes
  std::uint32_t chunk_bytes;   // a power of two, kLeastChunkBytes to kMostChunkBytes
  std::uint32_t level;         // 1 synchronisation only, 2 with accesses
  std::uint64_t process_id;
  std::uint64_t start_unix_ns;  // wall clock at the start
  // Clock calibration: `ticks` of the counter at two moments and the monotonic nanoseconds since
  // the start at them. The second pair is renewed with every new chunk, so a killed run has one
  // too.
  std::uint64_t ticks0;
  std::uint64_t ticks1;
  std::uint64_t elapsed1_ns;
  std::uint64_t chunk_count;  // chunks handed out so far
  std::uint32_t end_reason;   // EndReason
  std::int32_t end_code;
  std::uint32_t stop_reason;      // StopReason
  std::uint32_t is_instrumented;  // 1: code compiled with the flag ran
  std::uint64_t end_ticks;
  char command[1024];     // arguments joined by blanks, zero-terminated, cut if longer
  char program[1024];     // path of the executable
  std::uint32_t is_fork;  // 1: of the child of a fork, which has done things before (taken locks)
};
static_assert(sizeof(FileHeader) <= kPageBytes);

struct ChunkHeader {         // first 5 words of a chunk
  std::uint64_t magic;       // kChunkMagic
  std::uint32_t stream;      // its number, from 1
  std::uint32_t number;      // 0, 1, 2 ... within the stream
  std::uint64_t used_bytes;  // 0 until the chunk is full or its thread ends; then header included
  std::uint64_t checksum;    // checksum.h, of the bytes behind this header up to used_bytes; valid
                             // when used_bytes != 0
  std::uint32_t task;        // the stream's current task when the chunk was begun
  std::uint32_t place;       // of the chunk in the file, for the recorder
};
inline constexpr std::uint64_t kChunkMagic = 0x4b4e'4843'4c44'4452;  // "RDDLCHNK"
static_assert(sizeof(ChunkHeader) == 40);

// The first word of every record: code in bits 63..56, `extra` in 55..48, `low` in 47..0.
// Codes below 0xe0 carry their length in words, this one included, in `extra`; so unknown ones can
// be skipped. Codes from 0xe0 on have the fixed lengths given at them.
constexpr std::uint64_t make_head(std::uint8_t code, std::uint8_t extra, std::uint64_t low) {
  return (std::uint64_t{code} << 56) | (std::uint64_t{extra} << 48) | (low & 0xffff'ffff'ffffu);
}
constexpr std::uint8_t code_of(std::uint64_t head) { return static_cast<std::uint8_t>(head >> 56); }
constexpr std::uint8_t extra_of(std::uint64_t head) {
  return static_cast<std::uint8_t>(head >> 48);
}
constexpr std::uint64_t low_of(std::uint64_t head) { return head & 0xffff'ffff'ffffu; }

// Event record (codes of events.def below 0xe0), 4, 5 or 6 words:
//   0 head, low = object
//   1 ticks
//   2 seq (low half) | index (high half)
//   3 context: 64-bit hash of the call stack, 0 unknown
//   4 peer (low half) | actor (high half; 0: the stream's current task)      absent when both are 0
//   and value is 0 5 value                                                                  absent
//   when 0

// Access records:
//   Read, Write (0xe0, 0xe1), 2 words: 0 head, extra = log2 of the size (0..6), low = address
//                                      1 site (32) | count (16) | stride in bytes (16, signed)
//   ReadRange, WriteRange (0xe2, 0xe3), 4 words: 0 head, low = address; 1 site (32) | size of one
//   access (32);
//                                      2 count; 3 stride in bytes (signed). A contiguous range has
//                                      count 1.
inline constexpr std::uint8_t kContext =
    0xe8;  // 2 words: head; context hash. Holds for the stream's next accesses
inline constexpr std::uint8_t kTime =
    0xe9;  // 1 word: bits 55..0 = ticks since the stream's last event, of its next, a compact one
// Codes from here on: compact events and accesses (compact.h, compact_access.h), 1 to 3 words. A
// chunk's first event is a whole one.
inline constexpr std::uint8_t kCompact = 0xf0;

// Records that define things (codes 0xc0..0xdf); they may stand in any chunk, also behind their
// first use.
inline constexpr std::uint8_t kString =
    0xc0;  // low = StringId; 1: length in bytes; then the bytes, padded with zeros
inline constexpr std::uint8_t kSite =
    0xc1;  // low = SiteId; 1: file|function (StringIds); 2: line|column;
           // 3: inlined-at SiteId | variable StringId
inline constexpr std::uint8_t kStack =
    0xc2;  // low = number of frames; 1: context hash; then frames, innermost first,
           // one word each: SiteId, or kRawFrame | code address
inline constexpr std::uint8_t kName =
    0xc3;  // low = object (address, or task id); 1: ObjectType | StringId
inline constexpr std::uint8_t kModule =
    0xc4;  // low = load address; 1: bytes; 2: path StringId | build id StringId
inline constexpr std::uint64_t kRawFrame = std::uint64_t{1} << 63;
inline constexpr std::size_t kMaxRecordWords = 255;

// Sequence numbers are counted per domain; all events on one object fall into one domain. 0 < seq;
// a domain's numbers have no gap. The bytes of one granule of 8 share one: an atomic access may
// cover two smaller atomics.
inline constexpr std::size_t kOrderDomains = 4096;
constexpr std::uint32_t order_domain(std::uint64_t object) {
  return static_cast<std::uint32_t>(((object >> 3) * 0x9e37'79b9'7f4a'7c15u) >> 52);
}

}  // namespace raddle::trace
