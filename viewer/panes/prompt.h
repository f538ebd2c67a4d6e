// SPDX-License-Identifier: Apache-2.0
// The line that the user types: a filter, where to go, a note, a command.
#pragma once

#include "analyzer/model/finding.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// Takes this frame's keys for the open prompt. Enter does what it says, Esc forgets it.
void take_prompt_keys(const Analysis& analysis, Selection& selection);

}  // namespace raddle::viewer
