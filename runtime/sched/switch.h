// SPDX-License-Identifier: Apache-2.0
// The switch from one stack to another. Each processor has its own (switch_<processor>.cpp); any
// other uses Boost.Context (switch_boost.cpp). Which one is compiled is CMake's RADDLE_FIBER.
#pragma once

// Leaves what a call must keep on the running stack and its pointer at *save, and goes on at `to`.
extern "C" void raddle_switch_stack(void** save, void* to);

namespace raddle::sched {

// What raddle_switch_stack takes as `to` for the first time: calls body(argument) on [low, top),
// whose top is 16-byte aligned. `body` must not return.
void* begin_stack(void* low, void* top, void (*body)(void*), void* argument) noexcept;

}  // namespace raddle::sched
