// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/shadow_stack.h"

#include <new>
#include <utility>

#include "runtime/record/hidden.h"

namespace raddle::record {

__thread ShadowStack* ShadowStack::t_own __attribute__((tls_model("initial-exec")));

ShadowStack* ShadowStack::own() noexcept {
  if (t_own != nullptr || t_recorder == nullptr) return t_own;
  // Zero pages that nobody touches cost nothing: most stacks are shallow.
  void* memory = map_hidden(sizeof(ShadowStack));
  if (memory != nullptr) t_own = new (memory) ShadowStack;
  return t_own;
}

void ShadowStack::swap(ShadowStack** mine, ShadowStack* other) noexcept {
  *mine = std::exchange(t_own, other);
}

void ShadowStack::release(ShadowStack* stack) noexcept {
  if (stack == nullptr) return;
  if (t_own == stack) t_own = nullptr;
  unmap_hidden(stack, sizeof *stack);
}

void ShadowStack::enter(CodeAddress code, std::uintptr_t place) noexcept {
  while (depth_ > 0 && depth_ <= kMost && calls_[depth_ - 1].place <= place) leave();
  if (depth_ < kMost) calls_[depth_] = {code.value, place, __raddle_thread.context};
  ++depth_;
  __raddle_thread.context =
      __raddle_thread.context * hooks::kContextFactor + (code.value * 0x9e37'79b9u | 1);
}

void ShadowStack::leave() noexcept {
  if (depth_ == 0) return;
  if (--depth_ < kMost) __raddle_thread.context = calls_[depth_].context;
}

}  // namespace raddle::record
