// SPDX-License-Identifier: Apache-2.0
// A second opinion on happens-before, written from the definitions and not from clocks: a graph of
// what is ordered with what, closed transitively; and random traces to compare on.
#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace raddle::test {

// One step of a random trace: a synchronisation event, or an access.
struct Step {
  trace::Event event;
  bool is_access = false;
  bool is_write = false;
  std::uint32_t bytes = 0;
};

struct Mix {  // how a random trace is made
  std::size_t steps = 120;
  std::size_t tasks = 6;          // alive at a time
  std::size_t access_share = 40;  // percent of the steps; the fewer, the less a race hides another
  bool has_memory_reuse = true;   // allocate and free
  bool has_atomics = true;
};

// A trace that a real run could have left: locks are held by one, values are received once.
std::vector<Step> random_trace(std::mt19937& random, const Mix& mix);

constexpr std::size_t kMostSteps = 256;

// Which pairs of steps are unordered and conflict, by the definitions of docs/semantics.md.
class Oracle {
 public:
  explicit Oracle(const std::vector<Step>& steps);
  // Indices of two steps, the smaller first.
  const std::set<std::pair<std::size_t, std::size_t>>& races() const { return races_; }
  // For each byte with a race or a use after free: the step at which the first of them shows.
  const std::map<std::uint64_t, std::size_t>& first_of_byte() const { return first_of_byte_; }

 private:
  // A step begins and completes: a send may let know before it learns.
  static std::size_t begin_of(std::size_t step) { return 2 * step; }
  static std::size_t end_of(std::size_t step) { return 2 * step + 1; }
  void add(std::size_t from, std::size_t to) { edges_[to].push_back(from); }
  void add_program_order();
  void add_tasks();
  void add_locks();
  void add_channels();
  void add_semaphores();
  void add_releases();
  void add_atomics();
  void add_atomic(std::size_t write, std::size_t read);
  void close();
  void find_races();
  bool is_ordered(std::size_t earlier, std::size_t later) const {
    return before_[begin_of(later)][end_of(earlier)];
  }

  const std::vector<Step>& steps_;
  std::vector<std::vector<std::size_t>> edges_;  // by node: what is directly before it
  std::vector<std::bitset<2 * kMostSteps>> before_;
  std::set<std::pair<std::size_t, std::size_t>> races_;
  std::map<std::uint64_t, std::size_t> first_of_byte_;
};

}  // namespace raddle::test
