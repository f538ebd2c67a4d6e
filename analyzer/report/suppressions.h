// SPDX-License-Identifier: Apache-2.0
// Findings that the user does not want to see, by a file of patterns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "trace/result.h"

namespace raddle {

// The lines of a suppression file, ThreadSanitizer's and our own:
//
//   # a comment
//   race:PATTERN            a data-race or heap-use-after-free with a frame or variable that
//   matches race_top:PATTERN        ... with an innermost frame deadlock:PATTERN        a deadlock
//   or lock-order        mutex:PATTERN    a mutex-misuse thread:PATTERN          a thread-leak
//   signal:PATTERN   a panic called_from_lib:PATTERN any kind, by a frame's file leak:PATTERN a
//   task-leak, thread-leak or context-leak KIND:PATTERN            any kind by its own name, such
//   as channel-misuse
//
// A pattern is found anywhere in the name of a function, its file, or the object or variable; `*`
// stands for any text, `^` at the front and `$` at the end for the ends of the name.
class Suppressions {
 public:
  // Fails with file, line and what is wrong with it.
  static Result<Suppressions> read(const std::filesystem::path& file);
  static Result<Suppressions> parse(const std::string& text, const std::string& file_name);

  // Removes what matches and numbers the rest anew. Returns how many were removed.
  std::size_t apply(Analysis& analysis);
  // The lines that have matched nothing yet, as they were written.
  std::vector<std::string> unused() const;

 private:
  struct Line {
    std::string text, kind, pattern;
    bool was_used = false;
  };
  std::vector<Line> lines_;
};

}  // namespace raddle
