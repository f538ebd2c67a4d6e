// SPDX-License-Identifier: Apache-2.0
// From events to the model of a run: tasks, objects and, if asked, the timeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/model/run.h"
#include "trace/event.h"

namespace raddle::load {

// Feed events in trace order, then finish. Stacks, names and all that the header says are the
// caller's to add.
class RunBuilder {
 public:
  static constexpr TaskId kMostTasks = 1u << 26;  // a damaged id must not take all memory

  explicit RunBuilder(bool with_timeline) : with_timeline_(with_timeline) {}

  // `object` is the event's object as Order numbers it.
  void event(const trace::Event& event, ObjectId object);
  // `task` accessed memory `count` times.
  void accesses(TaskId task, std::size_t count);

  // Whether the event is something that its task did.
  static bool is_of_task(const trace::Event& event);

  // Where a task slept, a moment about which no policy could decide; of each place the first.
  struct Sleep {
    TaskId task = 0;
    trace::StringId call = 0;
    StackId stack = 0;
  };
  const std::vector<Sleep>& sleeps() const { return sleeps_; }

  // What is known by now; without stacks, and with tasks that have not ended ending at -1.
  const Run& so_far() const { return run_; }
  Run finish();

 private:
  struct Lane {                // what is going on in a task
    std::int64_t wait_ns = 0;  // since when it waits
    std::uint64_t wait_value = 0;
    ObjectId wait_object = 0;
    std::uint32_t stream = 0;  // that it was resumed on
    trace::Kind wait_kind{};
    bool is_waiting = false;
    bool is_suspended = false;
    bool is_worker = false;
  };
  // Of all tasks; those of ended ones are used again.
  class Lanes {
   public:
    Lane& operator[](TaskId id) {
      if (id >= index_.size()) index_.resize(id + std::size_t{1});
      if (index_[id] == 0) index_[id] = make();
      return lanes_[index_[id]];
    }
    bool is_waiting(TaskId id) const { return id < index_.size() && lanes_[index_[id]].is_waiting; }
    // Calls f(lane) for each.
    template <typename F>
    void for_each(F f) const {
      for (const Lane& lane : lanes_) f(lane);
    }
    void end(TaskId id) {
      if (id >= index_.size() || index_[id] == 0) return;
      lanes_[index_[id]] = {};
      free_.push_back(std::exchange(index_[id], 0));
    }

   private:
    std::uint32_t make() {
      if (free_.empty()) {
        lanes_.emplace_back();
        return static_cast<std::uint32_t>(lanes_.size() - 1);
      }
      const std::uint32_t lane = free_.back();
      free_.pop_back();
      return lane;
    }

    std::vector<std::uint32_t> index_;  // into lanes_, by task; 0: none
    std::vector<Lane> lanes_{1};
    std::vector<std::uint32_t> free_;
  };
  struct Track {                       // what is going on in an object
    std::vector<std::uint32_t> open;   // holdings not ended: indices
    std::vector<std::uint32_t> depth;  // of each of them
    std::vector<TaskId> senders;       // by slot: who sent the value in it
    TaskId last_giver = 0;
    std::uint32_t fill = 0;
  };

  bool is_brief(const trace::Event& event, trace::Effect effect) const;
  void sleep(const trace::Event& event);
  Task& task(TaskId id);
  Object& object(const trace::Event& event, ObjectId id);
  void fork(const trace::Event& event);
  void set_state(TaskId id, State state, std::int64_t time_ns, ObjectId object, StackId stack);
  void end_wait(TaskId id, const trace::Event& event);
  void begin_wait(const trace::Event& event, ObjectId object);
  void follow_states(const trace::Event& event, ObjectId object);
  bool is_own(const trace::Event& event) const;
  void resume(TaskId id, const trace::Event& event);
  void follow_object(const trace::Event& event, ObjectId object);
  void take(const trace::Event& event, ObjectId object, bool is_shared);
  void give(const trace::Event& event, ObjectId object);
  void fill(const trace::Event& event, ObjectId object, bool is_send);
  void mark(const trace::Event& event, ObjectId object);
  TaskId peer_of(const trace::Event& event, ObjectId object) const;

  bool with_timeline_;
  Run run_;
  Lanes lanes_;
  std::vector<TaskId> resumed_;  // by stream: the one that runs there
  std::vector<Track> tracks_;    // by object
  std::vector<std::uint32_t> made_of_type_;
  std::vector<Sleep> sleeps_;
};

}  // namespace raddle::load
