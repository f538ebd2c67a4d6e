// SPDX-License-Identifier: Apache-2.0
#include "bench/viewer/large_run.h"

#include <algorithm>
#include <string>
#include <utility>

namespace raddle::bench {
namespace {

constexpr std::uint64_t kMeanNs = 10'000;

// Marsaglia's xorshift64.
class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_ = 88172645463325252ULL;
};

Task lane(TaskId id, std::size_t span_count, bool is_alike, Random& random) {
  Task task;
  task.id = id;
  task.name = is_alike ? "stage" : "stage " + std::to_string(id);
  task.is_main = id == 1;
  task.creator = id == 1 ? 0 : 1;
  task.has_started = true;
  std::int64_t time_ns = 0;
  for (std::size_t i = 0; i < span_count; ++i) {
    const std::uint64_t r = random.next();
    task.spans.push_back({time_ns, static_cast<State>((r >> 20) % 8), 0, 0});
    const std::uint64_t length = r % (2 * kMeanNs);
    time_ns += static_cast<std::int64_t>((r >> 40) % 64 == 0 ? length * 100 : length) + 1;
  }
  task.end_ns = time_ns;
  return task;
}

Party waiter(TaskId task, ObjectId object, std::int64_t time_ns) {
  Party party;
  party.task = task;
  party.action = "waits to lock";
  party.object = object;
  party.time_ns = time_ns;
  return party;
}

}  // namespace

Analysis large_run(std::size_t span_count, std::size_t lane_count, bool are_alike) {
  Analysis analysis;
  Run& run = analysis.run;
  run.program = "./large";
  run.events = span_count;
  run.end_reason = trace::EndReason::kHung;
  run.stacks.resize(1);
  run.objects.resize(3);
  for (ObjectId i = 1; i < 3; ++i) {
    run.objects[i].type = trace::ObjectType::kMutex;
    run.objects[i].name = "mutex " + std::to_string(i);
  }
  Random random;
  run.tasks.resize(1);
  for (std::size_t i = 1; i <= lane_count; ++i) {
    run.tasks.push_back(lane(static_cast<TaskId>(i), span_count / lane_count, are_alike, random));
    run.duration_ns = std::max(run.duration_ns, run.tasks.back().end_ns);
  }
  Finding finding;
  finding.id = 1;
  finding.kind = FindingKind::kDeadlock;
  finding.title = "2 tasks wait for each other in a circle";
  finding.parties = {waiter(1, 1, run.duration_ns - 1000), waiter(2, 2, run.duration_ns - 1000)};
  finding.edges = {{0, 1, 1}, {1, 2, 0}};
  analysis.findings = {std::move(finding)};
  return analysis;
}

}  // namespace raddle::bench
