// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/wait_chain.h"

#include <algorithm>
#include <iterator>

#include "analyzer/model/blocked.h"

namespace raddle::viewer {
namespace {

// Who held the object at the time, other than `not_task`; 0: nobody.
TaskId holder_of(const Run& run, ObjectId object, std::int64_t time_ns, TaskId not_task) {
  if (object == 0 || object >= run.objects.size()) return 0;
  // They are sorted by their begins. Before the last one that has begun, only readers that share
  // the object can still hold it; more than these few are not looked at, every frame must be quick.
  constexpr std::ptrdiff_t kMostReaders = 64;
  const HoldingList& holdings = run.objects[object].holdings;
  const auto behind = std::upper_bound(
      holdings.begin(), holdings.end(), time_ns,
      [](std::int64_t time, const Holding& holding) { return time < holding.begin_ns; });
  const auto first = behind - std::min(kMostReaders, behind - holdings.begin());
  for (auto at = behind; at != first;) {
    --at;
    if (time_ns < at->end_ns && at->task != not_task) return at->task;
  }
  return 0;
}

// The peer of what the task did first when its wait had ended.
TaskId ended_by(const Task& task, std::int64_t end_ns) {
  const auto at =
      std::lower_bound(task.moments.begin(), task.moments.end(), end_ns,
                       [](const Moment& m, std::int64_t time_ns) { return m.time_ns < time_ns; });
  return at == task.moments.end() || at->peer == task.id ? 0 : at->peer;
}

std::optional<Spot> along_edge(const Finding* finding, const Spot& spot, bool is_forward) {
  if (finding == nullptr) return std::nullopt;
  for (const WaitEdge& edge : finding->edges) {
    const std::size_t here = is_forward ? edge.from : edge.to;
    const std::size_t there = is_forward ? edge.to : edge.from;
    if (here >= finding->parties.size() || there >= finding->parties.size()) continue;
    if (finding->parties[here].task != spot.task) continue;
    return Spot{finding->parties[there].task, finding->parties[there].time_ns};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> span_at(const Run& run, const Spot& spot) {
  if (spot.task == 0 || spot.task >= run.tasks.size()) return std::nullopt;
  const TimedList<Span>& spans = run.tasks[spot.task].spans;
  if (spans.empty()) return std::nullopt;
  const auto behind = std::upper_bound(
      spans.begin(), spans.end(), spot.time_ns,
      [](std::int64_t time_ns, const Span& span) { return time_ns < span.begin_ns; });
  return behind == spans.begin() ? 0 : static_cast<std::size_t>(behind - spans.begin()) - 1;
}

std::optional<Spot> who_is_waited_for(const Run& run, const Finding* finding, const Spot& spot) {
  if (const auto known = along_edge(finding, spot, true)) return known;
  const auto index = span_at(run, spot);
  if (!index || !is_blocked(run.tasks[spot.task].spans[*index].state)) return std::nullopt;
  const Task& task = run.tasks[spot.task];
  const Span span = task.spans[*index];
  const std::int64_t end_ns = end_of_span(task, *index);
  TaskId other = holder_of(run, span.object, end_ns - 1, spot.task);
  if (other == 0) other = holder_of(run, span.object, span.begin_ns, spot.task);
  if (other == 0 && end_ns < run.duration_ns) other = ended_by(task, end_ns);
  if (other == 0 || other >= run.tasks.size()) return std::nullopt;
  return Spot{other, spot.time_ns};
}

std::optional<Spot> who_waits(const Run& run, const Finding* finding, const Spot& spot) {
  if (const auto known = along_edge(finding, spot, false)) return known;
  for (const Task& task : run.tasks) {
    if (task.id == 0 || task.id == spot.task || task.begin_ns > spot.time_ns ||
        task.end_ns < spot.time_ns) {
      continue;
    }
    const auto index = span_at(run, {task.id, spot.time_ns});
    if (!index || !is_blocked(task.spans[*index].state)) continue;
    if (who_is_waited_for(run, nullptr, {task.id, spot.time_ns}) == spot) {
      return Spot{task.id, spot.time_ns};
    }
  }
  return std::nullopt;
}

std::optional<Spot> neighbour(const Run& run, const Spot& spot, int step) {
  const auto index = span_at(run, spot);
  if (!index) return std::nullopt;
  const TimedList<Span>& spans = run.tasks[spot.task].spans;
  const auto next = static_cast<std::ptrdiff_t>(*index) + step;
  if (next < 0 || next >= std::ssize(spans)) return std::nullopt;
  return Spot{spot.task, spans[static_cast<std::size_t>(next)].begin_ns};
}

}  // namespace raddle::viewer
