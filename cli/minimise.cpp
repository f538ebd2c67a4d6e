// SPDX-License-Identifier: Apache-2.0
#include "cli/minimise.h"

#include <utility>

namespace raddle::cli {
namespace {

// Decisions in a row for the same one.
struct Segment {
  std::uint32_t id = 0;
  std::size_t length = 0;
};

std::vector<Segment> segments_of(const Schedule& schedule) {
  std::vector<Segment> segments;
  for (const std::uint32_t id : schedule.choices) {
    if (segments.empty() || segments.back().id != id) segments.push_back({id, 0});
    ++segments.back().length;
  }
  return segments;
}

Schedule with(const Schedule& schedule, const std::vector<Segment>& segments) {
  Schedule changed{schedule.header, {}, {}};
  for (const Segment& segment : segments) {
    changed.choices.insert(changed.choices.end(), segment.length, segment.id);
  }
  return changed;
}

class Search {
 public:
  Search(const Schedule& schedule, unsigned tries, const TrySchedule& attempt)
      : best_(schedule), tries_(tries), attempt_(attempt) {}

  Schedule go() {
    cut_the_end();
    while (undo_one_switch()) {
    }
    return best_;
  }

 private:
  // Whether `changed` fails too, with fewer switches: it is the best then.
  bool is_better(const Schedule& changed) {
    if (tries_ == 0) return false;
    --tries_;
    const std::optional<Schedule> result = attempt_(changed);
    if (!result || switches(*result) >= switches(best_)) return false;
    best_ = *result;
    return true;
  }

  void cut_the_end() {
    for (std::size_t kept = 0; kept < best_.choices.size() && tries_ > 0;
         kept = kept == 0 ? 1 : kept * 2) {
      Schedule shorter = best_;
      shorter.choices.resize(kept);
      if (is_better(shorter)) return;
    }
  }

  bool undo_one_switch() {
    const std::vector<Segment> segments = segments_of(best_);
    for (std::size_t i = 1; i + 1 < segments.size() && tries_ > 0; ++i) {
      if (segments[i - 1].id != segments[i + 1].id) continue;
      std::vector<Segment> changed = segments;
      std::swap(changed[i], changed[i + 1]);
      if (is_better(with(best_, changed))) return true;
    }
    return false;
  }

  Schedule best_;
  unsigned tries_;
  const TrySchedule& attempt_;
};

}  // namespace

Schedule minimise(const Schedule& schedule, unsigned tries, const TrySchedule& attempt) {
  return Search(schedule, tries, attempt).go();
}

}  // namespace raddle::cli
