// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/panes.h"

namespace raddle::viewer {

std::vector<std::unique_ptr<Pane>> make_panes(const Analysis& analysis) {
  std::vector<std::unique_ptr<Pane>> panes;
  panes.push_back(make_top_bar());
  panes.push_back(make_findings());
  panes.push_back(make_timeline(analysis));  // places the time axis, which the minimap shows
  panes.push_back(make_statistics());        // in the timeline's place
  panes.push_back(make_minimap(analysis));
  panes.push_back(make_inspector(analysis));
  panes.push_back(make_status());
  panes.push_back(make_tooltip());  // looks at what the panes before it drew
  panes.push_back(make_prompt());
  panes.push_back(make_help());
  return panes;
}

}  // namespace raddle::viewer
