// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/sheet.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

// The blanks that all of the lines first..last (from 1) begin with: they only cost room.
std::size_t common_indent(const std::vector<std::string>& lines, std::uint32_t first,
                          std::uint32_t last) {
  std::size_t least = std::string::npos;
  for (std::uint32_t n = first; n <= last; ++n) {
    const std::size_t indent = lines[n - 1].find_first_not_of(' ');
    if (indent != std::string::npos) least = std::min(least, indent);
  }
  return least == std::string::npos ? 0 : least;
}

}  // namespace

Sheet::Sheet(PaneWindow& window, const Rect& pane, const Run& run, Selection& selection,
             SourceText& source)
    : window_(window),
      canvas_(window.canvas()),
      run_(run),
      selection_(selection),
      source_(source),
      em_(ImGui::GetFontSize()),
      line_(line_height()) {
  x0_ = pane.x0 + std::round(em_ * 1.1F);
  x1_ = pane.x1 - std::round(em_ * 1.3F);
  top_ = pane.y0 - window.scroll();
  y_ = top_ + std::round(em_ * 0.6F);
}

float Sheet::height() const { return y_ - top_ + em_; }

void Sheet::record(RecordKind kind, std::uint64_t id, const Rect& rect, std::string text,
                   std::size_t index) {
  const std::uint32_t finding =
      selection_.finding == kNoFinding ? 0 : static_cast<std::uint32_t>(selection_.finding + 1);
  selection_.records.add({kind, id, index, rect, std::move(text), finding, 1});
}

void Sheet::heading(ImU32 colour, std::string_view text, std::string_view chip) {
  const Rect rect = line(std::round(em_ * 1.6F));
  const Rect drawn = canvas_.text_in(rect, colour, text, Align::kLeft, selection_.fonts.strong);
  if (!chip.empty()) {
    const float width = text_width(chip) + em_;
    if (drawn.x1 + width + em_ < x1_) {
      canvas_.pill({x1_ - width, rect.middle_y()}, theme().raised, theme().text, chip);
    }
  }
  y_ = rect.y1 + std::round(em_ * 0.2F);
}

void Sheet::title(std::string_view text) {
  y_ += std::round(em_ * 0.7F);
  for (const std::string& part : wrapped(text, x1_ - x0_, selection_.fonts.strong)) {
    canvas_.text_in(line(line_), theme().text, part, Align::kLeft, selection_.fonts.strong);
    y_ += line_;
  }
}

void Sheet::paragraph(ImU32 colour, std::string_view text) {
  const float top = y_;
  for (const std::string& part : wrapped(text, x1_ - x0_)) {
    canvas_.text_in(line(line_), colour, part);
    y_ += line_;
  }
  record(RecordKind::kText, 0, {x0_, top, x1_, y_}, std::string(text));
}

float Sheet::begin_block(bool is_selected) {
  y_ += std::round(em_ * 0.5F);
  is_block_selected_ = is_selected;
  canvas_.list()->ChannelsSplit(2);
  canvas_.list()->ChannelsSetCurrent(1);
  const float top = y_;
  y_ += std::round(em_ * 0.35F);
  return top;
}

bool Sheet::end_block(float top, TaskId task, std::size_t party) {
  y_ += std::round(em_ * 0.45F);
  const float pad = std::round(em_ * 0.6F);
  const Rect box = {x0_ - pad, top, x1_ + pad, y_};
  canvas_.list()->ChannelsSetCurrent(0);
  canvas_.fill(box, theme().raised, 3);
  if (is_block_selected_) canvas_.fill({box.x0, box.y0, box.x0 + 3, box.y1}, theme().text);
  canvas_.list()->ChannelsMerge();
  record(RecordKind::kParty, task, box, task_label(run_, task), party);
  return window_.is_clicked(box);
}

void Sheet::party_name(TaskId task, std::string_view text) {
  const Rect rect = line(line_);
  const Rect name =
      canvas_.text_in(rect, theme().text, text, Align::kLeft, selection_.fonts.strong);
  const Frame* frame =
      task < run_.tasks.size() ? user_frame(run_, run_.tasks[task].created_at) : nullptr;
  y_ += line_;
  if (frame == nullptr) return;
  const std::string place = short_place_text(*frame);
  const std::string whole =
      "created by " + short_task_label(run_, run_.tasks[task].creator) + " at " + place;
  const Rect rest = {name.x1 + em_, rect.y0, rect.x1, rect.y1};
  record(RecordKind::kText, 0, rest, whole);
  for (const std::string& words : {whole, "created at " + place}) {
    if (text_width(words) > rest.width()) continue;
    canvas_.text_in(rest, theme().faint, words, Align::kRight);
    return;
  }
  canvas_.text_in({x0_ + em_, y_, x1_, y_ + line_}, theme().faint,
                  text_width(whole) <= x1_ - x0_ - em_ ? whole : "created at " + place);
  y_ += line_;
}

