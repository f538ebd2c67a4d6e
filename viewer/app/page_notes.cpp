// SPDX-License-Identifier: Apache-2.0
// The notes of a viewer inside an HTML report: it has no file beside it, so it keeps none.
#include "viewer/app/notes_file.h"

namespace raddle::viewer {

std::string notes_path(const std::string& /*trace*/) { return {}; }

Result<std::vector<Note>> read_notes(const std::string& /*trace*/) { return std::vector<Note>{}; }

std::optional<Error> write_notes(const std::string& /*trace*/, const std::vector<Note>& /*notes*/) {
  return Error{"a page keeps no notes; y copies a link to this view"};
}

}  // namespace raddle::viewer
