// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/session.h"

#include <utility>

#include "imgui.h"
#include "viewer/app/fonts.h"
#include "viewer/app/keys.h"
#include "viewer/app/notes_file.h"
#include "viewer/panes/progress.h"

namespace raddle::viewer {
namespace {

void set_style(ThemeName name, double scale) {
  set_theme(name);
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  ImGui::StyleColorsDark();
  style.ScaleAllSizes(static_cast<float>(scale));
  style.ScrollbarSize = 8 * static_cast<float>(scale);
  style.ScrollbarRounding = 4;
  style.Colors[ImGuiCol_ScrollbarBg] = ImGui::ColorConvertU32ToFloat4(theme().panel);
  style.Colors[ImGuiCol_ScrollbarGrab] = ImGui::ColorConvertU32ToFloat4(theme().rule);
  style.Colors[ImGuiCol_PopupBg] = ImGui::ColorConvertU32ToFloat4(theme().raised);
  style.Colors[ImGuiCol_Border] = ImGui::ColorConvertU32ToFloat4(theme().faint);
}

}  // namespace

Session::Session(const Analysis& analysis, const Options& options)
    : options_(options), analysis_(&analysis) {
  make_context();
  open();
}

Session::Session(const Options& options) : options_(options), analysis_(&owned_), progress_(0) {
  make_context();
}

Session::~Session() {
  panes_.clear();
  ImGui::DestroyContext();
}

void Session::make_context() {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  selection_.theme_name = options_.theme;
  selection_.scale = options_.scale;
  refresh_fonts();
}

void Session::replace(Analysis analysis) {
  panes_.clear();  // they refer to the old one
  owned_ = std::move(analysis);
  analysis_ = &owned_;
  progress_ = -1;
  open();
}

void Session::open() {
  panes_ = make_panes(*analysis_);
  selection_.axis = TimeAxis(analysis_->run.duration_ns);
  selection_.trace_name = options_.trace;
  keeps_notes_ = options_.keeps_notes;
  const Result<std::vector<Note>> notes = read_notes(options_.trace);
  if (notes.ok()) {
    selection_.notes = notes.value();
  } else {
    selection_.message = notes.error();
    keeps_notes_ = false;  // what cannot be read must not be overwritten
  }
  if (options_.at) return show_view(*analysis_, selection_, *options_.at);
  select_finding(*analysis_, selection_, options_.shows_all ? kNoFinding : 0);
}

void Session::wait_until_ready() {
  for (const std::unique_ptr<Pane>& pane : panes_) pane->wait();
}

bool Session::refresh_fonts() {
  if (built_scale_ == selection_.scale) return false;
  built_scale_ = selection_.scale;
  ImGui::GetIO().Fonts->Clear();
  has_fonts_ = load_fonts(options_.font, built_scale_, selection_.fonts);
  return true;
}

void Session::keep_notes() {
  if (!selection_.has_new_notes) return;
  selection_.has_new_notes = false;
  if (!keeps_notes_) {
    if (selection_.message.empty()) selection_.message = "this note is not kept";
  } else if (const auto error = write_notes(selection_.trace_name, selection_.notes)) {
    selection_.message = error->message;
  } else {
    selection_.message = "note kept in " + notes_path(selection_.trace_name);
  }
}

void Session::frame() {
  set_style(selection_.theme_name, built_scale_);
  ImGui::NewFrame();
  const ImGuiIO& io = ImGui::GetIO();
  selection_.screen = screen_of(io.DisplaySize.x, io.DisplaySize.y, ImGui::GetFontSize());
  selection_.records.clear();
  if (progress_ < 0) {
    take_keys(*analysis_, selection_);
    for (const std::unique_ptr<Pane>& pane : panes_) pane->draw(*analysis_, selection_);
    keep_notes();
    selection_.history.see(view_of(*analysis_, selection_));
  } else {
    draw_progress(options_.trace, progress_, selection_);
  }
  ImGui::Render();
}

Painter::Painter(Session& session, int width, int height)
    : session_(session), width_(width), height_(height) {
  ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  take_fonts();
}

void Painter::take_fonts() {
  unsigned char* alpha = nullptr;
  int texture_width = 0;
  int texture_height = 0;
  ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&alpha, &texture_width, &texture_height);
  rasteriser_ = std::make_unique<Rasteriser>(width_, height_,
                                             AlphaTexture(alpha, texture_width, texture_height));
}

const Picture& Painter::paint() {
  if (session_.refresh_fonts()) take_fonts();
  ImGui::GetIO().DeltaTime = 1.0F / 60;
  session_.frame();
  rasteriser_->clear(theme().background);
  rasteriser_->draw(*ImGui::GetDrawData());
  return rasteriser_->picture();
}

}  // namespace raddle::viewer
