// SPDX-License-Identifier: Apache-2.0
// Traces written by hand:
//
//   Script s;
//   auto t1 = s.spawn(), t2 = s.spawn();
//   Mutex m(s);
//   m.lock(t1); t1.writes(x); m.unlock(t1);
//   EXPECT_EQ(s.kinds(), Kinds{"data-race"});
//
// No threads, no clocks. Every operation has a call stack of one frame whose function is the last
// name given to at(), so that findings in different functions stay apart.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/checker.h"
#include "analyzer/model/finding.h"
#include "trace/event.h"

namespace raddle::test {

using Kinds = std::vector<std::string>;
inline const Kinds kNothing{};
using trace::Kind;

// Memory orders as events carry them.
enum Order : std::uint32_t { kRelaxed = 0, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };

class Script;

// A task of the script. Copies mean the same task.
class Actor {
 public:
  Actor(Script& script, TaskId id) : script_(&script), id_(id) {}
  TaskId id() const { return id_; }
  Script& script() const { return *script_; }

  Actor& reads(std::uint64_t address, std::uint32_t bytes = 8);
  Actor& writes(std::uint64_t address, std::uint32_t bytes = 8);
  Actor& loads(std::uint64_t address, Order order = kRelaxed, std::uint64_t bytes = 8);
  Actor& stores(std::uint64_t address, Order order = kRelaxed, std::uint64_t bytes = 8);
  Actor& updates(std::uint64_t address, Order order = kRelaxed, std::uint64_t bytes = 8);
  Actor& fences(Order order);
  Actor& allocates(std::uint64_t address, std::uint64_t bytes);
  Actor& frees(std::uint64_t address, std::uint64_t bytes);
  Actor& begins();
  Actor& ends();
  Actor& joins(const Actor& other);
  Actor& detaches(const Actor& other);
  Actor& waits_for_end_of(const Actor& other);
  Actor& sleeps();
  Actor& suspends();
  Actor& wakes(const Actor& other);
  Actor& at(const std::string& function);  // where it is from now on

 private:
  Script* script_;
  TaskId id_;
};

class Script {
 public:
  // `predicts`: as AnalyzeOptions.
  explicit Script(bool predicts = false);
  Actor main() { return Actor(*this, 1); }
  // A task, by default a thread that main joins or that nobody asks about; begun at once.
  Actor spawn(const Actor& parent, std::uint32_t flags = 0);
  Actor spawn() { return spawn(main()); }
  Actor spawn_unstarted(const Actor& parent, std::uint32_t flags = 0);

  struct Op {
    std::uint64_t object = 0;
    std::uint32_t index = 0;
    TaskId peer = 0;
    std::uint64_t value = 0;
  };
  void event(TaskId task, Kind kind, const Op& op);
  void access(TaskId task, std::uint64_t address, std::uint32_t bytes, bool is_write);
  void access(TaskId task, const trace::Access& access);
  std::uint64_t new_address() { return next_address_ += 0x1000; }
  void set_function(TaskId task, const std::string& function);
  StackId stack_of(TaskId task) const;

  void returns_from_main() { event(1, Kind::kMainReturn, {}); }
  void hangs() { event(0, Kind::kHang, {}); }

  // Ends the script. Call once, or use the others, which do.
  const Analysis& analysis();
  const std::vector<Finding>& findings() { return analysis().findings; }
  Kinds kinds();

  Checker& checker() { return checker_; }

 private:
  Checker checker_;
  Analysis analysis_;
  bool is_finished_ = false;
  std::int64_t time_ns_ = 0;
  TaskId last_task_ = 1;
  std::uint64_t next_address_ = 0x10'0000;
  std::vector<Stack> stacks_{1};
  std::vector<StackId> stack_of_task_;
};

class Mutex {
 public:
  explicit Mutex(Script& script) : address_(script.new_address()) {}
  void lock(const Actor& t) { t.script().event(t.id(), Kind::kMutexLock, {address_}); }
  void unlock(const Actor& t) { t.script().event(t.id(), Kind::kMutexUnlock, {address_}); }
  void waits(const Actor& t) { t.script().event(t.id(), Kind::kMutexWait, {address_}); }
  void misuse(const Actor& t, trace::Misuse m) {
    t.script().event(t.id(), Kind::kMutexMisuse, {address_, static_cast<std::uint32_t>(m)});
  }
  std::uint64_t address() const { return address_; }

 private:
  std::uint64_t address_;
};

class RwMutex {
 public:
  explicit RwMutex(Script& script) : address_(script.new_address()) {}
  void lock(const Actor& t) { act(t, Kind::kRwMutexLock); }
  void unlock(const Actor& t) { act(t, Kind::kRwMutexUnlock); }
  void lock_shared(const Actor& t) { act(t, Kind::kRwMutexLockShared); }
  void unlock_shared(const Actor& t) { act(t, Kind::kRwMutexUnlockShared); }
  void waits(const Actor& t) { act(t, Kind::kRwMutexWait); }
  void waits_shared(const Actor& t) { act(t, Kind::kRwMutexWait, trace::kShared); }

 private:
  void act(const Actor& t, Kind kind, std::uint32_t index = 0) {
    t.script().event(t.id(), kind, {address_, index});
  }
  std::uint64_t address_;
};

class Channel {
 public:
  Channel(Script& script, std::uint64_t capacity, const Actor& maker);
  void send(const Actor& t);                              // buffered
  void recv(const Actor& t);                              // buffered
  void meet(const Actor& sender, const Actor& receiver);  // unbuffered; recorded by the receiver
  void close(const Actor& t) { act(t, Kind::kChannelClose); }
  void recv_closed(const Actor& t) { act(t, Kind::kChannelRecvClosed); }
  void send_waits(const Actor& t) { act(t, Kind::kChannelSendWait); }
  void recv_waits(const Actor& t) { act(t, Kind::kChannelRecvWait); }
  void offers_recv(const Actor& t) { act(t, Kind::kSelectCase, 0); }
  void offers_send(const Actor& t) { act(t, Kind::kSelectCase, 1); }
  void misuse(const Actor& t, trace::Misuse m) {
    act(t, Kind::kChannelMisuse, static_cast<std::uint32_t>(m));
  }

 private:
  void act(const Actor& t, Kind kind, std::uint32_t index = 0) {
    t.script().event(t.id(), kind, {address_, index});
  }
  std::uint64_t address_;
  std::uint64_t capacity_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

class WaitGroup {
 public:
  explicit WaitGroup(Script& script) : address_(script.new_address()) {}
  void add(const Actor& t, std::uint64_t n = 1);
  void done(const Actor& t);
  void waits(const Actor& t) { act(t, Kind::kWaitGroupWait, 0, counter_); }
  void waited(const Actor& t) { act(t, Kind::kWaitGroupWaited, 0, counter_); }
  void misuse(const Actor& t, trace::Misuse m) {
    act(t, Kind::kWaitGroupMisuse, static_cast<std::uint32_t>(m), counter_);
  }

 private:
  void act(const Actor& t, Kind kind, std::uint32_t index, std::uint64_t value) {
    t.script().event(t.id(), kind, {address_, index, 0, value});
  }
  std::uint64_t address_;
  std::uint64_t counter_ = 0;
};

}  // namespace raddle::test
