// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/finding_time.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace raddle::viewer {
namespace {

// The span that holds at the party's time.
std::optional<std::size_t> span_of(const Run& run, const Party& party) {
  if (party.task >= run.tasks.size()) return std::nullopt;
  const TimedList<Span>& spans = run.tasks[party.task].spans;
  const auto behind =
      std::upper_bound(spans.begin(), spans.end(), party.time_ns,
                       [](std::int64_t t, const Span& span) { return t < span.begin_ns; });
  if (behind == spans.begin()) return std::nullopt;
  return static_cast<std::size_t>(behind - spans.begin()) - 1;
}

}  // namespace

std::int64_t wait_begin(const Run& run, const Party& party) {
  const auto span = span_of(run, party);
  return span ? run.tasks[party.task].spans[*span].begin_ns : party.time_ns;
}

std::int64_t wait_end(const Run& run, const Party& party) {
  const auto span = span_of(run, party);
  return span ? end_of_span(run.tasks[party.task], *span) : run.duration_ns;
}

bool waits_to_the_end(const Run& run, const Party& party) {
  const auto span = span_of(run, party);
  return span && run.tasks[party.task].spans[*span].state != State::kRunning &&
         wait_end(run, party) >= run.duration_ns;
}

namespace {

bool lasts(FindingKind kind) {
  switch (kind) {
    case FindingKind::kDeadlock:
    case FindingKind::kTaskLeak:
    case FindingKind::kThreadLeak:
    case FindingKind::kContextLeak:
    case FindingKind::kLostWakeup:
      return true;
    case FindingKind::kDataRace:
    case FindingKind::kHeapUseAfterFree:
    case FindingKind::kLockOrder:
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
    case FindingKind::kPanic:
    case FindingKind::kLivelock:
      return false;
  }
  return false;
}

}  // namespace

TimeRange range_of(const Run& run, const Finding& finding) {
  if (finding.parties.empty()) return {0, static_cast<double>(run.duration_ns)};
  double begin = 1e300;
  double end = -1e300;
  const auto take = [&](std::int64_t time_ns) {
    begin = std::min(begin, static_cast<double>(time_ns));
    end = std::max(end, static_cast<double>(time_ns));
  };
  for (const Party& party : finding.parties) {
    take(party.time_ns);
    if (lasts(finding.kind)) take(wait_begin(run, party));
    if (lasts(finding.kind) && party.held.empty() && party.task < run.tasks.size()) {
      take(run.tasks[party.task].begin_ns);
      // A thread that nobody joins is told by its life.
      if (finding.kind == FindingKind::kThreadLeak) take(run.tasks[party.task].end_ns);
    }
    for (const Held& held : party.held) take(held.since_ns);
  }
  // What a race's sides share is worth seeing unless the pair would vanish beside it.
  const double common = static_cast<double>(finding.last_common_ns);
  if (common >= 0 && begin - common < 8 * std::max(end - begin, 1000.0)) begin = common;
  // A single moment is seen among what was around it.
  double share = lasts(finding.kind) ? 2e-5 : 0.01;
  if (!lasts(finding.kind) && finding.parties.size() > 1) share = 1e-3;
  const double least = std::max(static_cast<double>(run.duration_ns) * share, 1000.0);
  const double length = std::max(end - begin, least);
  const double behind = lasts(finding.kind) ? length * 2 : length * 0.5;
  const double last = static_cast<double>(run.duration_ns) + length * 0.1;
  return {begin - length * 0.5, std::min(end + behind, last)};
}

}  // namespace raddle::viewer
