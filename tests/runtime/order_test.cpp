// SPDX-License-Identifier: Apache-2.0
// The events of each object are recorded in the order in which it changed; annotations say what the
// program says.
#include <map>

#include "tests/runtime/record_fixture.h"

namespace raddle {
namespace {

class OrderTest : public RecordTest {
 protected:
  // What happened to each object of this type.
  std::map<std::uint64_t, std::vector<Event>> by_object(trace::ObjectType type) const {
    std::map<std::uint64_t, std::vector<Event>> objects;
    for (const Event& event : seen_.events) {
      if (trace::object_type_of(event.kind) == type) objects[event.object].push_back(event);
    }
    return objects;
  }
  void record_parties() {
    record("parties");
    ASSERT_TRUE(exited_with(0)) << err_;
  }
};

TEST_F(OrderTest, a_mutex_is_locked_and_unlocked_in_turns_by_its_holder) {
  record_parties();
  std::size_t locks = 0;
  for (const auto& [object, events] : by_object(trace::ObjectType::kMutex)) {
    trace::TaskId holder = 0;
    for (const Event& event : events) {
      if (event.kind == Kind::kMutexLock) {
        EXPECT_EQ(holder, 0u) << "locked twice";
        holder = event.task;
        ++locks;
      } else if (event.kind == Kind::kMutexUnlock) {
        EXPECT_EQ(holder, event.task);
        holder = 0;
      }
    }
  }
  EXPECT_GE(locks, 400u) << "four tasks a hundred times each";
}

TEST_F(OrderTest, a_buffered_channel_is_never_emptier_than_empty_nor_fuller_than_full) {
  record_parties();
  std::size_t sends = 0;
  for (const auto& [object, events] : by_object(trace::ObjectType::kChannel)) {
    std::uint64_t capacity = 0, sent = 0, received = 0;
    for (const Event& event : events) {
      if (event.kind == Kind::kChannelMake) capacity = event.value;
      if (event.kind == Kind::kChannelSend) EXPECT_EQ(event.index, sent++ % capacity);
      if (event.kind == Kind::kChannelRecv) EXPECT_EQ(event.index, received++ % capacity);
      EXPECT_LE(received, sent);
      EXPECT_LE(sent - received, capacity);
    }
    EXPECT_EQ(received, sent);
    sends += sent;
  }
  EXPECT_EQ(sends, 400u);
}

TEST_F(OrderTest, a_close_comes_after_all_sends_and_before_it_is_seen) {
  record_parties();
  std::size_t seen = 0;
  for (const auto& [object, events] : by_object(trace::ObjectType::kChannel)) {
    bool is_closed = false;
    for (const Event& event : events) {
      if (event.kind == Kind::kChannelClose) is_closed = true;
      if (event.kind == Kind::kChannelSend || event.kind == Kind::kChannelMeet) {
        EXPECT_FALSE(is_closed);
      }
      if (event.kind == Kind::kChannelRecvClosed) {
        EXPECT_TRUE(is_closed);
        ++seen;
      }
    }
  }
  EXPECT_EQ(seen, 5u) << "two receivers of one channel, three of the other";
}

TEST_F(OrderTest, a_wait_group_is_waited_for_when_as_many_are_done_as_were_added) {
  record_parties();
  std::size_t waited = 0;
  for (const auto& [object, events] : by_object(trace::ObjectType::kWaitGroup)) {
    std::uint64_t left = 0;
    for (const Event& event : events) {
      if (event.kind == Kind::kWaitGroupAdd) EXPECT_EQ(event.value, ++left);
      if (event.kind == Kind::kWaitGroupDone) EXPECT_EQ(event.value, --left);
      if (event.kind == Kind::kWaitGroupWaited) {
        EXPECT_EQ(left, 0u);
        ++waited;
      }
    }
  }
  EXPECT_EQ(waited, 2u);
}

TEST_F(OrderTest, an_annotated_release_stands_before_its_acquire) {
  record("annotated");
  std::vector<std::pair<Kind, trace::TaskId>> order;
  for (const Event& event : seen_.events) {
    if (event.kind == Kind::kReleaseAddress || event.kind == Kind::kAcquireAddress) {
      order.emplace_back(event.kind, event.task);
    }
  }
  ASSERT_EQ(order.size(), 2u);
  EXPECT_EQ(order[0].first, Kind::kReleaseAddress);
  EXPECT_EQ(order[1].first, Kind::kAcquireAddress);
  EXPECT_NE(order[0].second, order[1].second) << "by the annotated task, and by main";
}

TEST_F(OrderTest, what_runs_between_annotated_switches_is_the_annotated_tasks) {
  record("annotated");
  ASSERT_EQ(count(Kind::kTaskEnd), 1u);
  trace::TaskId task = 0;
  for (const Event& event : seen_.events) {
    if (event.kind == Kind::kTaskEnd) task = static_cast<trace::TaskId>(event.object);
  }
  ASSERT_NE(task, 0u);
  for (const auto& [who, access] : seen_.all_accesses) {
    const std::uint32_t line = reader_->site(access.site).line;
    if (line == 10) EXPECT_EQ(who, task);
    if (line == 20) EXPECT_EQ(who, 1u);
  }
  EXPECT_EQ(writes_at_line(10), 1u);
  EXPECT_EQ(writes_at_line(20), 1u);
}

TEST_F(OrderTest, accesses_between_ignore_begin_and_its_end_are_not_recorded) {
  record("annotated");
  EXPECT_EQ(writes_at_line(20), 1u) << "before them";
  EXPECT_EQ(writes_at_line(30), 0u);
}

}  // namespace
}  // namespace raddle
