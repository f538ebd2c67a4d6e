// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/place.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstring>

#include "runtime/hooks/hooks.h"
#include "runtime/record/modules.h"

namespace raddle::record {
namespace {

constexpr std::size_t kMostFrames = 64;

// The kernel copies, or says that there is nothing.
template <typename T>
bool copy(const T* from, T& to) {
  iovec there{const_cast<T*>(from), sizeof to};
  iovec here{&to, sizeof to};
  return ::process_vm_readv(::getpid(), &here, 1, &there, 1, 0) == ssize_t{sizeof to};
}

const char* text_of(const std::int32_t& offset) {
  return offset == 0 ? "" : reinterpret_cast<const char*>(&offset) + offset;
}

}  // namespace

void describe_own_place(char* text, std::size_t bytes) noexcept {
  text[0] = '\0';
  const hooks::Frame* top = __raddle_thread.top;
  if (top == nullptr || !is_in_module(top->call)) return;
  const char* file = text_of(top->call->file_offset);
  const char* slash = std::strrchr(file, '/');
  std::snprintf(text, bytes, "%s:%u", slash != nullptr ? slash + 1 : file, top->call->line);
}

const Place* own_place() noexcept { return reinterpret_cast<const Place*>(&__raddle_thread); }

void event_at(const Place* place, const Op& op) noexcept {
  const auto* state = reinterpret_cast<const hooks::ThreadState*>(place);
  hooks::ThreadState there{};
  hooks::ThreadState later{};
  hooks::Frame frames[kMostFrames];
  std::size_t count = 0;
  if (!copy(state, there)) return event(op);
  const hooks::Frame* at = there.top;
  while (at != nullptr && count < kMostFrames && copy(at, frames[count]))
    at = frames[count++].parent;
  for (std::size_t i = 0; i < count; ++i)
    frames[i].parent = i + 1 < count ? &frames[i + 1] : nullptr;
  if (count == 0 || !copy(state, later) || later.context != there.context) return event(op);
  const hooks::ThreadState own = __raddle_thread;
  __raddle_thread.top = frames;
  __raddle_thread.context = there.context;
  event(op);
  __raddle_thread.top = own.top;
  __raddle_thread.context = own.context;
}

}  // namespace raddle::record
