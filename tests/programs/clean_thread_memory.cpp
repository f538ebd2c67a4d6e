// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// The C library keeps a block of the heap for each thread. It takes it where the program has freed
// something before, and frees it in a join.
#include <pthread.h>

#include <cstdlib>

namespace {

constexpr int kThreads = 16;  // more stacks than the C library keeps for the next threads
constexpr int kBlocks = 64;   // more than it keeps of one size
constexpr std::size_t kBlockBytes = 344;  // about its own block's

void* rest(void* barrier) {
  pthread_barrier_wait(static_cast<pthread_barrier_t*>(barrier));
  return nullptr;
}

}  // namespace

int main() {
  void* blocks[kBlocks];
  for (void*& block : blocks) block = std::malloc(kBlockBytes);
  for (void* block : blocks) std::free(block);
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, kThreads);
  pthread_t threads[kThreads];
  for (pthread_t& thread : threads) pthread_create(&thread, nullptr, rest, &barrier);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
  pthread_barrier_destroy(&barrier);
}
