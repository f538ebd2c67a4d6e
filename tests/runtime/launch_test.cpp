// SPDX-License-Identifier: Apache-2.0
// What a trace says of tasks that come and go: as little as can be.
#include <map>
#include <set>

#include "tests/runtime/record_fixture.h"

namespace raddle {
namespace {

class LaunchTest : public RecordTest {
 protected:
  // From each spawn of a task to the next one.
  std::vector<std::vector<Kind>> by_spawn() const {
    std::vector<std::vector<Kind>> kinds;
    for (const Event& event : seen_.events) {
      if (event.kind == Kind::kTaskSpawn) kinds.emplace_back();
      if (!kinds.empty()) kinds.back().push_back(event.kind);
    }
    return kinds;
  }
};

TEST_F(LaunchTest, a_task_that_is_waited_for_is_told_of_in_eight_events) {
  record("joined_tasks");
  const std::vector<Kind> one = {Kind::kTaskSpawn,  Kind::kJoinWait,  Kind::kTaskBegin,
                                 Kind::kTaskEnd,    Kind::kTaskReady, Kind::kStackEnd,
                                 Kind::kTaskResume, Kind::kTaskJoin};
  EXPECT_GE(std::ranges::count(by_spawn(), one), 90) << "of a hundred";
}

TEST_F(LaunchTest, a_stream_runs_a_task_from_its_beginning_on) {
  record("tasks_from_everywhere");
  std::size_t ended = 0;
  for (const Event& event : seen_.events) {
    if (event.kind != Kind::kTaskBegin && event.kind != Kind::kTaskEnd) continue;
    EXPECT_EQ(event.task, event.object);
    ended += event.kind == Kind::kTaskEnd ? 1 : 0;
  }
  EXPECT_GE(ended, 4000u);
}

TEST_F(LaunchTest, a_stack_is_said_to_be_new_unless_its_stream_has_said_that_it_is_free) {
  record("tasks_from_everywhere");
  std::map<std::uint64_t, std::uint32_t> left_in;  // by lowest address
  std::set<std::uint64_t> fresh;
  std::size_t used_again = 0;
  std::size_t changed_stream = 0;
  for (const Event& event : seen_.events) {
    if (event.kind == Kind::kStackEnd) left_in[event.object] = event.stream;
    if (event.kind == Kind::kStackBegin) fresh.insert(event.object);
    if (event.kind != Kind::kTaskSpawn || (event.index & trace::kThread) != 0) continue;
    const trace::Extent stack = trace::spawned_stack(event);
    EXPECT_EQ(stack.bytes, 256u << 10);
    const bool is_new = fresh.erase(stack.address) != 0;
    const auto left = left_in.find(stack.address);
    const bool is_free_here = left != left_in.end() && left->second == event.stream;
    EXPECT_NE(is_new, is_free_here) << "stack of task " << event.object;
    used_again += is_free_here ? 1 : 0;
    changed_stream += left != left_in.end() && is_new ? 1 : 0;
  }
  EXPECT_GT(used_again, 0u);
  EXPECT_GT(changed_stream, 0u);
}

}  // namespace
}  // namespace raddle
