// SPDX-License-Identifier: Apache-2.0
// Clocks and sleeps, where turns are taken: time is the schedule's then. It begins at the same
// moment in each run, and each look at it takes a little, so that a loop that waits for a moment
// comes to its end.
#include <sched.h>
#include <sys/time.h>
#include <unistd.h>

#include <string_view>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kNsPerUs = 1'000;
constexpr std::int64_t kRealtimeStart = 1'767'225'600 * kNsPerSecond;  // 2026-01-01
constexpr std::int64_t kMonotonicStart = 1'000 * kNsPerSecond;

bool is_virtual(clockid_t clock) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_BOOTTIME:
      return true;
    default:
      return false;
  }
}

std::int64_t start_of(clockid_t clock) {
  const bool counts_from_1970 =
      clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
  return counts_from_1970 ? kRealtimeStart : kMonotonicStart;
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * kNsPerSecond + time.tv_nsec;
}

timespec timespec_of(std::int64_t ns) { return {ns / kNsPerSecond, ns % kNsPerSecond}; }

// Null: this call is not one of turns.
record::Turns* turns_of_call() { return is_recording() ? own_turns() : nullptr; }

trace::StringId interned(std::string_view text) {
  const InRuntime in_runtime;
  return record::intern(text);
}

void sleep_by_turns(record::Turns& turns, const Deadline& deadline) {
  const std::int64_t end = deadline.in_turns(turns);
  turns.before_operation(nullptr);
  const char here = 0;  // an address that nobody wakes
  do {
    real::pthread_testcancel();
  } while (turns.now_ns() < end && turns.wait(&here, end));
}

}  // namespace

std::int64_t Deadline::in_turns(record::Turns& turns) const noexcept {
  if (at == nullptr) return record::Turns::kNever;
  return is_from_now ? turns.now_ns() + nanoseconds(*at) : nanoseconds(*at) - start_of(clock);
}

void Deadline::become_system_time(record::Turns& turns) noexcept {
  if (at == nullptr || !is_virtual(clock)) return;
  const std::int64_t left_ns = in_turns(turns) - turns.now_ns();
  real::clock_gettime(clock, &system_at);
  system_at = timespec_of(nanoseconds(system_at) + left_ns);
  at = &system_at;
}

record::Turns* turns_of_wait(bool is_for_processes, Deadline& deadline) noexcept {
  record::Turns* turns = own_turns();
  if (turns == nullptr || !is_for_processes) return turns;
  deadline.become_system_time(*turns);
  note({.kind = trace::Kind::kKernelSleep,
        .object = record::current_task(),
        .index = interned("futex"),
        .actor = record::current_task()});
  turns->sleep_outside();
  return nullptr;
}

}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::record::Turns;

RADDLE_EXPORT int clock_gettime(clockid_t clock, timespec* now) noexcept {
  Turns* turns = is_virtual(clock) ? turns_of_call() : nullptr;
  if (turns == nullptr) return real::clock_gettime(clock, now);
  *now = timespec_of(start_of(clock) + turns->read_clock());
  return 0;
}

RADDLE_EXPORT int gettimeofday(timeval* __restrict now, void* __restrict zone) noexcept {
  Turns* turns = turns_of_call();
  if (turns == nullptr) return real::gettimeofday(now, zone);
  const timespec time = timespec_of(kRealtimeStart + turns->read_clock());
  *now = {time.tv_sec, time.tv_nsec / kNsPerUs};
  return 0;
}

RADDLE_EXPORT time_t time(time_t* result) noexcept {
  Turns* turns = turns_of_call();
  if (turns == nullptr) return real::time(result);
  const time_t now = (kRealtimeStart + turns->read_clock()) / kNsPerSecond;
  if (result != nullptr) *result = now;
  return now;
}

RADDLE_EXPORT int nanosleep(const timespec* duration, timespec* left) {
  Turns* turns = turns_of_call();
  if (turns == nullptr) return real::nanosleep(duration, left);
  sleep_by_turns(*turns, {CLOCK_MONOTONIC, duration, true});
  return 0;
}

RADDLE_EXPORT int clock_nanosleep(clockid_t clock, int flags, const timespec* time,
                                  timespec* left) {
  Turns* turns = is_virtual(clock) ? turns_of_call() : nullptr;
  if (turns == nullptr) return real::clock_nanosleep(clock, flags, time, left);
  sleep_by_turns(*turns, {clock, time, (flags & TIMER_ABSTIME) == 0});
  return 0;
}

RADDLE_EXPORT int usleep(useconds_t microseconds) {
  Turns* turns = turns_of_call();
  if (turns == nullptr) return real::usleep(microseconds);
  const timespec duration = timespec_of(microseconds * kNsPerUs);
  sleep_by_turns(*turns, {CLOCK_MONOTONIC, &duration, true});
  return 0;
}

RADDLE_EXPORT unsigned sleep(unsigned seconds) {
  Turns* turns = turns_of_call();
  if (turns == nullptr) return real::sleep(seconds);
  const timespec duration{seconds, 0};
  sleep_by_turns(*turns, {CLOCK_MONOTONIC, &duration, true});
  return 0;
}

RADDLE_EXPORT int sched_yield() noexcept {
  Turns* turns = turns_of_call();
  if (turns == nullptr) return real::sched_yield();
  turns->thread_yields();
  return 0;
}
