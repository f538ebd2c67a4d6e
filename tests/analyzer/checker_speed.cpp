// SPDX-License-Identifier: Apache-2.0
// How fast the checker is on one core: events and accesses a second on a generated run.
//
//   checker_speed [tasks] [millions of accesses]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

#include "analyzer/checker.h"

namespace {

using raddle::trace::Access;
using raddle::trace::Event;
using raddle::trace::Kind;

constexpr std::size_t kLocks = 64;
constexpr std::size_t kWords = 1 << 11;  // of each task's own memory, and of each lock's
constexpr std::size_t kBatch = 16;       // accesses between two events of a task

}  // namespace

int main(int argc, char** argv) {
  const auto tasks = static_cast<raddle::TaskId>(argc > 1 ? std::atoi(argv[1]) : 16);
  const std::size_t total = (argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20) * 1'000'000;
  std::mt19937 random(1);
  // Prepared batches: half of the accesses to the task's own memory, half to what a lock guards.
  std::vector<std::vector<Access>> batches(4096);
  std::vector<std::uint32_t> lock_of(batches.size());
  std::vector<raddle::TaskId> task_of(batches.size());
  for (std::size_t b = 0; b < batches.size(); ++b) {
    lock_of[b] = static_cast<std::uint32_t>(random() % kLocks);
    task_of[b] = 2 + static_cast<raddle::TaskId>(random() % tasks);
    for (std::size_t i = 0; i < kBatch; ++i) {
      Access access;
      const bool is_own = random() % 2 == 0;
      const std::uint64_t base = is_own ? 0x1000'0000 + 0x10'0000ull * task_of[b]
                                        : 0x8000'0000 + 0x10'0000ull * lock_of[b];
      access.address = base + 8 * (random() % kWords);
      access.size_bytes = 8;
      access.is_write = random() % 3 == 0;
      access.site = 1 + static_cast<std::uint32_t>(random() % 500);
      access.stack = access.site + 1000 * static_cast<std::uint32_t>(random() % 3);
      batches[b].push_back(access);
    }
  }
  raddle::Checker checker(raddle::Model::kTasks);
  Event event;
  std::uint64_t events = 0;
  const auto emit = [&](raddle::TaskId task, Kind kind, std::uint64_t object) {
    event.kind = kind;
    event.task = task;
    event.object = object;
    event.time_ns = static_cast<std::int64_t>(++events);
    event.stack = 1;
    checker.event(event);
  };
  const std::clock_t start = std::clock();
  for (raddle::TaskId t = 0; t < tasks; ++t) emit(1, Kind::kTaskSpawn, 2 + t);
  std::size_t accesses = 0;
  for (std::size_t b = 0; accesses < total; b = (b + 1) % batches.size()) {
    emit(task_of[b], Kind::kMutexLock, 0x5000 + 64 * lock_of[b]);
    checker.accesses(task_of[b], batches[b]);
    emit(task_of[b], Kind::kMutexUnlock, 0x5000 + 64 * lock_of[b]);
    accesses += kBatch;
  }
  const double cpu_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const double records = static_cast<double>(accesses + events) / 1e6;
  raddle::Run run = checker.finish_run();
  raddle::detect::Sources sources;
  sources.stack_of = [](raddle::trace::SiteId, raddle::StackId stack) { return stack; };
  sources.variable_of = [](raddle::trace::SiteId, raddle::StackId) { return std::string(); };
  std::printf("tasks=%u records=%.1fM cpu=%.2fs rate=%.1fM/s findings=%zu\n", tasks, records, cpu_s,
              records / cpu_s, checker.findings(sources, run).size());
  return 0;
}
