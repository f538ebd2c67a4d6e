// SPDX-License-Identifier: Apache-2.0
// Call stacks: instrumented functions keep a chain of Frames and a hash of it (hooks.h); here a
// chain becomes a record, once per thread and hash.
#include "runtime/record/addresses.h"
#include "runtime/record/kept_definitions.h"
#include "runtime/record/modules.h"
#include "runtime/record/place.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/record/spin.h"
#include "runtime/record/thread_recorder.h"

namespace raddle::record {
namespace {

constexpr std::size_t kMaxFrames = 200;

// Frames and calls lie on the stack that runs, each above the one it called. A chain left stale by
// an exception or a longjmp through code without the flag fails one of these tests, and the walk
// ends there.
bool is_above(std::uintptr_t address, const void* below, const void* stack_high) {
  constexpr std::uintptr_t kUnknownStackBytes = std::uintptr_t{64} << 10;
  const std::uintptr_t high = stack_high != nullptr
                                  ? reinterpret_cast<std::uintptr_t>(stack_high)
                                  : reinterpret_cast<std::uintptr_t>(below) + kUnknownStackBytes;
  return address > reinterpret_cast<std::uintptr_t>(below) &&
         address + sizeof(hooks::Frame) <= high;
}

bool is_plausible(const hooks::Frame* frame, const void* below, const void* stack_high) {
  const auto address = reinterpret_cast<std::uintptr_t>(frame);
  return address % alignof(hooks::Frame) == 0 && is_above(address, below, stack_high) &&
         is_in_module(frame->call);
}

std::size_t collect_sites(ThreadRecorder& recorder, trace::SiteId* sites) {
  std::size_t count = 0;
  const void* below =
      recorder.interrupted_at != nullptr ? recorder.interrupted_at : __builtin_frame_address(0);
  const hooks::Frame* frame = __raddle_thread.top;
  const ShadowStack* calls = ShadowStack::own_if_any();
  std::size_t depth = calls == nullptr ? 0 : calls->depth();
  while (count < kMaxFrames) {  // whichever of the two is next above
    const bool has_frame = is_plausible(frame, below, recorder.stack_high);
    const std::uintptr_t place = depth == 0 ? 0 : calls->call(depth - 1).place;
    const bool has_call = is_above(place, below, recorder.stack_high);
    if (has_call && (!has_frame || place < reinterpret_cast<std::uintptr_t>(frame))) {
      const CodeAddress code{reinterpret_cast<const void*>(calls->call(--depth).code)};
      const trace::SiteId site = site_id(recorder, code);
      if (site != 0) sites[count++] = site;
    } else if (has_frame) {
      sites[count++] = site_id(recorder, frame->call);
      below = frame;
      frame = frame->parent;
    } else {
      break;
    }
  }
  return count;
}

// Moves the ways before `way` back by one and puts the context in front.
void put_first(std::uint64_t* ways, std::size_t way, std::uint64_t context) {
  for (; way > 0; --way) ways[way] = ways[way - 1];
  ways[0] = context;
}

bool is_seen(std::uint64_t* ways, std::uint64_t context) {
  for (std::size_t way = 1; way < ThreadRecorder::kSeenWays; ++way) {
    if (ways[way] != context) continue;
    put_first(ways, way, context);
    return true;
  }
  return false;
}

}  // namespace

void define_context(ThreadRecorder& recorder, std::uint64_t context) noexcept {
  std::uint64_t* seen =
      recorder.seen_contexts[(context ^ (context >> 20)) % ThreadRecorder::kSeenSets];
  if (seen[0] == context) [[likely]]
    return;
  if (is_seen(seen, context)) return;
  trace::SiteId sites[kMaxFrames];
  const std::size_t count = collect_sites(recorder, sites);
  const std::size_t words = 2 + count;
  std::uint64_t* record = recorder.reserve(words);
  if (record == nullptr) return;
  record[1] = context;
  for (std::size_t i = 0; i < count; ++i) record[2 + i] = sites[i];
  const auto length = static_cast<std::uint8_t>(words);
  commit_stack(recorder, trace::make_head(trace::kStack, length, count), words);
  put_first(seen, ThreadRecorder::kSeenWays - 1, context);
}

// A hook that was interrupted does not go on. What it has not committed is no part of the trace.
void tell_from(std::uintptr_t instruction, std::uintptr_t stack_pointer) noexcept {
  ThreadRecorder* recorder = t_recorder;
  if (recorder == nullptr) return;
  const bool was_in_hook = recorder->is_busy;
  if (t_spin_locks == 0) recorder->is_busy = false;
  recorder->interrupted_at = reinterpret_cast<const void*>(stack_pointer - 1);
  ShadowStack* calls = was_in_hook ? nullptr : ShadowStack::own();
  if (calls == nullptr) return;
  calls->enter(CodeAddress(reinterpret_cast<const void*>(instruction + 1)), stack_pointer);
}

}  // namespace raddle::record
