// SPDX-License-Identifier: Apache-2.0
// Hash map with a lock per stripe: short critical sections, pointer chasing, allocation. hash_map
// [OPERATIONS] [THREADS]
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <forward_list>
#include <mutex>
#include <thread>
#include <vector>

class StripedMap {
 public:
  explicit StripedMap(std::size_t buckets) : buckets_(buckets) {}
  void add(std::uint64_t key) {
    const std::size_t at = place(key);
    std::lock_guard lock(mutexes_[at % kStripes].mutex);
    for (Entry& entry : buckets_[at]) {
      if (entry.key == key) {
        ++entry.value;
        return;
      }
    }
    buckets_[at].push_front({key, 1});
  }
  std::uint64_t find(std::uint64_t key) {
    const std::size_t at = place(key);
    std::lock_guard lock(mutexes_[at % kStripes].mutex);
    for (const Entry& entry : buckets_[at]) {
      if (entry.key == key) return entry.value;
    }
    return 0;
  }
  void remove(std::uint64_t key) {
    const std::size_t at = place(key);
    std::lock_guard lock(mutexes_[at % kStripes].mutex);
    buckets_[at].remove_if([key](const Entry& entry) { return entry.key == key; });
  }

 private:
  static constexpr std::size_t kStripes = 64;
  struct Entry {
    std::uint64_t key, value;
  };
  struct alignas(64) Stripe {
    std::mutex mutex;
  };
  std::size_t place(std::uint64_t key) const {
    return (key * 0x9e3779b97f4a7c15u >> 20) % buckets_.size();
  }
  std::vector<std::forward_list<Entry>> buckets_;
  std::array<Stripe, kStripes> mutexes_;
};

int main(int argc, char** argv) {
  const long operations = argc > 1 ? std::atol(argv[1]) : 1000000;
  const int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  StripedMap map(20011);
  std::vector<std::uint64_t> found(static_cast<std::size_t>(threads));
  const auto work = [&](int number) {
    std::uint64_t state = 88172645463325252u + static_cast<std::uint64_t>(number), sum = 0;
    for (long i = 0; i < operations; ++i) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      const std::uint64_t key = state % 40000;
      if (state >> 61 == 0) map.remove(key);
      if (state >> 61 == 1) map.add(key);
      if (state >> 61 > 1) sum += map.find(key);
    }
    found[static_cast<std::size_t>(number)] = sum;
  };
  std::vector<std::thread> team;
  for (int i = 0; i < threads; ++i) team.emplace_back(work, i);
  for (std::thread& thread : team) thread.join();
  std::printf("%d threads done\n", static_cast<int>(found.size()));
}
