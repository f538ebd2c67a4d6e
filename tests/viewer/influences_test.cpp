// SPDX-License-Identifier: Apache-2.0
// The arrows of a span that is selected: what it goes back to, and what it did to others.
#include "viewer/layout/influences.h"

#include <gtest/gtest.h>

namespace raddle::viewer {
namespace {

constexpr std::int64_t kEnd = 1000;

// T1 main spawns T2 at 100 and T3 at 200; object 1 is the mutex A, 2 the channel c, 3 the group g.
class Influences : public ::testing::Test {
 protected:
  Influences() {
    run_.duration_ns = kEnd;
    run_.objects.resize(4);
    name(1, trace::ObjectType::kMutex, "A");
    name(2, trace::ObjectType::kChannel, "c");
    name(3, trace::ObjectType::kWaitGroup, "g");
    run_.tasks.resize(4);
    for (TaskId id = 1; id <= 3; ++id) {
      Task& task = run_.tasks[id];
      task.id = id;
      task.is_main = id == 1;
      task.creator = id == 1 ? 0 : 1;
      task.begin_ns = (id - 1) * 100;
      task.end_ns = kEnd;
      task.spans.push_back({task.begin_ns, State::kRunning, 0, 0});
    }
    does(1, 100, trace::Kind::kTaskSpawn, 0, 2);
    does(1, 200, trace::Kind::kTaskSpawn, 0, 3);
  }

  void name(ObjectId id, trace::ObjectType type, const char* name) {
    run_.objects[id].type = type;
    run_.objects[id].name = name;
  }
  void does(TaskId task, std::int64_t time_ns, trace::Kind kind, ObjectId object, TaskId peer = 0) {
    run_.tasks[task].moments.push_back({time_ns, kind, object, peer, 0});
  }
  void waits(TaskId task, std::int64_t from_ns, std::int64_t to_ns, State state, ObjectId object) {
    run_.tasks[task].spans.push_back({from_ns, state, object, 0});
    run_.tasks[task].spans.push_back({to_ns, State::kRunning, 0, 0});
  }
  // "T2 unlocks A @450": what led to the span, the nearest first, and what it did.
  std::vector<std::string> told(Spot spot, int depth = 3) const {
    std::vector<std::string> texts;
    for (const Influence& i : influences_of(run_, spot, depth)) {
      texts.push_back("T" + std::to_string(i.from.task) + " " + i.text + " @" +
                      std::to_string(i.from.time_ns));
    }
    return texts;
  }

  raddle::Run run_;
};

using Texts = std::vector<std::string>;

TEST_F(Influences, a_first_span_goes_back_to_the_spawn) {
  EXPECT_EQ(told({2, 150}), Texts{"T1 spawns T2 @100"});
}

TEST_F(Influences, a_lock_goes_back_to_the_unlock_and_that_to_its_spawn) {
  waits(3, 300, 460, State::kMutex, 1);
  does(2, 450, trace::Kind::kMutexUnlock, 1);
  does(3, 460, trace::Kind::kMutexLock, 1, 2);
  EXPECT_EQ(told({3, 350}), (Texts{"T2 unlocks A @450", "T1 spawns T2 @100"}));
  EXPECT_EQ(told({3, 700}), (Texts{"T2 unlocks A @450", "T1 spawns T2 @100"}));
}

TEST_F(Influences, a_receive_goes_back_to_the_send) {
  waits(3, 300, 510, State::kChannel, 2);
  does(2, 500, trace::Kind::kChannelSend, 2);
  does(3, 510, trace::Kind::kChannelRecv, 2, 2);
  EXPECT_EQ(told({3, 400}, 1), Texts{"T2 sends on c @500"});
}

TEST_F(Influences, who_sees_a_close_goes_back_to_it) {
  waits(3, 300, 510, State::kChannel, 2);
  does(2, 500, trace::Kind::kChannelClose, 2);
  does(3, 510, trace::Kind::kChannelRecvClosed, 2, 2);
  EXPECT_EQ(told({3, 400}, 1), Texts{"T2 closes c @500"});
}

TEST_F(Influences, a_wait_for_a_group_goes_back_to_the_last_done) {
  waits(1, 300, 610, State::kSync, 3);
  does(2, 600, trace::Kind::kWaitGroupDone, 3);
  does(1, 610, trace::Kind::kWaitGroupWaited, 3, 2);
  EXPECT_EQ(told({1, 400}, 1), Texts{"T2 is done with g @600"});
}

TEST_F(Influences, a_join_goes_back_to_the_end) {
  waits(1, 300, 610, State::kSync, 0);
  run_.tasks[2].end_ns = 600;
  does(1, 610, trace::Kind::kTaskJoin, 0, 2);
  EXPECT_EQ(told({1, 400}, 1), Texts{"T2 ends @600"});
}

TEST_F(Influences, a_wait_that_never_ended_goes_back_to_what_was_before_it) {
  run_.tasks[3].spans.push_back({300, State::kMutex, 1, 0});
  EXPECT_EQ(told({3, 400}), Texts{"T1 spawns T3 @200"});
}

TEST_F(Influences, a_span_says_whom_it_spawned) {
  EXPECT_EQ(told({1, 50}), (Texts{"T1 spawns T2 @100", "T1 spawns T3 @200"}));
}

TEST_F(Influences, they_end_at_the_depth_that_was_asked_for) {
  waits(3, 300, 460, State::kMutex, 1);
  does(2, 450, trace::Kind::kMutexUnlock, 1);
  does(3, 460, trace::Kind::kMutexLock, 1, 2);
  EXPECT_EQ(told({3, 350}, 1).size(), 1U);
}

TEST_F(Influences, tasks_that_lock_in_turns_end_after_a_round) {
  waits(2, 300, 460, State::kMutex, 1);
  waits(3, 300, 460, State::kMutex, 1);
  for (const TaskId task : {TaskId{2}, TaskId{3}}) {
    does(task, 460, trace::Kind::kMutexLock, 1, 5 - task);
    does(task, 460, trace::Kind::kMutexUnlock, 1);
  }
  EXPECT_LE(told({3, 350}, 100).size(), 3U);
}

}  // namespace
}  // namespace raddle::viewer
