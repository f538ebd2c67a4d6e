// SPDX-License-Identifier: Apache-2.0
// The viewer inside an HTML report, compiled to WebAssembly: what page.js calls. One page, one
// thread, one session; every text returned holds until the next call.
#include <emscripten.h>

#include <memory>
#include <string>

#include "analyzer/model/archive.h"
#include "imgui.h"
#include "viewer/app/session.h"

namespace raddle::viewer {
namespace {

EM_JS(void, copy_to_clipboard, (const char* text), { Module.copy(UTF8ToString(text)); });

// Keys that are no letters, as page.js numbers them.
constexpr ImGuiKey kKeys[] = {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow,
                              ImGuiKey_DownArrow, ImGuiKey_Enter,      ImGuiKey_Escape,
                              ImGuiKey_Backspace};

struct Page {
  Page(Analysis run, const Options& options)
      : analysis(std::move(run)),
        session(analysis, options),
        painter(std::make_unique<Painter>(session, options.width, options.height)) {}

  Analysis analysis;
  Session session;
  std::unique_ptr<Painter> painter;
};

std::unique_ptr<Page> g_page;
std::string g_text;

const char* give(std::string text) {
  g_text = std::move(text);
  return g_text.c_str();
}

void set_key(ImGuiKey key, bool is_down) {
  ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM < 18700
  constexpr int kFree = 300;  // numbers that no letter has
  io.KeyMap[key] = kFree + key;
  io.KeysDown[kFree + key] = is_down;
#else
  io.AddKeyEvent(key, is_down);
#endif
}

}  // namespace
}  // namespace raddle::viewer

using namespace raddle;
using namespace raddle::viewer;

extern "C" {

// What is wrong with the packed run, if anything; else empty, and the other functions may be
// called.
EMSCRIPTEN_KEEPALIVE const char* page_open(const char* bytes, int size, int width, int height,
                                           int is_light, double scale) {
  Result<Analysis> run = unpack({bytes, static_cast<std::size_t>(size)});
  if (!run.ok()) return give(run.error());
  Options options;
  options.trace = run.value().run.program;
  options.font = "builtin";
  options.width = width;
  options.height = height;
  options.scale = scale;
  options.theme = is_light != 0 ? ThemeName::kLight : ThemeName::kDark;
  g_page = std::make_unique<Page>(std::move(run.value()), options);
  ImGui::GetIO().SetClipboardTextFn = [](void*, const char* text) { copy_to_clipboard(text); };
  return "";
}

EMSCRIPTEN_KEEPALIVE void page_resize(int width, int height) {
  g_page->painter = std::make_unique<Painter>(g_page->session, width, height);
}

EMSCRIPTEN_KEEPALIVE void page_mouse(float x, float y, int is_down, float wheel, int has_ctrl,
                                     int has_shift) {
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {x, y};
  io.MouseDown[0] = is_down != 0;
  io.MouseWheel = wheel;
  io.KeyCtrl = has_ctrl != 0;
  io.KeyShift = has_shift != 0;
}

EMSCRIPTEN_KEEPALIVE void page_letter(int letter) {
  ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(letter));
}

EMSCRIPTEN_KEEPALIVE void page_key(int number, int is_down) {
  set_key(kKeys[number], is_down != 0);
}

// The next frame, RGBA, as large as the page was opened or resized.
EMSCRIPTEN_KEEPALIVE const void* page_paint() { return g_page->painter->paint().pixels.data(); }

// What is on the screen, as a link: "#f=1&t=4.0-5.0".
EMSCRIPTEN_KEEPALIVE const char* page_link() {
  return give(to_link(view_of(g_page->analysis, g_page->session.selection())));
}

EMSCRIPTEN_KEEPALIVE void page_show(const char* link) {
  const Result<View> view = parse_link(link);
  if (view.ok()) show_view(g_page->analysis, g_page->session.selection(), view.value());
}

// What was drawn, and where, as --dump-ui writes it.
EMSCRIPTEN_KEEPALIVE const char* page_records() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  return give(to_json(g_page->session.selection().records, static_cast<int>(size.x),
                      static_cast<int>(size.y)));
}
}
