// SPDX-License-Identifier: Apache-2.0
// The window: GLFW and OpenGL 3.
#pragma once

#include <functional>
#include <optional>

#include "trace/result.h"
#include "viewer/app/options.h"
#include "viewer/app/session.h"

namespace raddle::viewer {

// Shows the session until the user closes it, after Options::frames frames, or when `before_frame`
// (called before each; may be empty) says false. Returns what went wrong, as a message for the
// user. `last_frame`, if not null, gets what the window showed last.
std::optional<Error> show_window(Session& session, const Options& options,
                                 const std::function<bool()>& before_frame = {},
                                 Picture* last_frame = nullptr);

}  // namespace raddle::viewer
