// SPDX-License-Identifier: Apache-2.0
#include "analyzer/checker.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <utility>

namespace raddle {

using trace::Event;

namespace {

using Detectors = std::vector<std::unique_ptr<detect::Detector>>;

constexpr std::uint64_t kEpochsPerPage = 64;   // a third of the memory that one takes in Shadow
constexpr std::uint64_t kMostKnown = 1 << 21;  // epochs for which clocks alone are looked through
constexpr std::uint32_t kRaceBefore = Checker::Watchers::kRaceBefore;
constexpr std::uint32_t kRaceAfter = Checker::Watchers::kRaceAfter;

std::uint64_t square(std::uint64_t number) { return number * number; }

Checker::Watchers ask(const Detectors& detectors) {
  Checker::Watchers watchers;
  std::uint32_t bit = 1;
  for (const std::unique_ptr<detect::Detector>& detector : detectors) {
    if (detector->wants_accesses()) watchers.of_accesses |= bit;
    for (std::size_t code = 0; code < watchers.of_events.size(); ++code) {
      const auto kind = static_cast<trace::Kind>(code);
      if (trace::is_known(static_cast<std::uint8_t>(code)) &&
          detector->wants(trace::effect_of(kind))) {
        watchers.of_events[code] |= bit;
      }
    }
    bit <<= 1;
  }
  for (std::size_t code = 0; code < watchers.of_events.size(); ++code) {
    if (!trace::is_known(static_cast<std::uint8_t>(code))) continue;
    const trace::Effect effect = trace::effect_of(static_cast<trace::Kind>(code));
    if (detect::DataRace::wants_before(effect)) watchers.of_events[code] |= kRaceBefore;
    if (detect::DataRace::wants_after(effect)) watchers.of_events[code] |= kRaceAfter;
  }
  return watchers;
}

// The same in each checker: asked once, for a short run is checked in less time than that takes.
const Checker::Watchers& watchers_of(const Detectors& detectors, detect::Scope scope) {
  static std::array<std::once_flag, 3> asked;
  static std::array<Checker::Watchers, 3> watchers;
  const auto index = static_cast<std::size_t>(scope);
  std::call_once(asked[index], [&] { watchers[index] = ask(detectors); });
  return watchers[index];
}

}  // namespace

Checker::Checker(Model model, const detect::Shares& shares, detect::Scope scope)
    : scope_(scope),
      data_race_(shares),
      detectors_(detect::make_detectors(scope)),
      watchers_(watchers_of(detectors_, scope)),
      builder_(model == Model::kTimeline, shares.pipeline),
      has_model_(model != Model::kNone) {}

// Detectors have little of their own while they find nothing.
void Checker::begin_again() {
  order_.begin_again();
  findings_ = {};
  data_race_.begin_again();
  detectors_ = detect::make_detectors(scope_);
  ids_ = {};
  idle_ = 0;
  is_finished_ = false;
  kept_epochs_ = 0;
}

void Checker::expect(const detect::Kinds& kinds) {
  idle_ = 0;
  for (std::size_t i = 0; i < detectors_.size(); ++i) {
    if (!detectors_[i]->can_find(kinds)) idle_ |= 1u << i;
  }
}

void Checker::begin_late(std::uint64_t events, const std::vector<Event>& held) {
  ids_.count(events);
  order_.begin_late(held);
}

void Checker::event(const Event& event) {
  if (!ids_.accepts(event)) return;
  const std::uint32_t watchers = watchers_.of_events[static_cast<std::uint8_t>(event.kind)];
  const bool only_resumes = trace::effect_of(event.kind) == trace::Effect::kResumes;
  if (only_resumes && watchers == 0 && !has_model_) return order_.resume(event);
  order_.enter(event);
  if (has_model_) {
    builder_.event(event, order_.object());
    contradictions_.see(event, order_);
  }
  if ((watchers & kRaceBefore) != 0) data_race_.before(event, order_);
  std::uint32_t watching = watchers & ~(kRaceBefore | kRaceAfter | idle_);
  for (; watching != 0; watching &= watching - 1) {
    detectors_[static_cast<std::size_t>(std::countr_zero(watching))]->see(event, order_, findings_);
  }
  order_.take(event);
  if ((watchers & kRaceAfter) != 0) data_race_.after(event, order_);
}

void Checker::read(const trace::Reader& reader) {
  decoders_.emplace(reader, form_);
  data_race_.read(reader);
}

void Checker::accesses(TaskId task, std::span<const trace::Access> batch) {
  if (batch.empty() || task == 0 || !ids_.accepts(task)) return;
  order_.note_accesses(task);
  if (has_model_) builder_.accesses(task, static_cast<std::uint32_t>(batch.size()));
  see_accesses(task, batch);
  data_race_.accesses(task, batch, order_);
}

void Checker::words(const trace::AccessWords& words) {
  const TaskId task = words.task;
  if (task == 0 || !ids_.accepts(task)) return;
  order_.note_accesses(task);
  if (has_model_) builder_.accesses(task, words.count);
  if (wants_accesses_of(task)) {
    decoders_->visit(
        words, [this] { return std::span(batch_); },
        [&](std::size_t count) {
          see_accesses(task, std::span(batch_).first(count));
          return wants_accesses_of(task);
        });
  }
  data_race_.words(words, order_);
}

// Somebody other than DataRace.
bool Checker::wants_accesses_of(TaskId task) const {
  if (has_model_ && builder_.wants_entries(task)) return true;
  std::uint32_t watching = watchers_.of_accesses & ~idle_;
  for (; watching != 0; watching &= watching - 1) {
    const auto& detector = detectors_[static_cast<std::size_t>(std::countr_zero(watching))];
    if (detector->wants_accesses_of(task)) return true;
  }
  return false;
}

void Checker::see_accesses(TaskId task, std::span<const trace::Access> batch) {
  if (has_model_) builder_.add_entries(task, batch);
  std::uint32_t watching = watchers_.of_accesses & ~idle_;
  for (; watching != 0; watching &= watching - 1) {
    detectors_[static_cast<std::size_t>(std::countr_zero(watching))]->see_accesses(task, batch);
  }
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
  detect::report_races(data_race_.finish(), data_race_.places(), order_, data_race_.program_end(),
                       findings_);
  for (std::size_t i = 0; i < detectors_.size(); ++i) {
    if ((idle_ >> i & 1) == 0) detectors_[i]->finish(order_, findings_);
  }
  return !findings_.is_empty();
}

std::size_t Checker::count_so_far() {
  data_race_.settle();
  return findings_.draft_count() + data_race_.checked_races().size();
}

// As much work again as it takes has come first.
void Checker::forget(bool keeps_findings, std::uint64_t few) {
  const auto has_epochs_beyond = [&](std::uint64_t some) {
    return order_.epoch_count() > std::max(some, 2 * kept_epochs_);
  };
  if (few != 0 && keeps_findings && !has_epochs_beyond(few)) return;
  data_race_.settle();  // whatever is logged was known less of
  const std::uint64_t pages = data_race_.page_count();
  // To look through memory takes its time, too.
  const std::uint64_t known = std::min(kMostKnown, square(order_.slot_count()));
  const bool has_many_epochs = has_epochs_beyond(std::max({few, pages * kEpochsPerPage, known}));
  const bool has_many_pages =
      !keeps_findings && pages > std::max(few / kEpochsPerPage, 2 * kept_pages_);
  if (few != 0 && !has_many_epochs && !has_many_pages) return;
  if (!keeps_findings) data_race_.drop_known(order_);
  kept_pages_ = data_race_.page_count();
  order::EpochSet kept = data_race_.epochs_in_use();
  if (!order_.add_next_epochs(kept) && keeps_findings) {
    kept_epochs_ = order_.epoch_count();
    return;
  }
  kept_epochs_ = kept.size();
  order_.forget_epochs(kept);
}

std::vector<Finding> Checker::findings_so_far(const detect::Sources& sources, Run& run) const {
  detect::Findings found = findings_;
  detect::report_races(data_race_.checked_races(), data_race_.places(), order_,
                       data_race_.program_end(), found);
  return found.finish(sources, run);
}

std::vector<Finding> Checker::findings(const detect::Sources& sources, Run& run) {
  finish();
  return findings_.finish(sources, run);
}

}  // namespace raddle
