// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <mutex>

raddle::Mutex mutex;
int total;

void bad(raddle::SendChan<int> channel) {
  std::lock_guard guard(mutex);
  channel.send(total);  // bad
}

void bad_select(raddle::RecvChan<int> channel, raddle::RecvChan<void> stop) {
  std::unique_lock lock(mutex);
  raddle::select(raddle::on_recv(channel), raddle::on_recv(stop));  // bad
}

void bad_wait(raddle::WaitGroup& group) {
  mutex.lock();
  group.wait();  // bad
  mutex.unlock();
}

void unlocked_first(raddle::SendChan<int> channel) {
  std::unique_lock lock(mutex);
  const int value = total;
  lock.unlock();
  channel.send(value);
}

void in_a_scope_before(raddle::SendChan<int> channel) {
  {
    std::lock_guard guard(mutex);
    ++total;
  }
  channel.send(1);
}

void it_does_not_wait(raddle::RecvChan<int> channel) {
  std::lock_guard guard(mutex);
  raddle::select(raddle::on_recv(channel), raddle::otherwise());
}

void another_task_sends(raddle::SendChan<int> channel) {
  std::lock_guard guard(mutex);
  raddle::go([channel] { channel.send(1); });
}
