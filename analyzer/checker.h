// SPDX-License-Identifier: Apache-2.0
// All of the analyzer behind one stream of events: order, detectors and model.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/build_stage.h"
#include "analyzer/contradictions.h"
#include "analyzer/detect/data_race.h"
#include "analyzer/detect/detector.h"
#include "analyzer/detect/findings.h"
#include "analyzer/order/order.h"
#include "analyzer/sane_ids.h"
#include "trace/event.h"
#include "trace/late_decoders.h"
#include "trace/reader.h"

namespace raddle {

// What is made of the run besides what is found in it.
enum class Model : std::uint8_t {
  kNone,      // findings cannot be told then, only whether there are some
  kTasks,     // and objects
  kTimeline,  // AnalyzeOptions::with_timeline
};

// Feed it in trace order; then finish once. Not thread-safe; several may work side by side.
class Checker {
 public:
  // Which detectors see what: a bit for each, by their place in the list; and two for DataRace.
  struct Watchers {
    static constexpr std::uint32_t kRaceBefore = 1u << 31;
    static constexpr std::uint32_t kRaceAfter = 1u << 30;
    std::uint32_t of_accesses = 0;
    std::array<std::uint32_t, 256> of_events{};  // by an event's code
  };

  static constexpr std::uint64_t kFewEpochs = 1 << 19;

  explicit Checker(Model model, const detect::Shares& shares = {},
                   detect::Scope scope = detect::Scope::kUsual);

  // As new, with the memory that it has: for another run. Behind a finish() that has found nothing,
  // without a model, and of all memory in the caller's thread.
  void begin_again();
  // Before the first event: those of the run are of these kinds alone.
  void expect(const detect::Kinds& kinds);
  // Before the first event: the run had `events` more, which the trace has given up, and `held` was
  // held then.
  void begin_late(std::uint64_t events, const std::vector<trace::Event>& held);
  // Before the first event, and needed where there is not one share: words() will come in place of
  // accesses(), of the reader's streams. The reader outlives the checker.
  void read(const trace::Reader& reader);
  void event(const trace::Event& event);
  // What `task` accessed since its last event.
  void accesses(TaskId task, std::span<const trace::Access> batch);
  void words(const trace::AccessWords& words);

  // All events have been fed. Whether anything was found, which may still turn out to be void.
  bool finish();
  // The model without names and stacks; the caller fills them in before findings().
  Run finish_run() { return builder_.finish(); }
  BuildStage& builder() { return builder_; }
  // Instead of findings(): the races of the shares that were checked, and their places.
  std::vector<detect::Race> races() { return data_race_.finish(); }
  std::vector<detect::Place> places() const { return data_race_.places().all(); }
  // Races of shares that another checker of the same events checked. Before findings().
  void add_races(const std::vector<detect::Race>& races, const std::vector<detect::Place>& places);
  std::vector<Finding> findings(const detect::Sources& sources, Run& run);

  // While events are still fed -------------------------------------------------------------------

  // How many different things have been found by now: it changes with what findings_so_far() has.
  // With one share.
  std::size_t count_so_far();
  // Those that no later event can undo or complete.
  std::vector<Finding> findings_so_far(const detect::Sources& sources, Run& run) const;
  const BuildStage& builder() const { return builder_; }
  // Forgets epochs that no finding can need any more, if there are more than `few`, and more than
  // twice as many as were kept the last time: memory does not grow with them then. Where too much
  // is known to too many to find out which, it forgets nothing if it `keeps_findings`; else some
  // may name a later time since which nothing is ordered. Unless it `keeps_findings` it forgets
  // accesses, too, that nothing can race with any more, if shadow memory has more than a 64th of
  // `few` pages, and more than twice as many as were kept: races with a signal's handler in a
  // thread that waits for another may be missed then, and counts of races of whole pages may
  // differ; that is for one share. `few` = 0: in any case. Not with detect::Scope::kPredicted,
  // which looks back.
  void forget(bool keeps_findings, std::uint64_t few = kFewEpochs);

  // Of shadow memory that is kept: pages of a kilobyte whose accesses differ. Without threads.
  std::uint64_t page_count() const { return data_race_.page_count(); }
  const order::Order& order() const { return order_; }
  const Contradictions& contradictions() const { return contradictions_; }

 private:
  bool wants_accesses_of(TaskId task) const;
  void see_accesses(TaskId task, std::span<const trace::Access> batch);

  const detect::Scope scope_;
  trace::WholeForm form_;
  trace::Batch batch_;
  std::optional<trace::LateDecodersOf<trace::WholeForm>> decoders_;  // where words come
  order::Order order_;
  detect::Findings findings_;
  detect::DataRace data_race_;
  std::vector<std::unique_ptr<detect::Detector>> detectors_;
  const Watchers& watchers_;  // which of them
  std::uint32_t idle_ = 0;    // that can find nothing: bits as in watchers_
  BuildStage builder_;
  bool has_model_;
  SaneIds ids_;
  Contradictions contradictions_;
  bool is_finished_ = false;
  std::uint64_t kept_epochs_ = 0;
  std::uint64_t kept_pages_ = 0;
};

}  // namespace raddle
