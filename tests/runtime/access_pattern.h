// SPDX-License-Identifier: Apache-2.0
// Which words a scene writes from which place, and what a test expects to read of it.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace raddle {

struct PatternAccess {
  std::size_t site, word;
};

// Repeats, runs and jumps of three places, between releases; the first stretch is word 0 alone.
inline std::vector<std::vector<PatternAccess>> access_pattern() {
  std::minstd_rand random(5);
  std::vector<std::vector<PatternAccess>> stretches = {{{0, 0}}};
  for (int i = 0; i < 3000; ++i) {
    std::vector<PatternAccess>& stretch = stretches.emplace_back();
    for (std::size_t burst = random() % 5; burst > 0; --burst) {
      const std::size_t site = random() % 3;
      const std::size_t count = random() % 3 == 0 ? random() % 20 : 1;
      const std::size_t first = random() % 3 == 0 ? random() % 40'000 : site * 8;
      const std::size_t step = random() % 4;
      for (std::size_t k = 0; k < count; ++k) stretch.push_back({site, first + k * step});
    }
  }
  return stretches;
}

}  // namespace raddle
