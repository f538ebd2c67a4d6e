// SPDX-License-Identifier: Apache-2.0
// For explore.py --speed: a program of fifty operations; with a number as its argument, which makes
// so many runs of them in one process.
#include <raddle/explore.h>

#include <cstdio>

#include "bench/explore/fifty_operations.h"

int main(int count, char** arguments) {
  if (count < 2) {
    fifty_operations();
    return 0;
  }
  raddle::ExploreOptions options;
  options.schedules = static_cast<unsigned>(std::atoi(arguments[1]));
  const raddle::Explored explored = raddle::explore(fifty_operations, options);
  std::fputs(explored.report.c_str(), stdout);
  return explored ? 0 : 1;
}
