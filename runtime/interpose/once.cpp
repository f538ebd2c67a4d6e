// SPDX-License-Identifier: Apache-2.0
// pthread_once, which std::call_once is built on.
#include <pthread.h>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

constexpr int kInProgress = 1;  // bits of glibc's pthread_once_t
constexpr int kDone = 2;

// The call under way on this thread; calls nest.
struct Call {
  pthread_once_t* control;
  void (*function)();
  Call* outer;
  bool was_first;
};
thread_local constinit Call* t_call __attribute__((tls_model("initial-exec"))) = nullptr;

// A call that throws hands over to the one that tries next (C++20, [thread.once.callonce]).
class Attempt {
 public:
  explicit Attempt(pthread_once_t* control) : control_(control) {
    Blocked::end();  // if it waited for another that then failed
    if (g_has_failed.load(std::memory_order_relaxed)) note(Kind::kAcquireAddress, control_);
  }
  ~Attempt() {
    if (is_done_) return;
    g_has_failed.store(true, std::memory_order_relaxed);
    note(Kind::kReleaseAddress, control_);
  }
  void succeed() {
    is_done_ = true;
    note(Kind::kOnceDone, control_);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

 private:
  // Relaxed: the C library orders the attempts on one control.
  static constinit inline std::atomic<bool> g_has_failed{false};
  pthread_once_t* control_;
  bool is_done_ = false;
};

// Runs the user's function in place of it: its end must be noted before others can see it.
void run_first() {
  Call* call = t_call;
  call->was_first = true;
  Attempt attempt(call->control);
  call->function();
  attempt.succeed();
}

class Nested {
 public:
  explicit Nested(Call& call) { t_call = &call; }
  ~Nested() {
    wake_all(t_call->control);  // also when the function has thrown
    t_call = t_call->outer;
  }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
};

int call_once(pthread_once_t* control, void (*function)()) {
  before_operation(control);
  const int state = __atomic_load_n(control, __ATOMIC_ACQUIRE);
  Call call{control, function, t_call, false};
  int status = 0;
  {
    const Nested nested(call);
    if ((state & kDone) == 0 && (state & kInProgress) != 0) {
      note(Kind::kOnceWait, control);
      const Blocked blocked(Until::kWoken, control);
      if (record::Turns* turns = own_turns()) {
        wait_by_turns(*turns, control, {}, [&] {
          return (__atomic_load_n(control, __ATOMIC_ACQUIRE) & kInProgress) == 0;
        });
      }
      status = real::pthread_once(control, run_first);
    } else {
      status = real::pthread_once(control, run_first);
    }
  }
  if (status == 0 && !call.was_first) note(Kind::kOnceSeen, control);
  return status;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

RADDLE_EXPORT int pthread_once(pthread_once_t* control, void (*function)()) {
  if (!is_recording()) return real::pthread_once(control, function);
  return call_once(control, function);
}
