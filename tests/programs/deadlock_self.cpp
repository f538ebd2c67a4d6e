// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// Without a second thread.
#include <mutex>

std::mutex mutex;

void inner() {
  const std::lock_guard lock(mutex);  // <- deadlock
}

int main() {
  const std::lock_guard lock(mutex);
  inner();
}
