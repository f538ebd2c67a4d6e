// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include <functional>
#include <thread>
#include <vector>

struct Account {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  int balance = 0;
};

void bad() {
  Account account;
  std::thread thread([account]() mutable {  // bad
    pthread_mutex_lock(&account.lock);
    ++account.balance;
    pthread_mutex_unlock(&account.lock);
  });
  thread.join();
}

void use(const Account& account);

void bad_by_argument() {
  Account account;
  std::thread thread(use, account);  // bad
  thread.join();
  std::vector<std::thread> threads;
  threads.emplace_back(use, account);  // bad
  threads[0].join();
}

void by_address() {
  Account account;
  std::thread first(use, std::ref(account));
  std::thread second([shared = &account] { use(*shared); });
  first.join();
  second.join();
}

void by_reference() {
  Account account;
  std::thread thread([&account] {
    pthread_mutex_lock(&account.lock);
    ++account.balance;
    pthread_mutex_unlock(&account.lock);
  });
  thread.join();
}

void by_pointer(Account* account) {
  std::thread thread([account] { pthread_mutex_destroy(&account->lock); });
  thread.join();
}

int not_in_a_task(Account account) {
  return [account] { return account.balance; }();
}
