// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

std::once_flag flag;
std::once_flag failing_flag;
std::string text;
int attempts = 0;

int main() {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([] {
      std::call_once(flag, [] { text = "made by the first, read by all of them"; });
      if (text.size() < 10) std::abort();
      try {
        std::call_once(failing_flag, [] {
          if (++attempts < 3) throw std::runtime_error("not yet");
        });
      } catch (const std::runtime_error&) {
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}
