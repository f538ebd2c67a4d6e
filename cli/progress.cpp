// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace raddle::cli {

bool is_watched() { return ::isatty(STDERR_FILENO) == 1; }

Progress::~Progress() {
  if (percent_ >= 0) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(double share) {
  const int percent = std::clamp(static_cast<int>(share * 100), 0, 100);
  if (percent == percent_ || Clock::now() < begin_) return;
  percent_ = percent;
  std::fprintf(stderr, "\rraddle: checking, %d %%", percent);
  std::fflush(stderr);
}

}  // namespace raddle::cli
