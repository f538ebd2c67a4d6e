// SPDX-License-Identifier: Apache-2.0
// Memory layouts shared by compiled code and libraddle. The pass builds them from the constants
// here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::hooks {

// Where an access or a call stands in the source; one in the object file for each, in section
// "raddle_sites". Offsets are relative to the address of the field itself, so that no relocation is
// needed at load time; 0: none.
struct Site {
  std::int32_t file_offset;      // to a zero-terminated string
  std::int32_t function_offset;  // to a zero-terminated string, demangled by the reader
  std::int32_t
      variable_offset;  // to a zero-terminated string: the accessed variable or member, where known
  std::int32_t inlined_at_offset;  // to the Site of the call that was inlined
  std::uint32_t line;
  std::uint32_t column;
  std::uint32_t
      id;  // 0 until first used in a recording; then its SiteId. Written atomically by the runtime
};
static_assert(sizeof(Site) == 28);

// Reads of one object that compiled code looks up together, in its read-only data: what it calls a
// hook with when the filter does not know all of them. `count` members follow.
struct GroupMember {
  std::int32_t site_offset;  // to the Site, relative to the address of this field
  std::int32_t offset;       // of what is read, in bytes from the address that the hook gets
  std::uint32_t log2_bytes;
};
struct Group {
  std::uint32_t count;
};
static_assert(sizeof(Group) == 4 && sizeof(GroupMember) == 12);
inline constexpr unsigned kMostGranules = 8;  // from the first that is read to the last

// One instrumented function on the stack that calls others; lives in its own stack frame.
// The chain from ThreadState::top on gives the stack: each frame's `call` is the site of the call
// that is under way.
struct Frame {
  const Frame* parent;
  const Site* call;
  std::uint64_t context;  // of the function itself: the thread's at entry
};

// The thread-local state that compiled code reads and writes, `__raddle_thread`, initial-exec TLS.
//
// Call stacks. A function that calls others has a Frame; on entry it loads parent := top and h :=
// context, and stores both in its Frame; before a call it stores frame.call, top := &frame and
// context := h * kContextFactor + K (K: a constant of the call site); before it returns it puts top
// := parent and context := h back. A hook called by the function itself sees the values at entry.
//
// The filter drops an access that the same task made before in the same epoch with the same or
// greater strength. It has a power of two of entries, whose number changes at times. An entry
// covers an 8-byte granule; that of an address lies (address & granules) bytes behind the filter's
// start:
//   bits 63..16  (address without its last 3 bits) + epoch      bits 15..8 bytes written
//   7..0 bytes read
// (a write also sets the read bits). An access is a repeat if the upper bits are equal and all its
// mask bits are set. Epochs are smaller than granules + 8, so that of all that share an entry no
// two addresses, nor two epochs of an address, are taken for each other. Behind the last entry
// there are kMostGranules that know nothing, for groups.
struct ThreadState {
  std::uint64_t* filter;  // null: record nothing on this thread
  std::uint64_t epoch;    // already shifted left by 16
  const Frame* top;
  std::uint64_t context;
  std::uint64_t granules;  // (entries of the filter - 1) * 8
  // Another one whenever the filter may know less than before, or its thread begins or stops to
  // record. No two threads that have recorded ever have the same.
  std::uint64_t tick;
};
inline constexpr std::uint64_t kContextFactor = 3;

}  // namespace raddle::hooks

extern "C"
    __attribute__((tls_model("initial-exec"))) __thread raddle::hooks::ThreadState __raddle_thread;
