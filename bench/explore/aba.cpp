// SPDX-License-Identifier: Apache-2.0
// A free list by compare and exchange: the head is the same again, its successor is not.
#include <atomic>

#include "bench/explore/problem.h"

// Nodes 1, 2, 3; 0 is none. The upper half of the head counts changes.
std::atomic<int> next[4] = {0, 2, 3, 0};
std::atomic<int> head = 1;
std::atomic<int> owners[4] = {};

#ifdef FIXED
constexpr int kChange = 16;
#else
constexpr int kChange = 0;
#endif
constexpr int kNode = 15;

int pop() {
  for (;;) {
    int seen = head;
    if ((seen & kNode) == 0) return 0;
    const int after = next[seen & kNode] + (seen & ~kNode) + kChange;
    if (head.compare_exchange_strong(seen, after)) return seen & kNode;
  }
}

void push(int node) {
  for (;;) {
    int seen = head;
    next[node] = seen & kNode;
    if (head.compare_exchange_strong(seen, node + (seen & ~kNode) + kChange)) return;
  }
}

void own(int node) {
  if (node != 0) require(++owners[node] == 1);
}

void problem() {
  Group group;
  group.go([] { own(pop()); });
  group.go([] {
    const int one = pop();
    const int two = pop();
    if (one != 0) push(one);
    own(two);
    own(pop());
  });
  group.wait();
}
