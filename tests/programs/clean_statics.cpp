// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

const std::string& greeting() {
  static const std::string text = "made by the first caller, read by all of them";
  return text;
}

int attempts = 0;

struct Late {
  Late() {
    if (++attempts < 3) throw std::runtime_error("not yet");
  }
};

void make_late() {
  try {
    static const Late late;
  } catch (const std::runtime_error&) {
  }
}

int main() {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([] {
      if (greeting().size() < 10) std::abort();
      make_late();
    });
  }
  for (std::thread& thread : threads) thread.join();
}
