// SPDX-License-Identifier: Apache-2.0
// What a span of a task says.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/model/finding.h"

namespace raddle::viewer {

// Refers to the analysis, which must outlive it and stay as it is.
class SpanWords {
 public:
  explicit SpanWords(const Analysis& analysis);

  // From the whole sentence to one word, at least one: "waits to lock mutex B, held by T17" ...
  // "mutex B", "B". Whoever draws takes the first that fits.
  std::vector<std::string> of(const Task& task, std::size_t span) const;

 private:
  const Party* party_in(const Task& task, std::size_t span) const;

  const Analysis& analysis_;
  std::unordered_map<TaskId, std::vector<const Party*>> parties_;
};

}  // namespace raddle::viewer
