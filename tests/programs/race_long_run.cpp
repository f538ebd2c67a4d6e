// EXPECT: data-race
// EXPECT-REPORT: were given up for trace_limit
// ENV: RADDLE_OPTIONS=trace_limit=512K
// Races at the end of a run that is longer than its trace may be.
#include <barrier>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex;
std::barrier<> end(2);
long counter = 0;
long unguarded = 0;

void work() {
  for (int i = 0; i < 60'000; ++i) {
    const std::lock_guard lock(mutex);
    ++counter;
  }
  end.arrive_and_wait();
  ++unguarded;  // <- data-race
}

}  // namespace

int main() {
  std::thread other(work);
  work();
  other.join();
}
