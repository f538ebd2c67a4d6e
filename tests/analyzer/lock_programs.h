// SPDX-License-Identifier: Apache-2.0
// Small programs of locks and variables: random ones, one run of each as a trace, and all of their
// schedules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "tests/analyzer/script.h"

namespace raddle::test {

struct LockStep {
  enum class Act : std::uint8_t { kLock, kUnlock, kRelease, kAcquire, kRead, kWrite };
  Act act;
  int object;
  // Of an acquire: how many releases of the object must have been. Of a write: its number, from 1;
  // of a read: whose it must read, 0: none.
  int nth = 0;
};
using LockProgram = std::vector<std::vector<LockStep>>;  // by task

// Random nesting of locks, now and then a release or an acquire, and accesses of the variables.
std::vector<LockStep> random_task(std::mt19937& random, int locks, int variables);

// One run of it that ends, as a trace; what acquires and reads saw is fixed by it. False: this run
// got stuck.
bool run(LockProgram& program, Script& script, std::mt19937& random);

// All schedules in which each acquire and each read sees what is fixed.
class LockSchedules {
 public:
  explicit LockSchedules(const LockProgram& program) : program_(program), at_(program.size(), 0) {}

  // Whether some tasks can come to wait for each other in a circle of locks.
  bool has_circle();

 private:
  int holder(int lock) const;
  int releases(int object) const;
  bool may_step(std::size_t t) const;
  bool is_circle() const;

  const LockProgram& program_;
  std::vector<std::size_t> at_;  // the next step of each task
  std::map<int, int> written_;   // the last write of each variable
  std::set<std::pair<std::vector<std::size_t>, std::map<int, int>>> seen_;
};

}  // namespace raddle::test
