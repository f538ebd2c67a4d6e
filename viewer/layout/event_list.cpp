// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/event_list.h"

#include <algorithm>
#include <utility>

#include "viewer/layout/groups.h"
#include "viewer/layout/span_words.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

bool is_wait(State state) {
  switch (state) {
    case State::kChannel:
    case State::kSelect:
    case State::kMutex:
    case State::kSync:
    case State::kSleep:
      return true;
    case State::kRunning:
    case State::kRunnable:
    case State::kIdle:
      return false;
  }
  return false;
}

std::int64_t time_of(const Moment& moment) { return moment.time_ns; }
std::int64_t time_of(const Span& span) { return span.begin_ns; }

// Calls `take` with the elements of a sorted list whose times are in [begin, end): at most `most`
// on either side of `focus`.
template <typename List, typename Take>
void for_each_near(const List& list, double begin, double end, std::int64_t focus, std::size_t most,
                   Take take) {
  const auto before = [](const auto& element, double time) {
    return static_cast<double>(time_of(element)) < time;
  };
  const auto first = std::lower_bound(list.begin(), list.end(), begin, before);
  const auto last = std::lower_bound(first, list.end(), end, before);
  const auto middle = std::lower_bound(first, last, static_cast<double>(focus) + 1, before);
  const auto reach = static_cast<std::ptrdiff_t>(most);
  for (auto at = middle - std::min(reach, middle - first);
       at != middle + std::min(reach, last - middle); ++at) {
    take(*at, static_cast<std::size_t>(at - list.begin()));
  }
}

std::string moment_text(const Run& run, const Moment& moment) {
  std::string text(trace::verb_of(moment.kind));
  if (moment.object != 0) return text + " " + object_label(run, moment.object);
  return moment.peer == 0 ? text : text + " " + task_label(run, moment.peer);
}

// What goes on in libraries below the user's calls, and what the runtime's threads are told.
bool is_machinery(const Run& run, const Moment& moment) {
  if (moment.object < run.objects.size()) {
    const Object& object = run.objects[moment.object];
    // An exception that is thrown passes through one, too.
    const bool is_idle_once = object.type == trace::ObjectType::kOnce && object.waits == 0;
    if (object.is_internal || is_idle_once) return true;
  }
  return moment.peer < run.tasks.size() && is_runtime_thread(run.tasks[moment.peer]);
}

// Whether a party of the finding did this, or took here what it holds. Accesses have no time of
// their own.
bool is_part(const Finding* finding, TaskId task, std::int64_t time_ns) {
  if (finding == nullptr) return false;
  for (const Party& party : finding->parties) {
    if (party.task != task) continue;
    if (party.time_ns == time_ns && party.address == 0) return true;
    for (const Held& held : party.held) {
      if (held.since_ns == time_ns) return true;
    }
  }
  return false;
}

// Collects the lines of one list.
class Collector {
 public:
  Collector(const Analysis& analysis, const Finding* finding, double begin_ns, double end_ns,
            std::int64_t focus_ns, std::size_t most)
      : analysis_(analysis),
        words_(analysis),
        finding_(finding),
        begin_ns_(begin_ns),
        end_ns_(end_ns),
        focus_ns_(focus_ns),
        most_(most) {}

  void add_task(TaskId id) {
    const Run& run = analysis_.run;
    if (id == 0 || id >= run.tasks.size()) return;
    const Task& task = run.tasks[id];
    bool was_misuse = false;
    for_each_near(task.moments, begin_ns_, end_ns_, focus_ns_, most_,
                  [&](const Moment& moment, std::size_t) {
                    if (is_machinery(run, moment)) return;
                    std::string text = text_of(id, moment);
                    // A misuse, and what it was.
                    const bool is_twice = was_misuse && lines_.back().text == text;
                    was_misuse = trace::effect_of(moment.kind) == trace::Effect::kMisuses;
                    if (is_twice) return;
                    add({moment.time_ns, id, std::move(text), {}, moment.stack, false, false});
                  });
    for_each_near(
        task.spans, begin_ns_, end_ns_, focus_ns_, most_, [&](const Span& span, std::size_t index) {
          if (!is_wait(span.state)) return;
          const std::vector<std::string> words = words_.of(task, index);
          const auto shorter = std::find_if(words.begin(), words.end(), [](const std::string& w) {
            return w.find(", held by ") == std::string::npos;
          });
          add({span.begin_ns, id, words.front(), shorter == words.end() ? "" : *shorter, span.stack,
               true, false});
        });
  }

  // An access stands behind the last event before it.
  void add_accesses() {
    if (finding_ == nullptr) return;
    for (const Party& party : finding_->parties) {
      if (party.address == 0) continue;
      lines_.push_back({party.time_ns,
                        party.task,
                        part_label(analysis_.run, party),
                        {},
                        party.stack,
                        true,
                        true});
    }
  }

  std::vector<EventLine> take() {
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const EventLine& a, const EventLine& b) { return a.time_ns < b.time_ns; });
    if (lines_.size() <= most_) return std::move(lines_);
    const auto behind = std::upper_bound(
        lines_.begin(), lines_.end(), focus_ns_,
        [](std::int64_t time_ns, const EventLine& line) { return time_ns < line.time_ns; });
    const auto seen = static_cast<std::size_t>(behind - lines_.begin());
    // A few behind the focus, if there are any; the rest before it.
    const std::size_t few = std::min(lines_.size() - seen, most_ / 4);
    const std::size_t last = std::max(seen + few, most_);
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(last), lines_.end());
    lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(last - most_));
    return std::move(lines_);
  }

 private:
  // Of what went wrong the finding says more than the event.
  std::string text_of(TaskId task, const Moment& moment) const {
    const trace::Effect effect = trace::effect_of(moment.kind);
    const bool is_wrong = effect == trace::Effect::kMisuses || effect == trace::Effect::kPanics;
    if (is_wrong && finding_ != nullptr) {
      for (const Party& party : finding_->parties) {
        if (party.task == task && party.time_ns == moment.time_ns) {
          return part_label(analysis_.run, party);
        }
      }
    }
    return moment_text(analysis_.run, moment);
  }

  void add(EventLine line) {
    line.is_part = is_part(finding_, line.task, line.time_ns);
    lines_.push_back(std::move(line));
  }

  const Analysis& analysis_;
  SpanWords words_;
  const Finding* finding_;
  double begin_ns_, end_ns_;
  std::int64_t focus_ns_;
  std::size_t most_;
  std::vector<EventLine> lines_;
};

}  // namespace

std::vector<EventLine> events_of(const Analysis& analysis, const Finding* finding,
                                 const std::vector<TaskId>& tasks, double begin_ns, double end_ns,
                                 std::int64_t focus_ns, std::size_t most) {
  Collector collector(analysis, finding, begin_ns, end_ns, focus_ns, most);
  for (const TaskId task : tasks) collector.add_task(task);
  collector.add_accesses();
  return collector.take();
}

}  // namespace raddle::viewer
