// SPDX-License-Identifier: Apache-2.0
// The problems' main: `PROGRAM` runs the problem once, `PROGRAM N [SEED]` explores N schedules of
// it in this process.
#include <raddle/explore.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "bench/explore/problem.h"

// Where the linker put the program's globals; between them lie raddle's sites.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" char __data_start[], __start_raddle_sites[], __bss_start[], _end[];

namespace {

// What the globals are before the first run.
class Globals {
 public:
  void restore() const {
    std::memcpy(__data_start, data_.data(), data_.size());
    std::memcpy(__bss_start, bss_.data(), bss_.size());
  }

 private:
  std::vector<char> data_{__data_start, __start_raddle_sites};
  std::vector<char> bss_{__bss_start, _end};
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    problem();
    return 0;
  }
  const Globals globals;
  raddle::ExploreOptions options;
  options.time_limit = std::chrono::hours(1);  // the machine may have other things to do
  options.schedules = static_cast<unsigned>(std::atoi(arguments[1]));
  if (count > 2) options.seed = static_cast<unsigned>(std::atoi(arguments[2]));
  const raddle::Explored explored = raddle::explore(
      [&] {
        globals.restore();
        problem();
      },
      options);
  std::fputs(explored.report.c_str(), stdout);
  return explored ? 0 : 1;
}
