// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

void work();

void bad() {
  raddle::WaitGroup group;
  raddle::go([&] {
    group.add();  // bad
    work();
    group.done();
  });
  group.wait();
}

void bad_by_a_named_lambda() {
  raddle::WaitGroup group;
  auto task = [&group] {
    group.add(1);  // bad
    group.done();
  };
  raddle::go(task);
  group.wait();
}

void bad_for_another() {
  raddle::WaitGroup group;
  raddle::go([&] {
    group.add();  // bad
    raddle::go([&] { group.done(); });
    group.done();
  });
  group.wait();
}

void added_before() {
  raddle::WaitGroup group;
  group.add();
  raddle::go([&] {
    work();
    group.done();
  });
  group.wait();
}

void a_counted_task_may_add_its_own_tasks() {
  raddle::WaitGroup group;
  group.go([&] {
    group.add();
    raddle::go([&] { group.done(); });
  });
  group.wait();
}

void a_task_added_before_may_add_its_own_tasks() {
  raddle::WaitGroup group;
  group.add();
  raddle::go([&] {
    group.add();
    raddle::go([&] {
      work();
      group.done();
    });
    group.done();
  });
  group.wait();
}

class Crawler {
 public:
  // Whoever calls it has added.
  void visit() {
    raddle::go([this] {
      group_.add();
      raddle::go([this] { group_.done(); });
      group_.done();
    });
  }

 private:
  raddle::WaitGroup group_;
};

void a_group_of_the_task_itself() {
  raddle::go([] {
    raddle::WaitGroup own;
    own.add();
    own.done();
    own.wait();
  });
}
