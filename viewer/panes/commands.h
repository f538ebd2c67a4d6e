// SPDX-License-Identifier: Apache-2.0
// What the user can do: one list for keys, the `?` overlay and the palette.
#pragma once

#include <span>

#include "analyzer/model/finding.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

struct Command {
  char letter;       // the key; letters come as text, so that the keyboard's layout does not matter
  const char* keys;  // as the overlay shows it
  const char* what;
  void (*run)(const Analysis& analysis, Selection& selection);
};

std::span<const Command> commands();
// Runs the command with that key, if there is one.
void run_command(char letter, const Analysis& analysis, Selection& selection);
void open_prompt(Selection& selection, PromptKind kind);
// Moves in time by `pixels`; zooms at the mouse, or in the middle.
void pan(Selection& selection, float pixels);
void zoom(Selection& selection, double factor);

}  // namespace raddle::viewer
