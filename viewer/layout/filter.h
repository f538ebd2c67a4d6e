// SPDX-License-Identifier: Apache-2.0
// Which tasks to show: `fn:bank state:mutex dur>10ms !pool rel:T12`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/run.h"
#include "trace/result.h"

namespace raddle::viewer {

// Words, all of which must hold; `!` before a word negates it.
//   bank          in the task's label ("T12 worker") or where it was created
//   fn:bank       in a function of a stack in which it waited, or in its name
//   state:mutex   was in that state (run ready chan select mutex wait sleep idle)
//   dur>10ms      waited longer at once (ns us ms s); with state: words, in one of those states
//   obj:queue     waited for or used an object of that name
//   rel:T12       is that task, created it, was created by it, woke it, was woken by it, or took
//                 over from it
class Filter {
 public:
  enum class Kind : std::uint8_t { kName, kFunction, kState, kDuration, kObject, kRelated };
  struct Word {
    Kind kind{};
    bool is_negated = false;
    std::string text;          // in lower case
    State state{};             // of kState
    std::int64_t time_ns = 0;  // of kDuration
    TaskId task = 0;           // of kRelated
  };

  bool is_empty() const { return words_.empty(); }
  void add(Word word) { words_.push_back(std::move(word)); }
  // Looks at all spans and moments of the task, and for rel: at the other's too.
  bool matches(const Run& run, TaskId task) const;
  // Those that its obj: words name, in the order of Run::objects. Looks at all objects.
  std::vector<ObjectId> objects(const Run& run) const;

 private:
  std::vector<Word> words_;
};

// Fails with what is wrong and what would be right.
Result<Filter> parse_filter(std::string_view text);
// "T12", "12" and "main" (which is task 1); 0 if it is none of these.
TaskId parse_task(std::string_view text);
// "10ms" in nanoseconds (ns, us, ms, s); < 0 if it is no time.
std::int64_t parse_duration(std::string_view text);

}  // namespace raddle::viewer
