// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace raddle::viewer {
namespace {

struct Unit {
  double ns;
  const char* name;
};
constexpr std::array<Unit, 4> kUnits = {{{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}}};

const Unit& unit_of(double time_ns) {
  for (const Unit& unit : kUnits) {
    if (std::abs(time_ns) >= unit.ns) return unit;
  }
  return kUnits.back();
}

std::string print(double value, int digits, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f%s%s", digits, value, *unit ? " " : "", unit);
  return text;
}

// Digits behind the point, so that three are shown in all.
int three_digits(double value) {
  if (value >= 99.95) return 0;
  return value >= 9.995 ? 1 : 2;
}

}  // namespace

std::string format_time(double time_ns, double step_ns) {
  if (time_ns == 0) return "0";
  const Unit& unit = unit_of(time_ns);
  const int digits = std::clamp(
      static_cast<int>(std::ceil(std::log10(unit.ns / std::max(step_ns, 1.0)) - 1e-9)), 0, 9);
  return print(time_ns / unit.ns, digits, unit.name);
}

std::string format_duration(double length_ns) {
  const Unit& unit = unit_of(length_ns);
  const double value = length_ns / unit.ns;
  return print(value, unit.ns == 1 ? 0 : three_digits(std::abs(value)), unit.name);
}

std::string format_count(std::uint64_t count) {
  const auto value = static_cast<double>(count);
  if (count < 10'000) return std::to_string(count);
  if (count < 1'000'000) return print(value / 1e3, three_digits(value / 1e3), "k");
  if (count < 1'000'000'000) return print(value / 1e6, three_digits(value / 1e6), "M");
  return print(value / 1e9, three_digits(value / 1e9), "G");
}

std::string short_task_label(const Run& run, TaskId task) {
  if (task == 0) return "?";
  if (task < run.tasks.size() && run.tasks[task].is_main) return "main";
  return "T" + std::to_string(task);
}

std::string task_label(const Run& run, TaskId task) {
  std::string label = short_task_label(run, task);
  if (task >= run.tasks.size() || run.tasks[task].is_main) return label;
  const std::string name = short_function(run.tasks[task].name);
  return name.empty() ? label : label + " " + name;
}

namespace {

// Whether its name is what the source says and its number: "accounts (mutex 3)".
bool is_named_by_source(const Object& o) {
  return !o.expression.empty() && o.name.size() > o.expression.size() + 3 &&
         o.name.starts_with(o.expression + " (") && o.name.ends_with(')');
}

// "mutex 3" of "accounts (mutex 3)".
std::string number_of(const Object& o) {
  const std::size_t begin = o.expression.size() + 2;
  return o.name.substr(begin, o.name.size() - begin - 1);
}

}  // namespace

std::string object_label(const Run& run, ObjectId object) {
  if (object == 0 || object >= run.objects.size()) return {};
  const Object& o = run.objects[object];
  const std::string type(trace::name_of(o.type));
  if (is_named_by_source(o)) {
    if (o.expression == type) return number_of(o);  // a mutex called mutex
    return o.has_namesakes ? o.name : type + " " + o.expression;
  }
  if (o.name.starts_with(type)) return o.name;
  if (o.name.empty()) return type;
  return o.type == trace::ObjectType::kAddress ? o.name : type + " " + o.name;
}

std::string part_label(const Run& run, const Party& party) {
  if (party.object == 0) return deed_text(run, party);
  return party.action + " " + object_label(run, party.object);
}

std::string step_label(const Run& run, const Step& step) {
  std::string text = short_task_label(run, step.task) + " " + step.action;
  if (step.peer != 0) text += " " + short_task_label(run, step.peer);
  if (step.object != 0) text += " " + short_object_label(run, step.object);
  return text;
}

std::string bare_part_label(const Party& party) {
  for (const char* end : {" of", " on", " to", " with", " from", " through"}) {
    if (party.object != 0 && party.action.ends_with(end)) return party.action + " it";
  }
  return party.action;
}

std::string short_object_label(const Run& run, ObjectId object) {
  if (object == 0 || object >= run.objects.size()) return {};
  const Object& o = run.objects[object];
  if (o.name.empty() ||
      (is_named_by_source(o) && (o.has_namesakes || o.expression == trace::name_of(o.type)))) {
    return object_label(run, object);
  }
  return is_named_by_source(o) ? o.expression : o.name;
}

namespace {

// The end of the bracket that opens at `at`, or npos.
std::size_t closing(std::string_view text, std::size_t at, char open, char close) {
  int depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == open) ++depth;
    if (text[i] == close && --depth == 0) return i;
  }
  return std::string_view::npos;
}

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
}