void Sheet::fact(ImU32 colour, const std::string& what, std::int64_t time_ns, StackId stack) {
  const Frame* frame = user_frame(run_, stack);
  std::string where = frame == nullptr ? std::string() : short_place_text(*frame);
  if (time_ns > 0) {
    const auto t = static_cast<double>(time_ns);
    const std::string time = format_time(t, t / 1e4);
    where = where.empty() ? time : time + "   " + where;
  }
  const float where_width = where.empty() ? 0 : text_width(where) + em_;
  const Rect rect = line(line_);
  record(RecordKind::kText, 0, rect, what + (where.empty() ? "" : "   " + where));
  const bool has_own_line = text_width(what) + where_width > x1_ - x0_ - em_;
  for (const std::string& part : wrapped(what, x1_ - x0_ - em_)) {
    canvas_.text_in({x0_ + em_, y_, x1_, y_ + line_}, colour, part);
    y_ += line_;
  }
  if (where.empty()) return;
  if (!has_own_line) y_ -= line_;
  canvas_.text_in(line(line_), theme().dim, where, Align::kRight);
  y_ += line_;
}

void Sheet::created(TaskId task) {
  if (task == 0 || task >= run_.tasks.size() || run_.tasks[task].creator == 0) return;
  const Frame* frame = user_frame(run_, run_.tasks[task].created_at);
  std::string text = short_task_label(run_, task) + " was created by " +
                     short_task_label(run_, run_.tasks[task].creator);
  if (frame != nullptr) text += " at " + short_place_text(*frame);
  paragraph(theme().faint, text);
}

void Sheet::frames(const Stack& stack) {
  constexpr std::size_t kMost = 12;
  std::size_t hidden = 0;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < stack.frames.size(); ++i) {
    const Frame& frame = stack.frames[i];
    if (frame.is_library || shown == kMost) {
      ++hidden;
      continue;
    }
    const Rect rect = line(line_);
    const std::string where = short_place_text(frame);
    const float where_width = where.empty() ? 0 : text_width(where) + em_;
    const std::string name =
        frame.function.empty() ? "(unknown function)" : short_function(frame.function);
    const std::string number = "#" + std::to_string(shown++);
    const float indent = text_width("#00 ");
    canvas_.text_in(rect, theme().faint, number);
    const bool has_own_line = indent + text_width(name) + where_width > x1_ - x0_;
    canvas_.text_in(
        {rect.x0 + indent, rect.y0, has_own_line ? rect.x1 : rect.x1 - where_width, rect.y1},
        theme().dim, name);
    if (has_own_line) y_ += line_;
    canvas_.text_in(line(line_), theme().faint, where, Align::kRight);
    record(RecordKind::kFrame, 0, {rect.x0, rect.y0, rect.x1, y_ + line_}, name + "   " + where, i);
    y_ += line_;
  }
  if (hidden > 0) {
    canvas_.text_in(line(line_), theme().faint,
                    "+ " + std::to_string(hidden) +
                        (hidden == 1 ? " frame of a library" : " frames of libraries"));
    y_ += line_;
  }
}

void Sheet::place(const std::string& title_text, StackId stack, ImU32 colour) {
  title(title_text);
  const Frame* frame = user_frame(run_, stack);
  if (frame == nullptr) {
    paragraph(theme().faint, "No stack was recorded here.");
    return;
  }
  excerpt(*frame, colour);
  frames(stack_of(run_, stack));
}

void Sheet::other_way(const std::string& who, StackId stack) {
  paragraph(theme().dim, who + " came there by:");
  frames(stack_of(run_, stack));
}

void Sheet::excerpt(const Frame& frame, ImU32 colour) {
  const std::vector<std::string>& lines = source_.lines(frame.file);
  if (frame.line == 0 || frame.line > lines.size()) return;
  constexpr std::uint32_t kAround = 2;
  const std::uint32_t first = frame.line > kAround ? frame.line - kAround : 1;
  const auto last =
      std::min<std::uint32_t>(frame.line + kAround, static_cast<std::uint32_t>(lines.size()));
  const std::size_t margin = common_indent(lines, first, last);
  ImFont* font = selection_.fonts.code;
  const float step = std::round((font == nullptr ? em_ : font->FontSize) * 1.32F);
  const float numbers = text_width(std::to_string(last) + "  ", font);
  y_ += 2;
  const Rect box = {x0_, y_, x1_, y_ + step * static_cast<float>(last - first + 1) + 6};
  canvas_.fill(box, theme().background, 3);
  y_ += 3;
  for (std::uint32_t n = first; n <= last; ++n) {
    const Rect rect = {x0_ + 6, y_, x1_ - 4, y_ + step};
    const bool is_marked = n == frame.line;
    if (is_marked) {
      canvas_.fill({x0_, y_, x1_, y_ + step}, with_alpha(colour, 70));
      canvas_.fill({x0_, y_, x0_ + 3, y_ + step}, colour);
    }
    canvas_.text_in({rect.x0, rect.y0, rect.x0 + numbers, rect.y1},
                    is_marked ? theme().text : theme().faint, std::to_string(n), Align::kLeft,
                    font);
    canvas_.text_in({rect.x0 + numbers, rect.y0, rect.x1, rect.y1},
                    is_marked ? theme().bright : theme().dim,
                    std::string_view(lines[n - 1]).substr(std::min(margin, lines[n - 1].size())),
                    Align::kLeft, font);
    record(RecordKind::kSource, n, rect, lines[n - 1] + (is_marked ? " <<" : ""));
    y_ += step;
  }
  y_ = box.y1 + 2;
}

}  // namespace raddle::viewer
