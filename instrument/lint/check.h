// SPDX-License-Identifier: Apache-2.0
// What a check is, and what it says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "instrument/lint/code.h"

namespace raddle::lint {

// Text to put in place of a range; an empty one removes it.
struct Fix {
  Range range;
  std::string text;
};

struct Note {
  Place place = 0;
  std::string text;
};

// `text` says what is wrong, why, and what to do instead, in one line.
struct Warning {
  std::string_view check = {};
  Place place = 0;
  std::string text;
  std::vector<Note> notes = {};
  std::vector<Fix> fixes = {};  // only where the program is right after it
};

using Warnings = std::vector<Warning>;

// One mistake. `name` is what stands in brackets behind a warning, after "raddle-", and names the
// page docs/lint/NAME.md.
struct Check {
  std::string_view name;
  // Reads one translation unit and adds to the list; the caller fills Warning::check.
  void (*find)(const Code&, Warnings&);
};

}  // namespace raddle::lint