// Removes bracketed parts, but keeps "operator()" and "operator<".
void erase_brackets(std::string& text, char open, char close, std::string_view keep_behind) {
  std::size_t from = 0;
  for (std::size_t at = text.find(open, from); at != std::string::npos;
       at = text.find(open, from)) {
    const std::size_t end = closing(text, at, open, close);
    if (end == std::string::npos) return;
    if (text.substr(0, at).ends_with(keep_behind)) {
      from = end + 1;
    } else {
      text.erase(at, end - at + 1);
    }
  }
}

}  // namespace

std::string short_function(std::string_view function) {
  // Without arguments it is a C function, or a name that somebody gave: "fetch north".
  if (function.find('(') == std::string_view::npos) return std::string(function);
  std::string text(function);
  erase_all(text, "(anonymous namespace)::");
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t end = closing(text, at, '{', '}');
    if (end == std::string::npos) break;
    text.replace(at, end - at + 1, "lambda");  // {lambda(int)#1}
  }
  for (std::size_t at = text.find("'lambda"); at != std::string::npos; at = text.find("'lambda")) {
    const std::size_t end = text.find('\'', at + 1);  // 'lambda0'(int)
    if (end == std::string::npos) break;
    text.replace(at, end - at + 1, "lambda");
  }
  erase_brackets(text, '<', '>', "operator");
  erase_brackets(text, '(', ')', "operator");
  if (const std::size_t at = text.find(" const"); at != std::string::npos) text.erase(at);
  const std::size_t blank = text.rfind(' ');
  if (blank != std::string::npos && text.find("operator") > blank) text.erase(0, blank + 1);
  // Clang's name of a closure: main::$_0::operator()
  if (const std::size_t at = text.find("::$_"); at != std::string::npos) {
    const std::size_t digits = text.find_first_not_of("0123456789", at + 4);
    if (digits != std::string::npos && text.substr(digits) == "::operator()") {
      return "lambda in " + text.substr(0, at);
    }
  }
  const std::string_view call = "lambda::operator()";
  if (text.ends_with(call)) text.erase(text.size() - (call.size() - 6));
  return text;
}

const Stack& stack_of(const Run& run, StackId stack) {
  static const Stack kEmpty;
  return stack < run.stacks.size() ? run.stacks[stack] : kEmpty;
}

std::string_view state_name(State state) {
  switch (state) {
    case State::kRunning:
      return "running";
    case State::kRunnable:
      return "runnable";
    case State::kChannel:
      return "channel";
    case State::kSelect:
      return "select";
    case State::kMutex:
      return "mutex";
    case State::kSync:
      return "wait, join";
    case State::kSleep:
      return "sleep";
    case State::kIdle:
      return "idle";
  }
  return "?";
}

std::string_view state_phrase(State state) {
  switch (state) {
    case State::kRunning:
      return "runs";
    case State::kRunnable:
      return "could run, waits for a worker";
    case State::kChannel:
      return "waits on a channel";
    case State::kSelect:
      return "waits in select";
    case State::kMutex:
      return "waits for a mutex";
    case State::kSync:
      return "waits for others";
    case State::kSleep:
      return "sleeps";
    case State::kIdle:
      return "is idle";
  }
  return "?";
}

std::string_view state_word(State state) {
  switch (state) {
    case State::kRunning:
      return "run";
    case State::kRunnable:
      return "ready";
    case State::kChannel:
      return "chan";
    case State::kSelect:
      return "select";
    case State::kMutex:
      return "mutex";
    case State::kSync:
      return "wait";
    case State::kSleep:
      return "sleep";
    case State::kIdle:
      return "idle";
  }
  return "?";
}

std::string kind_title(FindingKind kind) {
  std::string text(name_of(kind));
  for (char& c : text) {
    c = c == '-' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return text;
}

bool ended_badly(const Run& run) {
  return run.end_reason != trace::EndReason::kExited || run.end_code != 0;
}

}  // namespace raddle::viewer
