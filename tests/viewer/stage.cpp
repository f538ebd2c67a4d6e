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
  session_.wait_until_ready();
  for (int i = 0; i < 3; ++i) frame();
}

void Stage::type(char letter) {
  ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(letter));
  frame();
  frame();
}

void Stage::type_all(const std::string& letters) {
  for (const char letter : letters) type(letter);
}

void Stage::press(ImGuiKey key) {
  ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM < 18700
  constexpr int kFree = 300;  // numbers that no letter has
  io.KeyMap[key] = kFree + key;
  io.KeysDown[kFree + key] = true;
  frame();
  io.KeysDown[kFree + key] = false;
#else
  io.AddKeyEvent(key, true);
  frame();
  io.AddKeyEvent(key, false);
#endif
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

void Stage::drag(Point from, Point to, bool with_ctrl) {
  point(from);
  ImGui::GetIO().KeyCtrl = with_ctrl;
  button(true);
  frame();
  point({(from.x + to.x) / 2, (from.y + to.y) / 2});
  point(to);
  button(false);
  frame();
  ImGui::GetIO().KeyCtrl = false;
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
