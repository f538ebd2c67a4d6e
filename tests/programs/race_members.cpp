// Nobody guards two members of an object on the heap and a variable that lambdas have captured: a
// finding for each, though they are in the same functions, and each says what it is about.
// EXPECT: data-race
// EXPECT: data-race
// EXPECT: data-race
// EXPECT-REPORT: data race on Account::balance
// EXPECT-REPORT: data race on Account::History::changes
// EXPECT-REPORT: data race on visits
// EXPECT-REPORT: that main allocated at race_members.cpp:
// EXPECT-REPORT: last ordered: main spawns thread 3 (lambda in main) at race_members.cpp:
// EXPECT-REPORT: hint: guard every access to visits with one mutex, or make it a std::atomic
#include <cstdio>
#include <memory>
#include <thread>

struct Account {
  struct History {
    long changes = 0;
  };
  void deposit(long amount) {
    balance += amount;  // <- data-race
    note(history);
  }
  static void note(History& history) { ++history.changes; }  // <- data-race
  long balance = 0;
  char name[24] = {};
  History history;
};

int main() {
  const auto account = std::make_unique<Account>();
  long visits = 0;
  const auto visit = [&] {
    account->deposit(10);
    ++visits;  // <- data-race
  };
  std::thread one(visit);
  std::thread two(visit);
  one.join();
  two.join();
  std::printf("%ld %ld %ld\n", account->balance, account->history.changes, visits);
}
