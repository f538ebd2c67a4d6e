// SPDX-License-Identifier: Apache-2.0
//   semantics                    prints "name: what was seen" for every row
//   semantics NAME EXPECTED      ends with status 0 if that is what is seen
#include <algorithm>
#include <cstdio>
#include <memory>

#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;

void let_others_run() {
  for (int i = 0; i < 200; ++i) yield();
}

std::string outcome(std::function<std::string()> f) {
  auto result = make_chan<std::string>(1);
  go([result, f = std::move(f)] {
    try {
      result.send(f());
    } catch (const std::exception&) {
      result.send("panics");
    }
  });
  for (int i = 0; i < 10; ++i) let_others_run();  // f may let others run itself
  return result.try_recv().value_or("blocks");
}

std::string outcome_of(std::function<void()> f) {
  return outcome([f = std::move(f)] {
    f();
    return "returns";
  });
}

std::string misuse_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const MutexMisuse&) {
    return "misuse";
  }
  return "goes on";
}

std::string History::text() const {
  std::string text;
  for (const auto& word : words_) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string is_fair(const std::vector<int>& counts) {
  constexpr int kRounds = 10000;
  constexpr int kMost = 450;
  const int expected = kRounds / static_cast<int>(counts.size());
  for (const int count : counts) {
    if (count < expected - kMost || count > expected + kMost) return "unfair";
  }
  return "fair";
}

}  // namespace semantics

int main(int argc, char** argv) {
  using namespace semantics;
  raddle::max_procs(1);
  std::vector<Row> rows;
  for (const auto& some : {channel_rows(), select_rows(), sync_rows(), more_sync_rows(),
                           context_rows(), time_rows(), timer_rows()}) {
    rows.insert(rows.end(), some.begin(), some.end());
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.name < b.name; });
  bool is_known = argc == 1;
  bool is_right = true;
  for (const Row& row : rows) {
    if (argc > 1 && row.name != argv[1]) continue;
    is_known = true;
    const std::string seen = raddle::spawn(row.see).get();
    std::printf("%s: %s\n", row.name.c_str(), seen.c_str());
    if (argc > 2 && seen != argv[2]) {
      is_right = false;
      std::printf("Go: %s\n", argv[2]);
    }
  }
  if (!is_known) std::printf("no such row: %s\n", argv[1]);
  return is_known && is_right ? 0 : 1;
}
