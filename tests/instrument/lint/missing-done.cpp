// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

void work();

void bad(bool is_empty) {
  raddle::WaitGroup group;
  group.add();
  raddle::go([&group, is_empty] {
    if (is_empty) return;  // bad
    work();
    group.done();
  });
  group.wait();
}

void done_on_each_way(bool is_empty) {
  raddle::WaitGroup group;
  group.add();
  raddle::go([&group, is_empty] {
    if (is_empty) {
      group.done();
      return;
    }
    work();
    group.done();
  });
  group.wait();
}

void counted_by_go(bool is_empty) {
  raddle::WaitGroup group;
  group.go([is_empty] {
    if (is_empty) return;
    work();
  });
  group.wait();
}

void done_for_another(bool is_last) {
  raddle::WaitGroup group;
  group.add();
  raddle::go([&group, is_last] {
    if (is_last) group.done();
  });
  group.wait();
}
