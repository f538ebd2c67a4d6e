// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace raddle {

std::string_view name_of(State state) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(State::kIdle) + 1> kNames =
      {"running", "ready", "channel", "select", "mutex", "sync", "sleep", "idle"};
  return kNames[static_cast<std::size_t>(state)];
}

namespace {

// " at dir/a.cpp:3:1", or nothing.
std::string at_place(const Run& run, StackId stack) {
  const Frame* frame = user_frame(run, stack);
  const std::string place = frame == nullptr ? "" : place_text(*frame);
  return place.empty() ? "" : " at " + place;
}

}  // namespace

std::string task_text(const Run& run, TaskId task) {
  if (task == 0 || task >= run.tasks.size()) return "an unknown task";
  const Task& t = run.tasks[task];
  if (t.is_main) return "main";
  std::string text = (t.is_thread ? "thread " : "task ") + std::to_string(task);
  if (!t.name.empty()) return text + " (" + t.name + ")";
  const Frame* creation = user_frame(run, t.created_at);
  const std::string place = creation == nullptr ? "" : short_place_text(*creation);
  return place.empty() ? text : text + " (" + place + ")";
}

std::string object_text(const Run& run, ObjectId object) {
  if (object == 0 || object >= run.objects.size()) return {};
  return run.objects[object].name;
}

std::string object_text(const Run& run, const Party& party) {
  return party.object != 0 ? object_text(run, party.object) : party.object_text;
}

std::string address_text(std::uint64_t address) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint64_t rest = address; rest != 0; rest >>= 4) text += kDigits[rest & 15];
  std::reverse(text.begin(), text.end());
  return "0x" + text;
}

std::string deed_text(const Run& run, const Party& party) {
  const std::string object = object_text(run, party);
  if (object.empty()) return party.action;
  return party.action + (party.address != 0 ? " (" + object + ")" : " " + object);
}

std::string party_text(const Run& run, const Party& party) {
  return task_text(run, party.task) + " " + deed_text(run, party);
}

std::string memory_text(const Run& run, const Memory& memory) {
  if (memory.size_bytes == 0) return {};
  if (memory.is_stack) return "the stack of " + task_text(run, memory.task);
  std::string text = "a block of " + std::to_string(memory.size_bytes) +
                     (memory.size_bytes == 1 ? " byte" : " bytes") + " that " +
                     task_text(run, memory.task) + " allocated";
  return text + at_place(run, memory.stack);
}

std::string step_text(const Run& run, const Step& step) {
  std::string text = task_text(run, step.task) + " " + step.action;
  if (step.peer != 0) text += " " + task_text(run, step.peer);
  if (step.object != 0) text += " " + object_text(run, step.object);
  text += at_place(run, step.stack);
  if (step.count > 1) text += ", " + std::to_string(step.count) + " times";
  return text;
}

std::vector<std::pair<std::string_view, std::string>> story_of(const Run& run,
                                                               const Finding& finding) {
  std::vector<std::pair<std::string_view, std::string>> lines;
  if (std::string memory = memory_text(run, finding.memory); !memory.empty()) {
    lines.emplace_back("memory", std::move(memory));
  }
  if (finding.last_common.task != 0) {
    lines.emplace_back("last ordered", step_text(run, finding.last_common));
  }
  std::string_view label = "history";
  for (const Step& step : finding.history) {
    lines.emplace_back(std::exchange(label, ""), step_text(run, step));
  }
  return lines;
}

std::size_t user_frame_index(const Stack& stack) {
  for (std::size_t i = 0; i < stack.frames.size(); ++i) {
    if (!stack.frames[i].is_library && !stack.frames[i].file.empty()) return i;
  }
  return 0;
}

const Frame* user_frame(const Run& run, StackId stack) {
  if (stack >= run.stacks.size() || run.stacks[stack].frames.empty()) return nullptr;
  return &run.stacks[stack].frames[user_frame_index(run.stacks[stack])];
}

std::string place_text(const Frame& frame) {
  if (frame.file.empty()) return {};
  std::string place = frame.file;
  if (frame.line != 0) place += ":" + std::to_string(frame.line);
  if (frame.line != 0 && frame.column != 0) place += ":" + std::to_string(frame.column);
  return place;
}

std::string short_place_text(const Frame& frame) {
  if (frame.file.empty()) return {};
  const std::string name = frame.file.substr(frame.file.find_last_of('/') + 1);
  return frame.line == 0 ? name : name + ":" + std::to_string(frame.line);
}

std::size_t task_count(const Run& run) {
  return static_cast<std::size_t>(std::count_if(run.tasks.begin(), run.tasks.end(),
                                                [](const Task& task) { return task.id != 0; }));
}

std::string how_ended(const Run& run) {
  if (run.is_snapshot) return "runs on";
  switch (run.end_reason) {
    case trace::EndReason::kUnknown:
      return "was killed, or is still running";
    case trace::EndReason::kExited:
      return "exited with status " + std::to_string(run.end_code);
    case trace::EndReason::kSignaled:
      return "ended by signal " + std::to_string(run.end_code);
    case trace::EndReason::kPanicked:
      return "panicked";
    case trace::EndReason::kHung:
      return "hung: nothing could move any more";
    case trace::EndReason::kLivelocked:
      return "was ended: it went round without end";
    case trace::EndReason::kRecorderStopped:
      return "was not recorded to its end";
  }
  return {};
}

}  // namespace raddle
