// SPDX-License-Identifier: Apache-2.0
// EXPECT: panic
#include <stdexcept>
#include <thread>

int main() {
  std::thread thread([] { throw std::runtime_error("nobody catches this"); });  // <- panic
  thread.join();
}
