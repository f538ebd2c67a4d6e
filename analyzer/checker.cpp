// SPDX-License-Identifier: Apache-2.0
#include "analyzer/checker.h"

#include <utility>

namespace raddle {

using trace::Event;
using trace::ObjectType;

namespace {

// Ids are counted from 1, so one far beyond the number of events is damage.
constexpr std::uint64_t kIdsWithoutEvent = 100'000;

}  // namespace

Checker::Checker(bool with_timeline, const detect::Shares& shares, bool predicts)
    : data_race_(shares), detectors_(detect::make_detectors(predicts)), builder_(with_timeline) {
  for (const std::unique_ptr<detect::Detector>& detector : detectors_) {
    if (detector->wants_accesses()) access_watchers_.push_back(detector.get());
    for (std::size_t code = 0; code < watchers_.size(); ++code) {
      const auto kind = static_cast<trace::Kind>(code);
      if (trace::is_known(static_cast<std::uint8_t>(code)) &&
          detector->wants(trace::effect_of(kind))) {
        watchers_[code].push_back(detector.get());
      }
    }
  }
}

bool Checker::is_sane(const Event& event) const {
  const std::uint64_t limit = kIdsWithoutEvent + 8 * events_;
  if (event.task > limit || event.peer > limit) return false;
  return trace::object_type_of(event.kind) != ObjectType::kTask || event.object <= limit;
}

void Checker::event(const Event& event) {
  ++events_;
  if (!is_sane(event)) return;
  order_.enter(event);
  builder_.event(event, order_.object());
  data_race_.before(event, order_);
  for (detect::Detector* watcher : watchers_[static_cast<std::uint8_t>(event.kind)]) {
    watcher->see(event, order_, findings_);
  }
  order_.take(event);
  data_race_.after(event, order_);
}

void Checker::accesses(TaskId task, std::span<const trace::Access> batch) {
  if (batch.empty() || task == 0 || task > kIdsWithoutEvent + 8 * events_) return;
  order_.note_accesses(task);
  builder_.accesses(task, batch);
  for (detect::Detector* watcher : access_watchers_) watcher->see_accesses(task, batch);
  data_race_.accesses(task, batch, order_);
}

void Checker::add_races(const std::vector<detect::Race>& races,
                        const std::vector<detect::Place>& places) {
  std::vector<detect::Race> known;
  for (const detect::Race& race : races) {  // a file may say anything
    const auto& [earlier, later, address] = race.conflict;
    if (order_.has_record({earlier.slot, earlier.count}) &&
        order_.has_record({later.slot, later.count}) && order_.knows(race.task)) {
      known.push_back(race);
    }
  }
  data_race_.add(std::move(known), places);
}

bool Checker::finish() {
  if (is_finished_) return !findings_.is_empty();
  is_finished_ = true;
  detect::report_races(data_race_.finish(), data_race_.places(), order_, findings_);
  for (const std::unique_ptr<detect::Detector>& detector : detectors_) {
    detector->finish(order_, findings_);
  }
  return !findings_.is_empty();
}

std::vector<Finding> Checker::findings(const detect::Sources& sources, Run& run) {
  finish();
  return findings_.finish(sources, run);
}

}  // namespace raddle
