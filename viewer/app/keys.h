// SPDX-License-Identifier: Apache-2.0
// What keys do.
#pragma once

#include "viewer/panes/selection.h"

namespace raddle::viewer {

// Takes the keys that ImGui was given for this frame.
void take_keys(const Analysis& analysis, Selection& selection);

}  // namespace raddle::viewer
