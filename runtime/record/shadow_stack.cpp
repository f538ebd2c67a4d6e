// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/shadow_stack.h"

#include <new>
#include <utility>

#include "runtime/record/hidden.h"

namespace raddle::record {
namespace {

__thread ShadowStack* t_stack __attribute__((tls_model("initial-exec")));

}  // namespace

ShadowStack* ShadowStack::own_if_any() noexcept { return t_stack; }

ShadowStack* ShadowStack::own() noexcept {
  if (t_stack != nullptr || t_recorder == nullptr) return t_stack;
  // Zero pages that nobody touches cost nothing: most stacks are shallow.
  void* memory = map_hidden(sizeof(ShadowStack));
  if (memory != nullptr) t_stack = new (memory) ShadowStack;
  return t_stack;
}

void ShadowStack::swap(ShadowStack** mine, ShadowStack* other) noexcept {
  *mine = std::exchange(t_stack, other);
}

void ShadowStack::release(ShadowStack* stack) noexcept {
  if (stack == nullptr) return;
  if (t_stack == stack) t_stack = nullptr;
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
