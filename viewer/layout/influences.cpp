// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/influences.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "analyzer/model/blocked.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kMostOnward = 8;     // arrows that leave one span
constexpr std::size_t kMostLookedAt = 64;  // moments between an act and who saw it

// Index of the task's first moment at `time_ns` or later.
std::size_t first_moment(const Task& task, std::int64_t time_ns) {
  std::size_t low = 0;
  std::size_t high = task.moments.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (task.moments[middle].time_ns < time_ns) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::string text_of(const Run& run, const Moment& moment) {
  const std::string verb(trace::verb_of(moment.kind));
  if (moment.object != 0) return verb + " " + short_object_label(run, moment.object);
  return moment.peer == 0 ? verb : verb + " " + short_task_label(run, moment.peer);
}

// What `peer` did last to the object before `seen`: the act itself.
std::optional<Moment> act_of(const Run& run, TaskId peer, const Moment& seen) {
  const Task& task = run.tasks[peer];
  const std::size_t behind = first_moment(task, seen.time_ns + 1);
  for (std::size_t back = 1; back <= std::min(behind, kMostLookedAt); ++back) {
    const Moment moment = task.moments[behind - back];
    if (moment.object == seen.object && moment.object != 0) return moment;
  }
  return std::nullopt;
}

Influence join_of(const Run& run, const Moment& seen, const Spot& to) {
  const Task& peer = run.tasks[seen.peer];
  return {{peer.id, std::min(peer.end_ns, seen.time_ns)}, to, "ends", 0, 0};
}

// Who let the task go on when it saw this.
std::optional<Influence> influence_on(const Run& run, TaskId task, const Moment& seen) {
  if (seen.peer == 0 || seen.peer >= run.tasks.size() || seen.peer == task) return std::nullopt;
  const Spot to = {task, seen.time_ns};
  if (trace::effect_of(seen.kind) == trace::Effect::kJoins) return join_of(run, seen, to);
  const auto act = act_of(run, seen.peer, seen);
  if (!act) return std::nullopt;
  return Influence{{seen.peer, act->time_ns}, to, text_of(run, *act), act->stack, 0};
}

std::optional<Influence> spawn_of(const Run& run, const Task& task) {
  if (task.creator == 0 || task.creator >= run.tasks.size()) return std::nullopt;
  return Influence{{task.creator, task.begin_ns},
                   {task.id, task.begin_ns},
                   "spawns " + short_task_label(run, task.id),
                   task.created_at,
                   0};
}

// What the span goes back to: the end of its wait, or of the last wait before it, or the spawn.
std::optional<Influence> origin_of(const Run& run, const Spot& spot) {
  const auto index = span_at(run, spot);
  if (!index) return std::nullopt;
  const Task& task = run.tasks[spot.task];
  for (std::size_t i = *index + 1; i > 0; --i) {
    const Span span = task.spans[i - 1];
    const bool is_over = end_of_span(task, i - 1) < run.duration_ns;
    if (!is_blocked(span.state) || !is_over) continue;
    const std::size_t first = first_moment(task, end_of_span(task, i - 1));
    const std::size_t last = std::min(task.moments.size(), first + 4);
    for (std::size_t m = first; m < last; ++m) {
      if (auto found = influence_on(run, spot.task, task.moments[m])) return found;
    }
    return std::nullopt;  // nobody is known to have ended that wait
  }
  return spawn_of(run, task);
}

// Spawns and wake-ups within the span.
void add_onward(const Run& run, const Spot& spot, std::vector<Influence>& list) {
  const auto index = span_at(run, spot);
  if (!index) return;
  const Task& task = run.tasks[spot.task];
  const Span span = task.spans[*index];
  const std::int64_t end_ns = end_of_span(task, *index);
  std::size_t count = 0;
  for (std::size_t m = first_moment(task, span.begin_ns); m < task.moments.size(); ++m) {
    const Moment moment = task.moments[m];
    if (moment.time_ns >= end_ns || count == kMostOnward) return;
    const trace::Effect effect = trace::effect_of(moment.kind);
    const bool is_onward = effect == trace::Effect::kForks || effect == trace::Effect::kMeets ||
                           effect == trace::Effect::kSignals;
    if (!is_onward || moment.peer == 0 || moment.peer >= run.tasks.size()) continue;
    list.push_back({{spot.task, moment.time_ns},
                    {moment.peer, moment.time_ns},
                    text_of(run, moment),
                    moment.stack,
                    0});
    ++count;
  }
}

}  // namespace

std::vector<Influence> influences_of(const Run& run, const Spot& spot, int most_depth) {
  std::vector<Influence> list;
  Spot at = spot;
  for (int depth = 0; depth < most_depth; ++depth) {
    auto origin = origin_of(run, at);
    if (!origin) break;
    origin->depth = depth;
    at = origin->from;
    const bool is_known = std::any_of(list.begin(), list.end(), [&](const Influence& other) {
      return other.from == origin->from;
    });
    if (is_known) break;
    list.push_back(std::move(*origin));
  }
  add_onward(run, spot, list);
  return list;
}

}  // namespace raddle::viewer
