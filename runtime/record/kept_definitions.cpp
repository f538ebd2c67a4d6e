// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/kept_definitions.h"

#include <sys/mman.h>

#include <cstring>

#include "runtime/record/spin.h"
#include "runtime/record/thread_recorder.h"
#include "trace/format.h"

namespace raddle::record {
namespace {

struct Kept {
  static constexpr std::size_t kMostWords = std::size_t{1} << 18;
  SpinLock lock;
  std::uint64_t* words = nullptr;          // null: nothing is kept
  const ThreadRecorder* keeper = nullptr;  // of call stacks
  std::size_t count = 0;
  bool is_full = false;
};
constinit Kept g_kept;

void keep(std::uint64_t head, const std::uint64_t* record, std::size_t words) {
  const SpinGuard guard(g_kept.lock);
  if (g_kept.count + words > Kept::kMostWords) g_kept.is_full = true;
  if (g_kept.is_full) return;
  std::uint64_t* copy = g_kept.words + g_kept.count;
  copy[0] = head;
  std::memcpy(copy + 1, record + 1, (words - 1) * sizeof *record);
  g_kept.count += words;
}

}  // namespace

void keep_definitions() noexcept {
  void* memory = ::mmap(nullptr, Kept::kMostWords * sizeof *g_kept.words, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  g_kept.is_full = memory == MAP_FAILED;
  g_kept.words = static_cast<std::uint64_t*>(memory);
}

bool are_definitions_kept() noexcept {
  const SpinGuard guard(g_kept.lock);
  return !g_kept.is_full;
}

void write_kept_definitions(ThreadRecorder& recorder, std::uint64_t& words_there) noexcept {
  if (g_kept.keeper == nullptr) {
    std::memset(recorder.seen_contexts, 0, sizeof recorder.seen_contexts);
    g_kept.keeper = &recorder;
  }
  if (g_kept.count == 0 || recorder.reserve(1) == nullptr) return;
  if (static_cast<std::size_t>(recorder.end - recorder.position) >= g_kept.count) {
    const std::uint64_t* news = g_kept.words + words_there;
    const std::size_t count = g_kept.count - words_there;
    recorder.position += words_there;
    words_there = g_kept.count;
    if (count == 0) return;
    std::memcpy(recorder.position + 1, news + 1, (count - 1) * sizeof *news);
    recorder.commit(news[0], count);
    return;
  }
  words_there = 0;
  for (std::size_t i = 0; i < g_kept.count;) {
    const std::uint64_t* record = g_kept.words + i;
    const std::size_t words = trace::extra_of(record[0]);
    std::uint64_t* place = recorder.reserve(words);
    if (place == nullptr) return;
    std::memcpy(place + 1, record + 1, (words - 1) * sizeof *record);
    recorder.commit(record[0], words);
    i += words;
  }
}

void commit_definition(ThreadRecorder& recorder, std::uint64_t head, std::size_t words) noexcept {
  if (g_kept.words != nullptr) keep(head, recorder.position, words);
  recorder.commit(head, words);
}

void commit_stack(ThreadRecorder& recorder, std::uint64_t head, std::size_t words) noexcept {
  if (g_kept.keeper == &recorder) keep(head, recorder.position, words);
  recorder.commit(head, words);
}

}  // namespace raddle::record
