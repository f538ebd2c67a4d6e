// SPDX-License-Identifier: Apache-2.0
#include "stage.h"

#include <utility>

#include "bank_run.h"

namespace raddle::viewer {

Options Stage::usual_options() {
  Options options;
  options.trace = RADDLE_BANK_DIR "/bank.raddle";
  options.font = "builtin";
  options.width = 1280;
  options.height = 800;
  return options;
}

Stage::Stage(Analysis analysis, const Options& options)
    : analysis_(std::move(analysis)),
      session_(analysis_, options),
      painter_(session_, options.width, options.height) {
  for (int i = 0; i < 3; ++i) frame();
}

void Stage::type(char letter) {
  ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(letter));
  frame();
  frame();
}

void Stage::point(Point at) {
  ImGui::GetIO().MousePos = {at.x, at.y};
  frame();
}

void Stage::wheel(Point at, float notches) {
  point(at);
  ImGui::GetIO().MouseWheel = notches;
  frame();
  frame();
}

void Stage::button(bool is_down) { ImGui::GetIO().MouseDown[0] = is_down; }

void Stage::click(Point at) {
  point(at);
  button(true);
  frame();
  button(false);
  frame();
  frame();
}

void Stage::drag(Point from, Point to) {
  point(from);
  button(true);
  frame();
  point({(from.x + to.x) / 2, (from.y + to.y) / 2});
  point(to);
  button(false);
  frame();
  frame();
}

std::vector<Record> Stage::records(RecordKind kind) {
  std::vector<Record> result;
  for (const Record& record : records()) {
    if (record.kind == kind) result.push_back(record);
  }
  return result;
}

std::vector<std::string> Stage::texts(RecordKind kind) {
  std::vector<std::string> result;
  for (const Record& record : records(kind)) result.push_back(record.text);
  return result;
}

bool Stage::shows(const std::string& part) {
  for (const Record& record : records()) {
    if (record.text.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace raddle::viewer
