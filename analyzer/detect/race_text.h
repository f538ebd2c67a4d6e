// SPDX-License-Identifier: Apache-2.0
// What a data race or a use after free says of itself.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/model/finding.h"

namespace raddle::detect {

std::string size_text(std::uint32_t size_bytes);  // "4 bytes"; 0: "a range"
// Title, why and hint of a finding with two parties whose names are known.
void tell_race(Finding& finding, const Run& run);
// Behind it: that one party runs while the program ends, and `other` goes on.
void tell_exit(Finding& finding, const Run& run, TaskId other);

}  // namespace raddle::detect
