// SPDX-License-Identifier: Apache-2.0
// Exhausted memory: each public operation is tried with its first, its second, ... allocation
// failing, until it has no more. It ends with std::bad_alloc, or as if nothing had been the matter;
// nothing is left behind either way. malloc and its family are wrapped by the linker, operator new
// is replaced.
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <vector>

#include "tests/runtime/runtime_test.h"

namespace {

constexpr int kNever = -1;
// So many allocations of this thread succeed, then one fails.
thread_local int t_until_failure = kNever;
std::atomic<long> g_blocks{0};

bool fails_now() {
  if (t_until_failure == kNever) return false;
  return t_until_failure-- == 0;
}

void* counted(void* memory) {
  if (memory != nullptr) ++g_blocks;
  return memory;
}

}  // namespace

extern "C" {
void* __real_malloc(std::size_t bytes);
void* __real_aligned_alloc(std::size_t alignment, std::size_t bytes);
void __real_free(void* memory);
void* __wrap_malloc(std::size_t bytes) {
  return fails_now() ? nullptr : counted(__real_malloc(bytes));
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return fails_now() ? nullptr : counted(__real_aligned_alloc(alignment, bytes));
}
void __wrap_free(void* memory) {
  if (memory != nullptr) --g_blocks;
  __real_free(memory);
}
}

void* operator new(std::size_t bytes) {
  void* memory = __wrap_malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { __wrap_free(memory); }
void operator delete(void* memory, std::size_t) noexcept { __wrap_free(memory); }

namespace raddle {
namespace {

class MemoryTest : public RuntimeTest {
 protected:
  void SetUp() override {
    spawn([] {}).join();
  }  // workers and their first stacks are there

  // `use` runs from beginning to end for each n.
  static void fail_each_allocation(const std::function<void()>& use) {
    constexpr int kMost = 100;
    ASSERT_TRUE(becomes_true([] { return sched::live_tasks() == 0; }));
    const long before = g_blocks;  // one more at first: a worker that starts has its argument
    use();
    for (int n = 0; n < kMost; ++n) {
      // Tasks and timers may still be giving back what they had.
      ASSERT_TRUE(becomes_true([before] { return g_blocks <= before; })) << "blocks are left";
      t_until_failure = n;
      bool has_thrown = false;
      try {
        use();
      } catch (const std::bad_alloc&) {
        has_thrown = true;
      }
      const bool has_failed = t_until_failure == kNever;
      t_until_failure = kNever;
      EXPECT_TRUE(becomes_true([before] { return g_blocks <= before; }))
          << g_blocks - before << " blocks are left when allocation " << n << " fails";
      EXPECT_TRUE(has_failed || !has_thrown);
      if (!has_failed) return RecordProperty("allocations", n);
    }
    ADD_FAILURE() << "it allocates for ever";
  }
};

struct Large {
  char bytes[100'000] = {};
};

TEST_F(MemoryTest, go) {
  fail_each_allocation([] {
    WaitGroup done;
    done.go([] {});
    done.wait();
  });
}

TEST_F(MemoryTest, go_with_a_closure_that_does_not_fit_on_the_stack) {
  fail_each_allocation([] {
    Semaphore done(0);
    go([&done](const Large&) { done.release(); }, Large{});
    done.acquire();
  });
}

TEST_F(MemoryTest, spawn) {
  fail_each_allocation([] { EXPECT_EQ(spawn([](const Large&) { return 7; }, Large{}).get(), 7); });
}

TEST_F(MemoryTest, channels) {
  fail_each_allocation([] {
    auto c = make_chan<int>(3);
    c.send(1);
    EXPECT_EQ(c.recv(), 1);
    EXPECT_TRUE(c.try_send(2));
    c.close();
  });
}

TEST_F(MemoryTest, owning_ends) {
  fail_each_allocation([] {
    auto [tx, rx] = channel<std::unique_ptr<int>>(1);
    auto other = tx.clone();
    other.send(std::make_unique<int>(4));
    EXPECT_EQ(**rx.recv(), 4);
  });
}

TEST_F(MemoryTest, select_among_many_that_waits) {
  fail_each_allocation([] {
    const auto never = make_chan<int>();
    std::vector<Case> cases;
    for (int i = 0; i < 20; ++i) cases.emplace_back(on_recv(never, [](std::optional<int>) {}));
    cases.emplace_back(on_timeout(1ms));
    EXPECT_EQ(select(cases), 20);
    EXPECT_EQ(select(on_recv(never, [](std::optional<int>) {}), on_timeout(1ms)), 1);
  });
}

TEST_F(MemoryTest, contexts) {
  fail_each_allocation([] {
    auto [parent, cancel] = with_cancel(background());
    auto [child, cancel_child] = with_timeout(parent, 1h);
    auto [other, cancel_other] = with_cancel_cause(child);
    const Context valued = with_value(other, "key", std::string(100, 'x'));
    const Context apart = without_cancel(valued);
    cancel();
    EXPECT_EQ(valued.err(), ContextError::kCanceled);
    EXPECT_FALSE(apart.err());
    EXPECT_TRUE(cause(valued));
  });
}

TEST_F(MemoryTest, a_context_that_ends_by_itself) {
  fail_each_allocation([] {
    auto [context, cancel] = with_timeout(background(), 1ms);
    auto [child, cancel_child] = with_cancel(context);
    child.done().recv();
    EXPECT_EQ(child.err(), ContextError::kDeadlineExceeded);
  });
}

TEST_F(MemoryTest, after_func) {
  fail_each_allocation([] {
    Semaphore ran(0);
    auto [context, cancel] = with_cancel(background());
    after_func(context, [&ran] { ran.release(); });
    cancel();
    ran.acquire();
  });
}

TEST_F(MemoryTest, a_stopped_after_func) {
  fail_each_allocation([] {
    auto [context, cancel] = with_cancel(background());
    EXPECT_TRUE(after_func(context, [] { ADD_FAILURE(); }).stop());
  });
}

TEST_F(MemoryTest, stop_tokens) {
  fail_each_allocation([] {
    std::stop_source source;
    auto [context, cancel] = with_stop_token(background(), source.get_token());
    source.request_stop();
    EXPECT_TRUE(context.err());
    EXPECT_TRUE(stop_token(context).stop_requested());
  });
}

TEST_F(MemoryTest, task_groups) {
  fail_each_allocation([] {
    TaskGroup group;
    group.go([] {});
    group.go([large = Large{}] { static_cast<void>(large); });
    group.wait();
  });
}

TEST_F(MemoryTest, timers) {
  fail_each_allocation([] {
    after(1ms).recv();
    Ticker ticker(1ms);
    ticker.channel().recv();
    sleep_for(1us);
  });
}

TEST_F(MemoryTest, locks_that_wait) {
  fail_each_allocation([] {
    Mutex mutex;
    RwMutex shared;
    Cond cond;
    Once once;
    bool is_told = false;
    mutex.lock();
    shared.lock();
    WaitGroup done;
    done.go([&] {
      const std::lock_guard lock(mutex);
      is_told = true;
      cond.notify_all();
      once.call([] {});
      shared.unlock();
    });
    cond.wait(mutex, [&] { return is_told; });
    mutex.unlock();
    once.call([] {});
    shared.lock_shared();
    shared.unlock_shared();
    done.wait();
  });
}

}  // namespace
}  // namespace raddle
