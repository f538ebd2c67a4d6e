// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/thread_recorder.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <new>

#include "runtime/record/clock.h"
#include "runtime/record/hidden.h"
#include "runtime/record/idle_recorders.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/record/signal_stack.h"
#include "runtime/record/trace_file.h"

extern "C" void* __libc_stack_end;  // the dynamic linker's: the main thread's highest stack address

__attribute__((tls_model("initial-exec"),
               visibility("default"))) __thread raddle::hooks::ThreadState __raddle_thread;

namespace raddle::record {

__attribute__((tls_model("initial-exec"))) __thread ThreadRecorder* t_recorder;

namespace {

enum class Attachment : std::uint8_t { kNever, kAttached, kDetached };

__attribute__((tls_model("initial-exec"))) __thread Attachment t_attachment;

std::atomic<std::uint32_t> g_streams{0};

const void* stack_high_of_this_thread(bool is_main) {
  if (is_main) return __libc_stack_end;
  pthread_attr_t attributes;
  void* low = nullptr;
  std::size_t bytes = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
  pthread_attr_getstack(&attributes, &low, &bytes);
  pthread_attr_destroy(&attributes);
  return static_cast<char*>(low) + bytes;
}

void use_filter(ThreadRecorder& recorder) {
  if (recorder.has_filter && recorder.ignore_depth == 0) {
    recorder.filter.show();
  } else {
    Filter::hide();
  }
}

}  // namespace

bool has_several_streams() noexcept { return g_streams.load(std::memory_order_relaxed) > 1; }

std::uint64_t ThreadRecorder::used_bytes() const noexcept {
  return static_cast<std::uint64_t>(reinterpret_cast<char*>(position) -
                                    reinterpret_cast<char*>(chunk));
}

void ThreadRecorder::seal_chunk() noexcept {
  if (chunk == nullptr) return;
  close_chunk(chunk, used_bytes());
  chunk = nullptr;
  position = end = repeats = nullptr;
  coalesce_from = behind_all();
}

// What it remembers stays good: templates by the numbers of chunks, which go on, ranges by epoch,
// call stacks because they are kept.
void ThreadRecorder::renew(trace::TaskId own, trace::TaskId now) noexcept {
  seal_chunk();
  g_streams.store(1, std::memory_order_relaxed);
  stream = 1;
  thread = own;
  task = now;
  last_ticks = 0;
  has_time_passed = true;
  begin_epoch();
}

void seal_own_chunk() noexcept {
  if (t_recorder == nullptr) return;
  const Recording recording;
  if (recording) recording->seal_chunk();
}

std::uint64_t* ThreadRecorder::reserve_in_new_chunk(std::size_t words) noexcept {
  if (chunk == nullptr || !renew_chunk(chunk, used_bytes(), task)) {
    seal_chunk();
    chunk = new_chunk(stream, next_number, task);
  }
  if (chunk == nullptr) {
    has_filter = false;
    Filter::hide();
    return nullptr;
  }
  if ((++next_number << (ThreadRecorder::kChunkShift - 32)) == 0) [[unlikely]]
    std::fill(std::begin(accesses), std::end(accesses), AccessTemplate{});
  chunk_in_place = std::uint64_t{next_number} << kChunkShift;
  position = reinterpret_cast<std::uint64_t*>(chunk + 1);
  end = reinterpret_cast<std::uint64_t*>(chunk) + chunk_bytes() / 8;
  coalesce_from = position;
  repeats = nullptr;
  written_context = 0;
  follow_control(ticks());  // a thread that does nothing but access memory would go on for ever
  return static_cast<std::size_t>(end - position) >= words ? position : nullptr;
}

void ThreadRecorder::follow(trace::Accesses wanted, std::uint64_t now) noexcept {
  const bool pauses = wanted == trace::Accesses::kStopped ||
                      (wanted == trace::Accesses::kSampled && !is_sampled(now));
  if (pauses == is_paused || !has_filter) return;
  is_paused = pauses;
  if (pauses) {
    ++ignore_depth;
  } else if (ignore_depth != 0) {  // of a program whose own pairs do not match, it may be
    --ignore_depth;
  }
  use_filter(*this);
  if (pauses) __atomic_store_n(&g_control->are_missed, 1, __ATOMIC_RELAXED);
}

void ThreadRecorder::forget_range(std::uint64_t address, std::uint64_t bytes) noexcept {
  if (!has_filter) return;
  constexpr std::uint64_t kFewBytes = 512;  // beyond, a new epoch costs less than clearing
  if (bytes > kFewBytes || bytes == 0) return begin_epoch();
  filter.forget(address, bytes);
  ++range_epoch;  // ranges may start anywhere in the block or before it: all of them go
}

namespace {

ThreadRecorder* make_recorder() {
  void* memory = map_hidden(sizeof(ThreadRecorder));
  if (memory == nullptr) return nullptr;
  auto* recorder = new (memory) ThreadRecorder;
  recorder->stream = g_streams.fetch_add(1, std::memory_order_relaxed) + 1;
  const bool is_full = g_level.load(std::memory_order_relaxed) == Level::kFull;
  recorder->has_filter = is_full && recorder->filter.map();
  return recorder;
}

void drop(ThreadRecorder* recorder) {
  recorder->seal_chunk();
  recorder->filter.unmap();
  unmap_hidden(recorder, sizeof *recorder);
}

}  // namespace

// What the stream has is good for its next thread as well: definitions, templates.
void ThreadRecorder::begin_thread(trace::TaskId id) noexcept {
  thread = task = id;
  own_stack_high = stack_high = stack_high_of_this_thread(id == 1);
  ignore_depth = 0;
  is_paused = false;
  has_time_passed = true;
  Filter::begin_ticks();
  begin_epoch();
  use_filter(*this);
  follow_control(ticks());
  lend_signal_stack(*this);
  is_busy = false;
}

namespace {

void attach(trace::TaskId id, bool may_go_on) {
  if (!is_on() || t_recorder != nullptr) return;
  t_attachment = Attachment::kDetached;  // until done: what is called from here records nothing
  ThreadRecorder* recorder = may_go_on ? take_idle_recorder() : nullptr;
  const bool goes_on = recorder != nullptr;
  if (!goes_on) recorder = make_recorder();
  if (recorder == nullptr) return;
  recorder->begin_thread(id);
  t_recorder = recorder;
  t_attachment = Attachment::kAttached;
  if (goes_on) event({.kind = trace::Kind::kTaskResume, .object = id});
}

}  // namespace

void attach_thread(trace::TaskId id) noexcept { attach(id, true); }

// It may be none of the program's, of which nothing is to be told but what it does.
ThreadRecorder* attach_unknown_thread() noexcept {
  if (t_attachment == Attachment::kNever) attach(new_task_id(), false);
  return t_recorder;
}

void detach_thread() noexcept {
  ThreadRecorder* recorder = t_recorder;
  if (recorder == nullptr) return;
  recorder->is_busy = true;
  Filter::hide();
  t_recorder = nullptr;
  t_attachment = Attachment::kDetached;
  ShadowStack::release(ShadowStack::own_if_any());
  if (!take_signal_stack_back(*recorder)) return recorder->seal_chunk();
  if (!keep_idle_recorder(recorder)) drop(recorder);
}

trace::TaskId current_task() noexcept {
  const ThreadRecorder* recorder = t_recorder;
  return recorder == nullptr ? 0 : recorder->task;
}

std::uint32_t stream_number() noexcept {
  const ThreadRecorder* recorder = t_recorder;
  return recorder == nullptr ? 0 : recorder->stream;
}

void forget_thread_after_fork() noexcept {
  Filter::hide();
  t_recorder = nullptr;
  t_attachment = Attachment::kDetached;
  g_streams.store(0, std::memory_order_relaxed);
  forget_idle_recorders();
}

CallState call_state() noexcept {
  const ThreadRecorder* recorder = t_recorder;
  return {__raddle_thread.top, __raddle_thread.context,
          recorder == nullptr ? nullptr : recorder->stack_high};
}

[[gnu::noinline]] void forget_calls() noexcept {
  asm volatile("" ::: "memory");
  __raddle_thread.top = nullptr;
}

void switch_to(trace::TaskId task, CallState* from, const CallState& to, bool is_first) noexcept {
  hooks::ThreadState& state = __raddle_thread;
  ThreadRecorder* recorder = t_recorder;
  if (from != nullptr)
    *from = {state.top, state.context, recorder == nullptr ? nullptr : recorder->stack_high};
  // Without a call stack: that of the task cannot be read from another one, and would be taken for
  // known from then on.
  state.top = nullptr;
  state.context = 0;
  const trace::TaskId now = recorder == nullptr || task != 0 ? task : recorder->thread;
  if (recorder != nullptr && is_on()) {
    if (is_first) {
      event({.kind = trace::Kind::kTaskBegin,
             .object = now,
             .index = trace::kBeginsHere,
             .is_at_once = true});
    } else {
      event({.kind = trace::Kind::kTaskResume, .object = now, .is_at_once = true});
    }
  }
  state.top = static_cast<const hooks::Frame*>(to.top);
  state.context = to.context;
  if (recorder == nullptr) return;
  recorder->task = now;
  recorder->stack_high = task == 0 ? recorder->own_stack_high : to.stack_high;
  recorder->begin_epoch();
}

void begin_ignoring() noexcept {
  ThreadRecorder* recorder = t_recorder;
  if (recorder == nullptr) return;
  ++recorder->ignore_depth;
  Filter::hide();
}

void end_ignoring() noexcept {
  ThreadRecorder* recorder = t_recorder;
  if (recorder == nullptr || recorder->ignore_depth == 0) return;
  if (--recorder->ignore_depth == 0) use_filter(*recorder);
}

}  // namespace raddle::record
