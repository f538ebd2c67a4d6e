// SPDX-License-Identifier: Apache-2.0
// Bounded queue with a mutex and two condition variables; the items are blocks of bytes on the
// heap. queue [ITEMS] [PAIRS]
#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

using Block = std::array<unsigned char, 512>;

class Queue {
 public:
  void put(std::unique_ptr<Block> block) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [this] { return blocks_.size() < 64; });
    blocks_.push_back(std::move(block));
    not_empty_.notify_one();
  }
  std::unique_ptr<Block> take() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [this] { return !blocks_.empty(); });
    std::unique_ptr<Block> block = std::move(blocks_.front());
    blocks_.pop_front();
    not_full_.notify_one();
    return block;
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_full_, not_empty_;
  std::deque<std::unique_ptr<Block>> blocks_;
};

int main(int argc, char** argv) {
  const int items = argc > 1 ? std::atoi(argv[1]) : 100000,
            pairs = argc > 2 ? std::atoi(argv[2]) : 1;
  Queue queue;
  std::vector<unsigned> sums(static_cast<std::size_t>(pairs));
  const auto produce = [&] {
    for (int i = 0; i < items; ++i) {
      auto block = std::make_unique<Block>();
      for (std::size_t k = 0; k < block->size(); ++k)
        (*block)[k] = static_cast<unsigned char>(i * k >> 3);
      queue.put(std::move(block));
    }
    queue.put(nullptr);
  };
  const auto consume = [&](std::size_t number) {
    unsigned hash = 2166136261u;
    while (const std::unique_ptr<Block> block = queue.take()) {
      for (unsigned char byte : *block) hash = (hash ^ byte) * 16777619u;
    }
    sums[number] = hash;
  };
  std::vector<std::thread> team;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    team.emplace_back(produce);
    team.emplace_back(consume, i);
  }
  for (std::thread& thread : team) thread.join();
  std::printf("%zu pairs done\n", sums.size());
}
