// race_members.cpp with a mutex.
// EXPECT: nothing
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>

struct Account {
  struct History {
    long changes = 0;
  };
  void deposit(long amount) {
    balance += amount;
    note(history);
  }
  static void note(History& history) { ++history.changes; }
  long balance = 0;
  char name[24] = {};
  History history;
};

int main() {
  const auto account = std::make_unique<Account>();
  std::mutex mutex;
  long visits = 0;
  const auto visit = [&] {
    const std::lock_guard lock(mutex);
    account->deposit(10);
    ++visits;
  };
  std::thread one(visit);
  std::thread two(visit);
  one.join();
  two.join();
  std::printf("%ld %ld %ld\n", account->balance, account->history.changes, visits);
}
