// SPDX-License-Identifier: Apache-2.0
// data-race and heap-use-after-free: conflicting accesses that nothing orders.
//
// Accesses are logged with what their tasks know, and the logs are checked apart from all else, in
// two stages of a pipeline: where the trace is whole they are decoded, and each share of memory has
// its own checked. What is found is the same, and told at the end.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/dealer.h"
#include "analyzer/detect/findings.h"
#include "analyzer/detect/pipeline.h"
#include "analyzer/detect/places.h"
#include "analyzer/detect/pool.h"
#include "analyzer/detect/race_check.h"
#include "analyzer/order/order.h"
#include "trace/event.h"
#include "trace/late_decoders.h"

namespace raddle::detect {

struct Shares {
  static constexpr int kAll = -1;
  static constexpr int kNone = -2;
  unsigned count = 1;
  int only = kAll;               // the one that is checked, or all, or none
  Pipeline* pipeline = nullptr;  // whose threads check them; null: the caller's. Outlives the check
};

// That main has returned or exit was called: what is static is destroyed from then on.
struct ProgramEnd {
  trace::TaskId task = 0;  // 0: not yet
  std::int64_t time_ns = 0;
};

// Not a Detector: it sees every access, in batches, and atomic ones on both sides of Order::take.
class DataRace {
 public:
  explicit DataRace(const Shares& shares);

  // Before the first event, and needed where there is not one share: words() will come in place of
  // accesses(), of the reader's streams. The reader outlives this.
  void read(const trace::Reader& reader);
  // Accesses that `task` made since its last event. Order::note_accesses comes before.
  void accesses(trace::TaskId task, std::span<const trace::Access> batch,
                const order::Order& order);
  void words(const trace::AccessWords& words, const order::Order& order);
  // Whether before() and after() are to be called for such events.
  static bool wants_before(trace::Effect effect);
  static bool wants_after(trace::Effect effect);
  // After Order::enter and before Order::take: frees, and the epoch of atomic accesses.
  void before(const trace::Event& event, const order::Order& order);
  // After Order::take: an atomic load that acquires is itself after what it acquired.
  void after(const trace::Event& event, const order::Order& order);

  // Behind finish(), with one share and no pipeline: as new, with the memory that it has.
  void begin_again();

  // Races that another check of the same run has found, with places of its own.
  void add(std::vector<Race> races, const std::vector<Place>& places);
  // Behind the last event, once: the races of the shares that were checked, and those added.
  std::vector<Race> finish();
  // Between two events: has all checked that was logged by now. The members below are for then.
  void settle();
  // With one share: those that were found by now.
  const std::vector<Race>& checked_races() const { return shares_[0]->check.races(); }
  // With one share: forgets accesses that can race with nothing more.
  void drop_known(const order::Order& order);
  // The epochs of the races and of all accesses that are remembered. Some share is ours.
  order::EpochSet epochs_in_use() const;
  std::uint64_t page_count() const;  // Shadow's
  // Of all races.
  const Places& places() const { return places_; }
  const ProgramEnd& program_end() const { return program_end_; }

 private:
  struct Snapshot {  // where a task's clock stands in a log
    trace::TaskId task = 0;
    std::uint32_t clock = 0;
    std::uint64_t version = 0;
    std::uint64_t log = ~std::uint64_t{0};
  };
  struct Checked {  // a share
    Checked(const Share& share, const Places& places, Pipeline* pipeline)
        : check(share, places), logs(pipeline, 2, [this](const std::shared_ptr<ShareLog>& log) {
            check.run(log->accesses, log->source->clocks);
          }) {}
    RaceCheck check;  // while there are logs, their work's
    Stage<ShareLog> logs;
  };

  void begin_actor(trace::TaskId task, order::Epoch epoch, const order::Order& order);
  AccessLog& open(const order::Order& order);
  void close();
  void submit();
  std::uint32_t snapshot(const order::Order& order);
  std::vector<Dealer::Take> takers(const Shares& shares);
  void log(const trace::Event& event, AccessKind kind, std::uint64_t bytes,
           const order::Order& order);
  void log(const trace::Event& event, Large large, const order::Order& order);
  Origin origin_of(const trace::Event& event, std::uint32_t size_bytes);

  Places places_;
  RecentPlaces recent_{places_};  // the caller's
  Pool<AccessLog> pool_;
  std::vector<std::unique_ptr<Checked>> shares_;  // null: not ours
  Dealer dealer_;                                 // while there are logs, their work's
  Stage<AccessLog> logs_;
  std::shared_ptr<AccessLog> log_;  // null: nothing is ours, or all is finished
  std::uint64_t log_number_ = 0;
  std::array<Snapshot, 256> snapshots_;
  std::vector<std::vector<Race>> found_;  // by others, and at the end
  Actor actor_;                           // of the accesses that are being logged
  std::uint64_t position_ = 0;
  order::Epoch atomic_epoch_;
  ProgramEnd program_end_;
};

// Adds the findings that the races are, in the order of the run.
void report_races(const std::vector<Race>& races, const Places& places, const order::Order& order,
                  const ProgramEnd& end, Findings& findings);

}  // namespace raddle::detect
