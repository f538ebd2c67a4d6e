// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/filter.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "viewer/layout/decimal.h"
#include "viewer/layout/span_index.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// A word has no blanks: _ stands for one, or for itself.
bool has(std::string_view text, const std::string& part) {
  const std::string whole = lower(text);
  return std::search(whole.begin(), whole.end(), part.begin(), part.end(), [](char a, char b) {
           return a == b || (a == ' ' && b == '_');
         }) != whole.end();
}

bool is_named(const Run& run, const Task& task, const std::string& text) {
  const Frame* frame = user_frame(run, task.created_at);
  return has(task_label(run, task.id), text) ||
         (frame != nullptr && has(short_place_text(*frame), text));
}

// Whether one of the things that its elements are is such.
template <typename T, typename Is>
bool any_is(const TimedList<T>& list, Is is) {
  return std::any_of(list.whats().begin(), list.whats().end(), is);
}

bool has_function(const Run& run, const Task& task, const std::string& text) {
  if (has(task.name, text)) return true;
  const auto is_in = [&](const Span::What& what) {
    const std::vector<Frame>& frames = stack_of(run, what.stack).frames;
    return std::any_of(frames.begin(), frames.end(),
                       [&](const Frame& frame) { return has(frame.function, text); });
  };
  return any_is(task.spans, is_in);
}

bool is_called(const Run& run, ObjectId object, const std::string& text) {
  return has(object_label(run, object), text) || has(object_text(run, object), text);
}

bool uses(const Run& run, const Task& task, const std::string& text) {
  const auto is_it = [&](const auto& what) {
    return what.object != 0 && is_called(run, what.object, text);
  };
  return any_is(task.spans, is_it) || any_is(task.moments, is_it);
}

bool has_met(const Task& task, TaskId other) {
  return any_is(task.moments, [other](const Moment::What& what) { return what.peer == other; });
}

bool is_related(const Run& run, const Task& task, TaskId other) {
  if (task.id == other) return true;
  if (other >= run.tasks.size()) return false;
  const Task& o = run.tasks[other];
  return task.creator == other || o.creator == task.id || has_met(task, other) ||
         has_met(o, task.id);
}

// Whether a span longer than `time_ns` is in one of the states; with none given, in one that waits.
bool waits_longer(const Task& task, std::int64_t time_ns, const std::vector<State>& states) {
  for (std::size_t i = 0; i < task.spans.size(); ++i) {
    const State state = task.spans[i].state;
    const bool counts = states.empty()
                            ? state != State::kRunning && state != State::kIdle
                            : std::find(states.begin(), states.end(), state) != states.end();
    const std::int64_t end = end_of_span(task, i);
    if (counts && end - task.spans[i].begin_ns > time_ns) return true;
  }
  return false;
}

bool was_in(const Task& task, State state) {
  return any_is(task.spans, [state](const Span::What& what) { return what.state == state; });
}

}  // namespace

bool Filter::matches(const Run& run, TaskId id) const {
  const Task& task = run.tasks[id];
  std::vector<State> states;
  for (const Word& word : words_) {
    if (word.kind == Kind::kState && !word.is_negated) states.push_back(word.state);
  }
  const auto holds = [&](const Word& word) {
    switch (word.kind) {
      case Kind::kName:
        return is_named(run, task, word.text);
      case Kind::kFunction:
        return has_function(run, task, word.text);
      case Kind::kState:
        return was_in(task, word.state);
      case Kind::kDuration:
        return waits_longer(task, word.time_ns, states);
      case Kind::kObject:
        return uses(run, task, word.text);
      case Kind::kRelated:
        return is_related(run, task, word.task);
    }
    return false;
  };
  return std::all_of(words_.begin(), words_.end(),
                     [&](const Word& word) { return holds(word) != word.is_negated; });
}

TaskId parse_task(std::string_view text) {
  if (lower(text) == "main") return 1;
  if (text.starts_with('T') || text.starts_with('t')) text.remove_prefix(1);
  TaskId task = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), task);
  return error == std::errc() && end == text.data() + text.size() ? task : 0;
}

std::int64_t parse_duration(std::string_view text) {
  double value = 0;
  const std::size_t length = parse_decimal(text, value);
  if (length == 0 || value < 0 || value > 1e9) return -1;
  const std::string_view unit = text.substr(length);
  const double ns = unit == "ns" ? 1 : unit == "us" ? 1e3 : unit == "ms" ? 1e6 : 1e9;
  if (ns == 1e9 && unit != "s") return -1;
  return static_cast<std::int64_t>(value * ns);
}

namespace {

std::optional<State> parse_state(std::string_view text) {
  for (std::size_t i = 0; i < kStateCount; ++i) {
    const auto state = static_cast<State>(i);
    if (text == state_word(state) || text == state_name(state)) return state;
  }
  return std::nullopt;
}

Result<Filter::Word> parse_word(std::string_view text) {
  Filter::Word word;
  word.is_negated = text.starts_with('!');
  if (word.is_negated) text.remove_prefix(1);
  const auto take = [&](std::string_view prefix, Filter::Kind kind) {
    if (!text.starts_with(prefix)) return false;
    word.kind = kind;
    word.text = lower(text.substr(prefix.size()));
    return true;
  };
  if (take("fn:", Filter::Kind::kFunction) || take("obj:", Filter::Kind::kObject)) return word;
  if (take("state:", Filter::Kind::kState)) {
    const std::optional<State> state = parse_state(word.text);
    if (!state) return Error{"state: run ready chan select mutex wait sleep idle"};
    word.state = *state;
  } else if (take("dur>", Filter::Kind::kDuration)) {
    word.time_ns = parse_duration(word.text);
    if (word.time_ns < 0) return Error{"dur> a time, as in dur>10ms"};
  } else if (take("rel:", Filter::Kind::kRelated)) {
    word.task = parse_task(word.text);
    if (word.task == 0) return Error{"rel: a task, as in rel:T12 or rel:main"};
  } else {
    word.text = lower(text);
  }
  return word;
}

}  // namespace

std::vector<ObjectId> Filter::objects(const Run& run) const {
  std::vector<ObjectId> objects;
  for (ObjectId object = 1; object < run.objects.size(); ++object) {
    const bool is_named = std::any_of(words_.begin(), words_.end(), [&](const Word& word) {
      return word.kind == Kind::kObject && !word.is_negated && is_called(run, object, word.text);
    });
    if (is_named) objects.push_back(object);
  }
  return objects;
}

Result<Filter> parse_filter(std::string_view text) {
  Filter filter;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.empty() || part == "!") continue;
    const Result<Filter::Word> word = parse_word(part);
    if (!word.ok()) return Error{word.error()};
    filter.add(word.value());
  }
  return filter;
}

}  // namespace raddle::viewer
