// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "imgui.h"
#include "viewer/app/fonts.h"
#include "viewer/panes/pane_window.h"

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

Session::Session(const Analysis& analysis, const Options& options) : options_(options) {
  make_context();
  adopt(std::make_unique<Side>(analysis, options));
}

Session::Session(const Options& options) : options_(options) {
  make_context();
  adopt(std::make_unique<Side>(options));
}

Session::~Session() {
  sides_.clear();
  ImGui::DestroyContext();
}

void Session::make_context() {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  refresh_fonts();
}

void Session::adopt(std::unique_ptr<Side> side) {
  Selection& selection = side->selection();
  selection.theme_name = sides_.empty() ? options_.theme : sides_[0]->selection().theme_name;
  selection.scale = built_scale_;
  selection.fonts = fonts_;
  selection.can_open = can_open_;
  sides_.push_back(std::move(side));
}

Options Session::options_for(const std::string& trace) const {
  Options options = options_;
  options.trace = trace;
  options.at.reset();
  options.shows_all = false;
  return options;
}

std::size_t Session::add_side(const std::string& trace) {
  adopt(std::make_unique<Side>(options_for(trace)));
  return sides_.size() - 1;
}

void Session::allow_opening() {
  can_open_ = true;
  for (const std::unique_ptr<Side>& side : sides_) side->selection().can_open = true;
}

std::optional<Wish> Session::wish() {
  if (wishes_.empty()) return std::nullopt;
  Wish wish = std::move(wishes_.front());
  wishes_.erase(wishes_.begin());
  return wish;
}

void Session::drop(const std::vector<std::string>& files) {
  if (!can_open_) return;
  const std::size_t side = side_at_mouse();
  for (std::size_t i = 0; i < std::min(files.size(), kMostSides); ++i) {
    wishes_.push_back({files[i], i > 0, side});
  }
}

void Session::wait_until_ready() {
  for (const std::unique_ptr<Side>& side : sides_) side->wait_until_ready();
}

bool Session::refresh_fonts() {
  const double wanted = sides_.empty() ? options_.scale : sides_[0]->selection().scale;
  if (built_scale_ == wanted) return false;
  built_scale_ = wanted;
  ImGui::GetIO().Fonts->Clear();
  has_fonts_ = load_fonts(options_.font, built_scale_, fonts_);
  for (const std::unique_ptr<Side>& side : sides_) side->selection().fonts = fonts_;
  return true;
}

// Two sides stand beside each other, or below each other where that would be too narrow.
Rect Session::area_of(std::size_t side) const {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  if (sides_.size() < 2) return {0, 0, size.x, size.y};
  const float gap = 3;
  const float middle_x = std::round(size.x / 2);
  const float middle_y = std::round(size.y / 2);
  if (size.x >= 2 * static_cast<float>(kMinWidth) || size.y < 2 * static_cast<float>(kMinHeight)) {
    return side == 0 ? Rect{0, 0, middle_x - gap, size.y} : Rect{middle_x, 0, size.x, size.y};
  }
  return side == 0 ? Rect{0, 0, size.x, middle_y - gap} : Rect{0, middle_y, size.x, size.y};
}

std::size_t Session::side_at_mouse() const {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    if (area_of(i).contains({mouse.x, mouse.y})) return i;
  }
  return std::min(active_, sides_.size() - 1);
}

// Keys go to the side that the mouse is over; a line that is being typed keeps them.
void Session::choose_active() {
  active_ = std::min(active_, sides_.size() - 1);
  if (sides_[active_]->selection().prompt.kind == PromptKind::kNone) active_ = side_at_mouse();
}

// What is one for the window goes over to the other side; time does if the user wants it.
void Session::agree() {
  const Selection& from = sides_[active_]->selection();
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    if (i == active_) continue;
    Selection& to = sides_[i]->selection();
    to.theme_name = from.theme_name;
    to.scale = from.scale;
    to.moves_together = from.moves_together;
    if (from.moves_together) to.axis.frame(from.axis.begin_ns(), from.axis.end_ns());
  }
}

void Session::close_unwanted() {
  for (std::size_t i = sides_.size(); i-- > 0;) {
    Selection& selection = sides_[i]->selection();
    if (!selection.wants_trace.empty()) {
      wishes_.push_back({std::move(selection.wants_trace), selection.wants_beside, i});
      selection.wants_trace.clear();
    }
    if (!selection.wants_close) continue;
    selection.wants_close = false;
    const bool is_awaited = std::any_of(sides_.begin(), sides_.end(),
                                        [](const auto& side) { return side->is_awaited(); });
    const bool is_empty = sides_[i]->analysis().run.tasks.empty();
    if (sides_.size() > 1 && (!is_awaited || is_empty))
      sides_.erase(sides_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void Session::frame() {
  close_unwanted();
  choose_active();
  set_style(sides_[active_]->selection().theme_name, built_scale_);
  ImGui::NewFrame();
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    set_pane_side(i);
    const Rect area = area_of(i);
    sides_[i]->draw(area, i == active_);
    if (sides_.size() < 2 || i != active_) continue;
    // Which side the keys are for.
    ImGui::GetForegroundDrawList()->AddRectFilled({area.x0, area.y0}, {area.x1, area.y0 + 2},
                                                  theme().bright);
  }
  agree();
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
