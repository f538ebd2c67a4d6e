// SPDX-License-Identifier: Apache-2.0
// The list of panes.
#pragma once

#include <memory>
#include <vector>

#include "viewer/panes/pane.h"

namespace raddle::viewer {

// In drawing order. They may keep references into `analysis`, which must stay as it is.
std::vector<std::unique_ptr<Pane>> make_panes(const Analysis& analysis);

// One for each pane.
std::unique_ptr<Pane> make_top_bar();
std::unique_ptr<Pane> make_findings();
std::unique_ptr<Pane> make_minimap(const Analysis& analysis);
std::unique_ptr<Pane> make_timeline(const Analysis& analysis);
std::unique_ptr<Pane> make_statistics();
std::unique_ptr<Pane> make_inspector(const Analysis& analysis);
std::unique_ptr<Pane> make_status();
std::unique_ptr<Pane> make_tooltip();
std::unique_ptr<Pane> make_prompt();
std::unique_ptr<Pane> make_help();

}  // namespace raddle::viewer
