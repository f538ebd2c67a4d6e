// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstring>
#include <memory>
#include <vector>

#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

struct Arguments {
  std::string trace, beside, at, screenshot, size, theme, scale, font, dump_ui;
};

int become_viewer(Arguments& arguments) {
  const std::filesystem::path viewer = bin_dir() / "raddle-view";
  std::vector<std::string> words = {viewer, arguments.trace};
  if (!arguments.beside.empty()) words.push_back(arguments.beside);
  const auto pass_on = [&words](const char* option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {option, value});
  };
  pass_on("--at", arguments.at);
  pass_on("--screenshot", arguments.screenshot);
  pass_on("--size", arguments.size);
  pass_on("--theme", arguments.theme);
  pass_on("--scale", arguments.scale);
  pass_on("--font", arguments.font);
  pass_on("--dump-ui", arguments.dump_ui);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int error = become(viewer, argv.data());
  return fail("cannot start the viewer " + viewer.string() + ": " + std::strerror(error) +
              "; was raddle built with RADDLE_VIEWER=ON, with Dear ImGui and GLFW installed?");
}

}  // namespace

void add_view(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("view", "Show a trace on a timeline, or draw a picture");
  command->add_option("TRACE", arguments->trace, "The trace of a run")->required();
  command->add_option("OTHER", arguments->beside, "A second trace, shown beside the first");
  command->add_option("--at", arguments->at,
                      "What to show first: finding:N, all, or a link: '#f=1&t=4.0-5.0'");
  command->add_option("--screenshot", arguments->screenshot,
                      "Draw into this PNG file instead of a window; needs no display");
  command->add_option("--size", arguments->size, "Width and height in pixels: WxH");
  command->add_option("--theme", arguments->theme, "dark or light");
  command->add_option("--scale", arguments->scale, "Size of text and distances, 0.75 to 2.5");
  command->add_option("--font", arguments->font, "A TrueType file, 'system' or 'builtin'");
  command->add_option("--dump-ui", arguments->dump_ui, "Write what was drawn, and where, as JSON");
  command->callback([arguments, &status] { status = become_viewer(*arguments); });
}

}  // namespace raddle::cli
