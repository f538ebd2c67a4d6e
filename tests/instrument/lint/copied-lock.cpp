// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include <thread>

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
