// SPDX-License-Identifier: Apache-2.0
// One line on standard error, without stdio, allocation or locks: safe anywhere in the user's
// process.
#pragma once

#include <initializer_list>
#include <string_view>

namespace raddle::record {

void say(std::initializer_list<std::string_view> parts) noexcept;

}  // namespace raddle::record
