// SPDX-License-Identifier: Apache-2.0
// Work in stages, each of which takes its loads one after the other, by several threads.
//
// A stage is a thread's until another one has nothing to do while much waits there: what it works
// on would have to go from processor to processor with each load. Whoever feeds the pipeline works,
// too, where it would have to wait. So threads share the work evenly as long as no stage has more
// than its part of it, whatever a run consists of.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace raddle::detect {

class AnyStage;

// Stages are made before the first load, and gone before it is.
class Pipeline {
 public:
  // Of so many threads besides the one that feeds it. They begin when there is enough to do for
  // them.
  explicit Pipeline(unsigned others) : others_(others) {}
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

 private:
  friend class AnyStage;

  // Whoever waits goes on when there is work, or room, for a while: with each load the threads
  // would take turns, and the processor's caches with them.
  static constexpr std::size_t kMostWaiting = 16;
  static constexpr std::size_t kWorthWaking = 8;
  static constexpr std::size_t kFewWaiting = 4;

  using Lock = std::unique_lock<std::mutex>;

  void submit(AnyStage& stage, std::shared_ptr<void> load);
  void settle(unsigned level);
  void remove(AnyStage& stage);
  void begin();
  void work();
  void run(AnyStage& stage, Lock& lock);
  void help(unsigned level, Lock& lock);
  bool can_run(const AnyStage& stage) const;
  static bool is_better(const AnyStage& stage, const AnyStage& other, bool is_feeder);
  AnyStage* next(unsigned from_level, bool is_feeder) const;
  bool is_settled(unsigned level) const;

  const unsigned others_;
  std::mutex mutex_;  // guards what is below, and what the stages have
  std::condition_variable has_work_;
  std::condition_variable has_changed_;  // for those who wait for room, or for the end
  std::vector<AnyStage*> stages_;
  std::size_t waiting_ = 0;  // loads
  unsigned idle_ = 0;        // threads
  unsigned held_up_ = 0;     // who waits for has_changed_
  unsigned settling_ = 0;    // who waits for the end: every load counts
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

// What stages are for the pipeline.
class AnyStage {
 public:
  AnyStage(const AnyStage&) = delete;
  AnyStage& operator=(const AnyStage&) = delete;

 protected:
  using Work = std::function<void(const std::shared_ptr<void>&)>;

  // Stages of a level feed those of the next. No pipeline: loads are worked off as they come.
  AnyStage(Pipeline* pipeline, unsigned level, Work work);
  ~AnyStage();  // drops what is not yet begun
  void submit(std::shared_ptr<void> load);
  void settle();

 private:
  friend class Pipeline;

  Pipeline* const pipeline_;
  const unsigned level_;
  const Work work_;
  std::deque<std::shared_ptr<void>> waiting_;  // in order
  bool is_full_ = false;                       // nothing that feeds it is begun
  bool is_busy_ = false;
  std::thread::id owner_;  // who has worked on it last
};

template <typename Load>
class Stage : private AnyStage {
 public:
  using Work = std::function<void(const std::shared_ptr<Load>&)>;

  Stage(Pipeline* pipeline, unsigned level, Work work)
      : AnyStage(pipeline, level, [work = std::move(work)](const std::shared_ptr<void>& load) {
          work(std::static_pointer_cast<Load>(load));
        }) {}

  // Has the load worked off, behind those before it. For one thread at a time, or the work of the
  // stage before.
  void submit(std::shared_ptr<Load> load) { AnyStage::submit(std::move(load)); }
  // Works until all that was submitted is done, here and in the stages behind. What they have made
  // can be looked at until the next submit(). For whoever feeds this stage.
  void settle() { AnyStage::settle(); }
};

}  // namespace raddle::detect
