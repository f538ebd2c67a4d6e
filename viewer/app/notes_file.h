// SPDX-License-Identifier: Apache-2.0
// The bookmarks of a trace, in a file beside it: NAME.raddle.notes.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trace/result.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

std::string notes_path(const std::string& trace);
// No file is no notes. Fails, with a message for the user, if there is one that cannot be read.
Result<std::vector<Note>> read_notes(const std::string& trace);
// Replaces the file as a whole; one that cannot be written stays as it was.
std::optional<Error> write_notes(const std::string& trace, const std::vector<Note>& notes);

}  // namespace raddle::viewer
