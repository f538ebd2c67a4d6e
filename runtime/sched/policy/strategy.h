// SPDX-License-Identifier: Apache-2.0
// How the next one to run is chosen: one strategy a file, policies.cpp is the list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "runtime/record/turns.h"
#include "trace/event.h"
#include "trace/schedule.h"

namespace raddle::sched {

class Experience;
class ScheduleFile;

// One that could run now.
struct Choice {
  trace::TaskId id = 0;
  const void* object = nullptr;  // that it is about to operate on; null: not known
  bool is_current = false;       // it runs now
  bool has_yielded = false;      // it has just given way to the others
};

// Repeatable numbers: splitmix64 (Steele, Lea and Flood 2014, section 5).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15u;
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9u;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }

 private:
  std::uint64_t state_;
};

class Strategy {
 public:
  explicit Strategy(std::uint64_t seed) : random_(seed), of_time_(~seed) {}
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;
  virtual ~Strategy() = default;
  // The index of the one that runs next. There are at least two, in no order.
  virtual std::size_t choose(std::span<const Choice> choices) = 0;
  // In which of `count` ways, two or more, the one that runs goes on: which ready case a select
  // takes, which waiter a notify wakes.
  virtual std::size_t pick(std::size_t count) { return random_.below(count); }

  // Whether time passes now, up to what is due next, although others can go on; asked before each
  // operation while something is due soon. Without an own opinion: in three runs of four, now and
  // then or seldom.
  virtual bool passes_time();

  // What happens, chosen or not. `id` does what it was about to do with the object.
  virtual void goes_on(trace::TaskId /*id*/, const void* /*object*/) {}
  // The one that runs does something to this object, too.
  virtual void touches(const void* /*object*/) {}
  virtual void begins(trace::TaskId /*parent*/, trace::TaskId /*id*/) {}
  virtual void time_passes() {}

 protected:
  Random random_;

 private:
  Random of_time_;  // apart: what is drawn of the others is the same with time-outs and without
  std::size_t asked_for_one_ = SIZE_MAX;  // how often, on average, for each yes; 0: never
};

// Whether what others do to it can be told from this.
inline bool is_known(const void* object) {
  return object != nullptr && object != record::Turns::own_matter();
}

inline constexpr std::uint32_t kNoBound = UINT32_MAX;

// What a strategy is told. `steps`: how many decisions an earlier run of the program took, or a
// guess.
struct StrategyOptions {
  std::uint64_t seed = 0;
  std::uint32_t depth = 3;
  std::uint32_t steps = 100;
  const char* targets = "";                // of surw: addresses, see record/options.h
  const ScheduleFile* schedule = nullptr;  // of follow
  std::uint32_t preemptions = kNoBound;    // most, of depth-first
  Experience* experience = nullptr;        // null: nothing is known of earlier runs
};

std::unique_ptr<Strategy> make_random_walk(const StrategyOptions& options);
std::unique_ptr<Strategy> make_pct(const StrategyOptions& options);
std::unique_ptr<Strategy> make_pos(const StrategyOptions& options);
std::unique_ptr<Strategy> make_surw(const StrategyOptions& options);
std::unique_ptr<Strategy> make_depth_first(const StrategyOptions& options);
std::unique_ptr<Strategy> make_portfolio(const StrategyOptions& options);
std::unique_ptr<Strategy> make_follow(const StrategyOptions& options);

// The strategy of this name; null: there is none.
std::unique_ptr<Strategy> make_strategy(std::string_view name, const StrategyOptions& options);

}  // namespace raddle::sched
