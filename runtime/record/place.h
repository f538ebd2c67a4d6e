// SPDX-License-Identifier: Apache-2.0
// Events told for a thread that sleeps and cannot tell them itself, with the place where it is.
#pragma once

#include <cstddef>

#include "runtime/record/record.h"

namespace raddle::record {

// Where a thread is.
class Place;
const Place* own_place() noexcept;

// As event(), with the call stack of the thread whose place it is. That thread lives and sleeps; if
// it goes on meanwhile the stack may be cut short, no more.
void event_at(const Place* place, const Op& op) noexcept;

// Writes where this thread is, "account.cpp:12"; nothing if that is not known.
void describe_own_place(char* text, std::size_t bytes) noexcept;

}  // namespace raddle::record
