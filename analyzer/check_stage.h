// SPDX-License-Identifier: Apache-2.0
// Feeds a checker, in a stage of its own if asked: while it checks, the next events are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/checker.h"
#include "analyzer/detect/pipeline.h"
#include "trace/merge.h"

namespace raddle {

// All members are for one thread. The checker is not to be touched before finish().
class CheckStage final : public trace::Visitor {
 public:
  // If it `forgets`, the checker may be asked to (Checker::forget), and memory does not grow with
  // the number of epochs. Without a pipeline all is checked by the caller.
  CheckStage(Checker& checker, detect::Pipeline* pipeline, bool forgets);
  void event(const trace::Event& event) override;
  void accesses(TaskId, std::span<const trace::Access>) override {}
  bool takes_words() const override { return true; }
  void words(const trace::AccessWords& words) override;
  // Waits until the checker has seen all. Once.
  void finish();

 private:
  enum class Step : std::uint8_t { kEvent, kWords };
  struct Steps {
    std::vector<Step> steps;
    std::vector<trace::Event> events;
    std::vector<trace::AccessWords> words;
  };
  static constexpr std::size_t kSteps = 1024;  // 50 KiB: handed over through the second cache

  void submit_if_full();
  void submit();
  void check(const Steps& steps);
  void check(const trace::Event& event);

  Checker& checker_;
  const bool is_apart_;
  const bool forgets_;
  std::uint64_t events_ = 0;  // checked by now
  std::shared_ptr<Steps> steps_ = std::make_shared<Steps>();
  detect::Stage<Steps> stage_;
};

}  // namespace raddle
