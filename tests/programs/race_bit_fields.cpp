// SPDX-License-Identifier: Apache-2.0
// Each bit-field has a lock of its own, but both lie in one byte.
// EXPECT: data-race
// EXPECT-REPORT: data race on bit-fields connection.is_open, has_failed
// EXPECT-REPORT: bit-fields side by side are one memory location
// EXPECT-REPORT: hint: guard all of them with one mutex
#include <mutex>
#include <thread>

struct Connection {
  bool is_open : 1;
  bool has_failed : 1;
  int retries = 0;
};
Connection connection;
std::mutex open_lock, failed_lock;

int main() {
  std::jthread opener([] {
    const std::scoped_lock lock(open_lock);
    connection.is_open = true;  // <- data-race
  });
  const std::scoped_lock lock(failed_lock);
  connection.has_failed = true;  // <- data-race
}
