// SPDX-License-Identifier: Apache-2.0
// Feeds a checker, in a thread of its own if asked and the run is long: while it checks, the next
// events are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/checker.h"
#include "analyzer/detect/conveyor.h"
#include "trace/merge.h"

namespace raddle {

// All members are for one thread. The checker is not to be touched before finish().
class CheckThread final : public trace::Visitor {
 public:
  // If it `forgets`, the checker may be asked to (Checker::forget), and memory does not grow with
  // the number of epochs.
  CheckThread(Checker& checker, bool has_thread, bool forgets);
  void event(const trace::Event& event) override;
  void accesses(TaskId, std::span<const trace::Access>) override {}
  bool takes_words() const override { return true; }
  void words(const trace::AccessWords& words) override;
  // Waits until the checker has seen all. Once.
  void finish() { steps_.finish(); }

 private:
  struct Step {
    trace::Event event;
    trace::AccessWords words;  // begin null: it is an event
  };
  using Steps = std::vector<Step>;
  static constexpr std::size_t kSteps = 4096;

  void add(const Step& step);
  void check(const Steps& steps);
  void check(const trace::Event& event);

  Checker& checker_;
  const bool has_thread_;
  const bool forgets_;
  std::uint64_t events_ = 0;  // checked by now
  detect::Conveyor<Steps> steps_;
};

}  // namespace raddle
