// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// The last owner destroys; its decrement orders it behind the others.
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct Node {
  std::string text = "a text that is long enough to be on the heap";
  int uses[8] = {};
};

int main() {
  for (int round = 0; round < 50; ++round) {
    auto node = std::make_shared<Node>();
    std::weak_ptr<Node> weak = node;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([node, weak, t]() mutable {
        node->uses[t] = t;
        node.reset();
        if (auto again = weak.lock()) again->uses[t] = t;
      });
    }
    node.reset();
    for (std::thread& thread : threads) thread.join();
  }
}
