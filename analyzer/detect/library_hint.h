// SPDX-License-Identifier: Apache-2.0
// What to do about a race on an object of the standard library.
#pragma once

#include <string>

#include "analyzer/model/finding.h"

namespace raddle::detect {

// What the user's code called there, by the names of functions in the standard library's headers.
struct LibraryUse {
  // std::vector<bool>, of which different elements share memory.
  bool is_packed = false;
  // As in "std::map"; empty: none that we know.
  std::string type;
};
LibraryUse library_use(const Party& party, const Run& run);

// Empty: nothing that fits this library type alone. `name`: of the variable, or empty.
std::string library_hint(const LibraryUse& use, const std::string& name);

}  // namespace raddle::detect
