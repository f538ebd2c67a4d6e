// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/session.h"

#include "imgui.h"
#include "viewer/app/fonts.h"
#include "viewer/app/keys.h"

namespace raddle::viewer {
namespace {

void set_style(double scale) {
  ImGui::StyleColorsDark();
  ImGuiStyle& style = ImGui::GetStyle();
  style.ScaleAllSizes(static_cast<float>(scale));
  style.ScrollbarSize = 8 * static_cast<float>(scale);
  style.ScrollbarRounding = 4;
  style.Colors[ImGuiCol_ScrollbarBg] = ImGui::ColorConvertU32ToFloat4(kPanel);
  style.Colors[ImGuiCol_ScrollbarGrab] = ImGui::ColorConvertU32ToFloat4(kRule);
  style.Colors[ImGuiCol_PopupBg] = ImGui::ColorConvertU32ToFloat4(kRaised);
  style.Colors[ImGuiCol_Border] = ImGui::ColorConvertU32ToFloat4(kFaint);
}

}  // namespace

Session::Session(const Analysis& analysis, const Options& options) : analysis_(analysis) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  set_style(options.scale);
  has_fonts_ = load_fonts(options.font, options.scale, selection_.fonts);
  panes_ = make_panes(analysis_);
  selection_.axis = TimeAxis(analysis_.run.duration_ns);
  selection_.trace_name = options.trace;
  const auto wanted = static_cast<std::size_t>(options.at_finding - 1);
  select_finding(analysis_, selection_, options.shows_all ? kNoFinding : wanted);
}

Session::~Session() { ImGui::DestroyContext(); }

void Session::frame() {
  ImGui::NewFrame();
  const ImGuiIO& io = ImGui::GetIO();
  selection_.screen = screen_of(io.DisplaySize.x, io.DisplaySize.y, ImGui::GetFontSize());
  selection_.records.clear();
  take_keys(analysis_, selection_);
  for (const std::unique_ptr<Pane>& pane : panes_) pane->draw(analysis_, selection_);
  ImGui::Render();
}

Painter::Painter(Session& session, int width, int height) : session_(session) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  unsigned char* alpha = nullptr;
  int texture_width = 0;
  int texture_height = 0;
  io.Fonts->GetTexDataAsAlpha8(&alpha, &texture_width, &texture_height);
  rasteriser_ = std::make_unique<Rasteriser>(width, height,
                                             AlphaTexture(alpha, texture_width, texture_height));
}

const Picture& Painter::paint() {
  ImGui::GetIO().DeltaTime = 1.0F / 60;
  session_.frame();
  rasteriser_->clear(kBackground);
  rasteriser_->draw(*ImGui::GetDrawData());
  return rasteriser_->picture();
}

}  // namespace raddle::viewer
