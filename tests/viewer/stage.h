// SPDX-License-Identifier: Apache-2.0
// A viewer on a stage: frames in memory, with scripted input.
#pragma once

#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "imgui.h"
#include "viewer/app/session.h"

namespace raddle::viewer {

// Built-in font, 1280x800 unless `options` say otherwise; the first frames are drawn.
class Stage {
 public:
  static Options usual_options();
  explicit Stage(Analysis analysis, const Options& options = usual_options());

  void frame() { picture_ = painter_.paint(); }
  // Each is one frame of input and one that follows it.
  void type(char letter);
  void type_all(const std::string& letters);
  void press(ImGuiKey key);
  void wheel(Point at, float notches);
  void click(Point at);
  void drag(Point from, Point to, bool with_ctrl = false);
  void point(Point at);

  const Picture& picture() const { return picture_; }
  Selection& selection() { return session_.selection(); }
  const std::vector<Record>& records() { return session_.selection().records.list(); }
  // The records of a kind, in drawing order.
  std::vector<Record> records(RecordKind kind);
  // The texts of a kind's records.
  std::vector<std::string> texts(RecordKind kind);
  // Whether a record's text contains `part`.
  bool shows(const std::string& part);

 private:
  void button(bool is_down);

  Analysis analysis_;
  Session session_;
  Painter painter_;
  Picture picture_;
};

}  // namespace raddle::viewer
