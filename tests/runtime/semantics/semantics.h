// SPDX-License-Identifier: Apache-2.0
// What raddle does, one behaviour a row, each with its twin in go/: expected.txt is what Go
// printed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "raddle/raddle.h"

namespace semantics {

struct Row {
  std::string name;
  std::function<std::string()> see;  // runs as a task on one worker
};
std::vector<Row> channel_rows();
std::vector<Row> select_rows();
std::vector<Row> sync_rows();
std::vector<Row> more_sync_rows();
std::vector<Row> context_rows();
std::vector<Row> time_rows();
std::vector<Row> timer_rows();

// Long enough for everything that can run on one worker to run until it blocks.
void let_others_run();

// Runs f as a task: what it returns, "panics" if it throws, "blocks" if it has not ended after all
// others have run.
std::string outcome(std::function<std::string()> f);
// The same for something without a result.
std::string outcome_of(std::function<void()> f);
// What Go ends the process for: "misuse" if f throws MutexMisuse.
std::string misuse_of(const std::function<void()>& f);

// What tasks do, in its order; they run on one worker and do not switch inside note().
class History {
 public:
  void note(const std::string& word) { words_.push_back(word); }
  std::string text() const;
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
};

// Of 10 000 rounds: within more than six standard deviations, so wrong less than once in 10^9 runs.
std::string is_fair(const std::vector<int>& counts);

}  // namespace semantics
