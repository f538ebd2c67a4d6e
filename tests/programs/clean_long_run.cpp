// EXPECT: nothing
// EXPECT-REPORT: were given up for trace_limit
// ENV: RADDLE_OPTIONS=trace_limit=512K
// Runs for longer than its trace may be: what is kept begins amid locks, rounds, permits and shared
// data of which the beginning is not known.
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 6000;

struct Shared {
  std::mutex mutex;
  long counter = 0;
  std::shared_mutex table_mutex;
  std::vector<long> table = std::vector<long>(64);
  std::barrier<> rounds{kThreads};
  long of_a_round[kThreads] = {};
  std::counting_semaphore<> free{2};
  std::mutex both, one, other;  // both is taken around the others, in either order
  long guarded = 0;
  std::recursive_mutex again;
  long deep = 0;
  std::atomic<long*> published{nullptr};
};

class Queue {
 public:
  void push(std::unique_ptr<long> value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(std::move(value));
    filled_.notify_one();
  }
  std::unique_ptr<long> pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return !values_.empty(); });
    std::unique_ptr<long> value = std::move(values_.front());
    values_.pop_front();
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::unique_ptr<long>> values_;
};

void look_up(Shared& shared, int round) {
  if (round % 8 == 0) {
    const std::unique_lock lock(shared.table_mutex);
    ++shared.table[static_cast<std::size_t>(round) % 64];
    return;
  }
  const std::shared_lock lock(shared.table_mutex);
  if (shared.table[static_cast<std::size_t>(round) % 64] < 0) std::abort();
}

void take_in_either_order(Shared& shared, bool is_first) {
  const std::lock_guard gate(shared.both);
  const std::lock_guard outer(is_first ? shared.one : shared.other);
  const std::lock_guard inner(is_first ? shared.other : shared.one);
  ++shared.guarded;
}

void publish(Shared& shared, long number) {
  long* mine = new long(number);
  long* old = shared.published.exchange(mine, std::memory_order_acq_rel);
  if (old != nullptr) *old += 1;
  delete old;
}

void work(Shared& shared, int number) {
  for (int round = 0; round < kRounds; ++round) {
    {
      const std::lock_guard lock(shared.mutex);
      ++shared.counter;
    }
    look_up(shared, round);
    if (round % 16 == 0) take_in_either_order(shared, number % 2 == 0);
    const std::lock_guard outer(shared.again);
    const std::lock_guard inner(shared.again);
    ++shared.deep;
    publish(shared, number);
  }
}

void meet(Shared& shared, int number) {
  for (int round = 0; round < kRounds / 4; ++round) {
    shared.of_a_round[number] = round;
    shared.rounds.arrive_and_wait();
    if (shared.of_a_round[(number + 1) % kThreads] != round) std::abort();
    shared.rounds.arrive_and_wait();
  }
}

}  // namespace

int main() {
  Shared shared;
  Queue queue;
  std::vector<std::thread> threads;
  for (int number = 0; number < kThreads; ++number) {
    threads.emplace_back([&shared, number] {
      work(shared, number);
      meet(shared, number);
    });
  }
  threads.emplace_back([&queue] {
    for (int i = 0; i < kRounds; ++i) queue.push(std::make_unique<long>(i));
  });
  threads.emplace_back([&queue] {
    for (int i = 0; i < kRounds; ++i) *queue.pop() += 1;
  });
  for (std::thread& thread : threads) thread.join();
  delete shared.published.load();
}
