// SPDX-License-Identifier: Apache-2.0
// Fibers by themselves, without a scheduler: what a switch keeps, and whose exceptions are whose.
#include "runtime/sched/fiber.h"

#include <gtest/gtest.h>
#include <unwind.h>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace raddle::sched {
namespace {

// A function on a stack of its own, which run_on() enters and leave() leaves.
class Routine {
 public:
  explicit Routine(std::function<void()> body) : body_(std::move(body)) {
    fiber_.stack_low = memory_.get();
    fiber_.stack_bytes = kBytes;
    make_fiber(fiber_, memory_.get() + kBytes, run, this);
  }
  ~Routine() { discard_fiber(fiber_); }
  Routine(const Routine&) = delete;
  Routine& operator=(const Routine&) = delete;

  // On this thread, until it leaves or ends.
  void enter() {
    know_home(home_);
    switch_fiber(exceptions_of_this_thread(), home_, fiber_, false);
  }
  void leave() { switch_fiber(exceptions_of_this_thread(), fiber_, home_, false); }
  bool has_ended() const { return has_ended_; }

 private:
  static void run(void* routine) {
    begin_on_fiber();
    auto* self = static_cast<Routine*>(routine);
    self->body_();
    self->has_ended_ = true;
    switch_fiber(exceptions_of_this_thread(), self->fiber_, self->home_, true);
    std::abort();
  }

  static constexpr std::size_t kBytes = std::size_t{256} << 10;
  // Aligned for any type, as operator new's memory is.
  std::unique_ptr<char[]> memory_{new char[kBytes]};
  std::function<void()> body_;
  Fiber fiber_;
  Fiber home_;
  bool has_ended_ = false;
};

// Eight of each kind live across the switch: more than there are registers that a call keeps.
[[gnu::noinline]] bool keeps_values(Routine& routine, long seed) {
  volatile long first = seed;
  volatile double second = static_cast<double>(seed) / 2;
  long a = first + 1, b = first + 2, c = first + 3, d = first + 4;
  long e = first + 5, f = first + 6, g = first + 7, h = first + 8;
  double p = second + 1, q = second + 2, r = second + 3, s = second + 4;
  double t = second + 5, u = second + 6, v = second + 7, w = second + 8;
  for (int i = 0; i < 100; ++i) {
    routine.leave();
    if (a + b + c + d + e + f + g + h != 8 * first + 36) return false;
    if (p + q + r + s + t + u + v + w != 8 * second + 36) return false;
    ++a, ++b, ++c, ++d, --e, --f, --g, --h;
    ++p, ++q, ++r, ++s, --t, --u, --v, --w;
  }
  return true;
}

TEST(FiberTest, values_in_registers_outlive_a_switch) {
  bool first_keeps = false;
  bool second_keeps = false;
  Routine first([&] { first_keeps = keeps_values(first, 1000); });
  Routine second([&] { second_keeps = keeps_values(second, 5); });
  while (!first.has_ended() || !second.has_ended()) {
    if (!first.has_ended()) first.enter();
    if (!second.has_ended()) second.enter();
  }
  EXPECT_TRUE(first_keeps);
  EXPECT_TRUE(second_keeps);
}

TEST(FiberTest, the_stack_is_aligned_as_a_call_expects) {
  std::uintptr_t address = 1;
  Routine routine([&] {
    alignas(16) volatile char local = 0;
    address = reinterpret_cast<std::uintptr_t>(&local);
    // printf of floating point stores whole vector registers where it takes the stack to be
    // aligned.
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", 1.5);
    EXPECT_STREQ(text, "1.500");
  });
  routine.enter();
  EXPECT_TRUE(routine.has_ended());
  EXPECT_EQ(address % 16, 0u);
}

TEST(FiberTest, an_exception_is_caught_on_the_fiber_that_throws_it) {
  std::string seen;
  Routine routine([&] {
    try {
      throw std::runtime_error("mine");
    } catch (const std::runtime_error& error) {
      seen = error.what();
    }
  });
  routine.enter();
  EXPECT_TRUE(routine.has_ended());
  EXPECT_EQ(seen, "mine");
}

// The message of what is being handled now.
std::string handled() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(FiberTest, two_fibers_that_leave_while_they_handle_exceptions_keep_their_own) {
  std::string seen[2];
  const auto handle = [&](Routine& self, int number) {
    try {
      throw std::runtime_error(std::to_string(number));
    } catch (...) {
      self.leave();
      seen[number] = handled();
    }
  };
  Routine first([&] { handle(first, 0); });
  Routine second([&] { handle(second, 1); });
  first.enter();
  second.enter();
  EXPECT_FALSE(std::current_exception());
  first.enter();
  second.enter();
  EXPECT_TRUE(first.has_ended() && second.has_ended());
  EXPECT_EQ(seen[0], "0");
  EXPECT_EQ(seen[1], "1");
}

TEST(FiberTest, an_exception_being_handled_goes_along_to_another_thread) {
  std::string seen;
  int uncaught = -1;
  Routine routine([&] {
    try {
      throw std::runtime_error("the fiber's");
    } catch (...) {
      routine.leave();
      seen = handled();
      uncaught = std::uncaught_exceptions();
    }
  });
  routine.enter();
  EXPECT_FALSE(std::current_exception());
  std::string of_thread;
  std::thread([&] {
    try {
      throw std::runtime_error("the thread's");
    } catch (...) {
      routine.enter();
      of_thread = handled();
    }
  }).join();
  EXPECT_TRUE(routine.has_ended());
  EXPECT_EQ(seen, "the fiber's");
  EXPECT_EQ(uncaught, 0);
  EXPECT_EQ(of_thread, "the thread's");
}

// Leaves when it is destroyed, and tells how many exceptions are on their way then.
struct LeavesAtDeath {
  Routine& routine;
  int& uncaught;
  ~LeavesAtDeath() {
    routine.leave();
    uncaught = std::uncaught_exceptions();
  }
};

TEST(FiberTest, an_exception_on_its_way_goes_along_to_another_thread) {
  std::string seen;
  int uncaught = -1;
  Routine routine([&] {
    try {
      const LeavesAtDeath leaves{routine, uncaught};
      throw std::runtime_error("on its way");
    } catch (const std::runtime_error& error) {
      seen = error.what();
    }
  });
  routine.enter();
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  int of_thread = -1;
  std::thread([&] {
    routine.enter();
    of_thread = std::uncaught_exceptions();
  }).join();
  EXPECT_EQ(seen, "on its way");
  EXPECT_EQ(uncaught, 1);
  EXPECT_EQ(of_thread, 0);
}

TEST(FiberTest, a_walk_up_the_stack_ends_where_the_fiber_begins) {
  int frames = 0;
  _Unwind_Reason_Code end = _URC_NO_REASON;
  Routine routine([&] {
    end = _Unwind_Backtrace(
        [](_Unwind_Context*, void* count) {
          // One that does not end there is stopped before it leaves the stack for good.
          return ++*static_cast<int*>(count) < 100 ? _URC_NO_REASON : _URC_NORMAL_STOP;
        },
        &frames);
  });
  routine.enter();
  EXPECT_EQ(end, _URC_END_OF_STACK);
  EXPECT_GT(frames, 1);
  EXPECT_LT(frames, 50);
}

}  // namespace
}  // namespace raddle::sched
