// SPDX-License-Identifier: Apache-2.0
// A pool of 8 workers over 50 jobs: one channel brings the jobs, another the results.
// EXPECT: nothing
// EXPECT-OUTPUT: sum of squares 40425
#include <cstdio>

#include "raddle/raddle.h"

constexpr int kWorkers = 8;
constexpr int kJobs = 50;

void work(raddle::RecvChan<int> jobs, raddle::SendChan<int> results) {
  for (int job : jobs) results.send(job * job);
}

int main() {
  auto jobs = raddle::make_chan<int>(kJobs);
  auto results = raddle::make_chan<int>(kJobs);
  raddle::WaitGroup workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.go([jobs, results] { work(jobs, results); });
  }
  for (int job = 0; job < kJobs; ++job) jobs.send(job);
  jobs.close();
  workers.wait();
  results.close();
  long sum = 0;
  for (int result : results) sum += result;
  std::printf("sum of squares %ld\n", sum);
}
