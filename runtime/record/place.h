// SPDX-License-Identifier: Apache-2.0
// Events with the place of a thread that cannot tell them itself: it sleeps, or was interrupted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/record/record.h"

namespace raddle::record {

// Where a thread is.
class Place;
const Place* own_place() noexcept;

// As event(), with the call stack of the thread whose place it is. That thread lives and sleeps; if
// it goes on meanwhile the stack may be cut short, no more.
void event_at(const Place* place, const Op& op) noexcept;

// In the handler of a signal that ends the program: what this thread tells from here on happens
// where it was interrupted. In a hook, too, unless that holds a lock of the recorder's: then
// nothing is told.
void tell_from(std::uintptr_t instruction, std::uintptr_t stack_pointer) noexcept;

// Writes where this thread is, "account.cpp:12"; nothing if that is not known.
void describe_own_place(char* text, std::size_t bytes) noexcept;

}  // namespace raddle::record
