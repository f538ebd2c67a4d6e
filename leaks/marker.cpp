// SPDX-License-Identifier: Apache-2.0
#include "leaks/marker.h"

#include <algorithm>

namespace raddle::leaks {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kRedZone = 128;  // below the stack pointer, still in use

Range whole_words(const Range& range) {
  return {(range.low + 7) & ~std::uint64_t{7}, range.high & ~std::uint64_t{7}};
}

// Shared memory that is no file's.
bool is_memory(const std::string& file) {
  return file.starts_with("/dev/zero") || file.starts_with("/memfd:") ||
         file.starts_with("/dev/shm/") || file.starts_with("/SYSV");
}

}  // namespace

Marker::Marker(const Process& process, const Tasks& tasks)
    : process_(process),
      tasks_(tasks),
      heap_(process),
      is_reached_(tasks.all().size()),
      is_alive_(tasks.all().size()) {}

void Marker::add_root(const Range& range) { roots_.push_back(range); }
void Marker::exclude(const Range& range) { excluded_.push_back(range); }

// What a thread has below its stack pointer it has left.
void Marker::add_threads() {
  std::vector<std::uint64_t> stack_pointers;
  for (const Thread& thread : process_.threads())
    stack_pointers.push_back(thread.stack_pointer - kRedZone);
  for (const Tasks::Worker& worker : tasks_.workers()) {
    const Region* home = process_.region_of(worker.home_stack_pointer);
    const bool runs_there =
        home != nullptr && std::ranges::any_of(stack_pointers, [home](std::uint64_t sp) {
          return home->contains(sp);
        });
    if (!runs_there) stack_pointers.push_back(worker.home_stack_pointer);
  }
  for (const std::uint64_t stack_pointer : stack_pointers) {
    if (tasks_.at(stack_pointer)) continue;
    const Region* stack = process_.region_of(stack_pointer);
    if (stack == nullptr) continue;
    add_root({stack_pointer, stack->high});
    exclude(*stack);
  }
}

void Marker::add_running_tasks() {
  const std::vector<Tasks::Worker> workers = tasks_.workers();
  for (std::size_t i = 0; i < tasks_.all().size(); ++i) {
    const TaskImage& task = tasks_.all()[i];
    if (task.is_parked) continue;
    Range live = task.stack();
    // One that a worker runs has left its stack pointer where it was when it last waited; a handler
    // of a signal may run elsewhere.
    if (std::ranges::any_of(workers,
                            [&](const Tasks::Worker& worker) { return worker.task == task.at; })) {
      live = task.slot();
      for (const Thread& thread : process_.threads()) {
        if (task.slot().contains(thread.stack_pointer)) live.low = thread.stack_pointer - kRedZone;
      }
    }
    is_alive_[i] = true;
    reach_stack(i, live);
  }
}

void Marker::scan_regions() {
  for (const Range& range : heap_.ranges()) exclude(range);
  for (const Range& range : tasks_.arenas()) exclude(range);
  for (const Range& range : tasks_.hidden()) exclude(range);
  exclude(tasks_.library());
  std::ranges::sort(excluded_, {}, &Range::low);
  for (const Region& region : process_.regions()) {
    const bool is_files = region.is_shared && !region.file.empty() && !is_memory(region.file);
    if (!region.is_readable || is_files || region.file.starts_with("[v")) continue;
    if (!region.is_writable && !region.file.empty()) continue;  // what was in the file
    std::uint64_t low = region.low;
    for (const Range& hole : excluded_) {
      if (hole.high <= low || hole.low >= region.high) continue;
      if (hole.low > low) add_root({low, hole.low});
      low = hole.high;
    }
    if (low < region.high) add_root({low, region.high});
  }
  for (const Range& root : roots_) scan(root);
}

void Marker::scan_words(const std::uint64_t* words, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i] >= 4096) see(words[i]);
  }
}

void Marker::scan(const Range& range) {
  constexpr std::uint64_t kMostAtOnce = 1 << 20;
  const Range words = whole_words(range);
  if (words.low >= words.high) return;
  if (words.high - words.low > kMostAtOnce) return scan_touched(words);
  scan_all(words);
}

// Of what is reserved most may never have been touched.
void Marker::scan_touched(const Range& words) {
  constexpr std::uint64_t kSpan = std::uint64_t{1} << 30;
  const std::uint64_t end = (words.high + kPageBytes - 1) / kPageBytes * kPageBytes;
  for (std::uint64_t low = words.low / kPageBytes * kPageBytes; low < end; low += kSpan) {
    const Range span = {low, std::min(end, low + kSpan)};
    std::vector<bool> touched = process_.touched_pages(span);
    if (touched.empty()) touched.assign((span.high - span.low) / kPageBytes, true);  // not known
    for (std::size_t page = 0; page < touched.size();) {
      std::size_t behind = page;
      while (behind < touched.size() && touched[behind]) ++behind;
      const Range run = {low + page * kPageBytes, low + behind * kPageBytes};
      if (behind > page) scan_all({std::max(run.low, words.low), std::min(run.high, words.high)});
      page = std::max(behind, page + 1);
    }
  }
}

void Marker::scan_all(const Range& words) {
  constexpr std::size_t kPiece = std::size_t{1} << 17;
  std::vector<std::uint64_t> piece(
      std::min(kPiece, static_cast<std::size_t>(words.high - words.low) / 8));
  for (std::uint64_t at = words.low; at < words.high; at += piece.size() * 8) {
    const std::size_t count = std::min<std::size_t>(piece.size(), (words.high - at) / 8);
    process_.read(at, piece.data(), count * 8);
    scan_words(piece.data(), count);
  }
}

void Marker::see(std::uint64_t word) {
  if (const std::optional<Range> block = heap_.block_at(word)) {
    if (heap_.mark(*block)) pending_.push_back(*block);
    return;
  }
  const std::optional<std::size_t> i = tasks_.at(word);
  if (!i || is_reached_[*i]) return;
  const TaskImage& task = tasks_.all()[*i];
  // The task itself, by which schedulers and handles name it; what was left behind; queues' nodes.
  if (word >= task.at || word < task.stack_pointer || tasks_.is_runtimes(task, word)) return;
  reach_stack(*i, task.stack());
}

void Marker::reach_stack(std::size_t i, const Range& live) {
  is_reached_[i] = true;
  pending_.push_back(live);
  for (const std::uint64_t reference : tasks_.references(tasks_.all()[i])) see(reference);
}

void Marker::drain() {
  while (!pending_.empty()) {
    const Range range = whole_words(pending_.back());
    pending_.pop_back();
    if (heap_.contains(range.low)) {
      scan_words(heap_.words(range.low), (range.high - range.low) / 8);
    } else {
      scan(range);
    }
  }
}

// Outside heap and stacks: a global, which anybody can use.
bool Marker::is_reached(std::uint64_t object) const {
  if (const std::optional<Range> block = heap_.block_at(object)) return heap_.is_marked(*block);
  const std::optional<std::size_t> task = tasks_.at(object);
  return !task || is_reached_[*task];
}

// One that waits for nothing at all, but for channels that are nil, nobody can wake.
bool Marker::can_be_woken(const TaskImage& task) const {
  return task.is_timed || std::ranges::any_of(task.objects, [this](std::uint64_t object) {
           return object != 0 && is_reached(object);
         });
}

std::vector<std::size_t> Marker::find_lost() {
  for (const Thread& thread : process_.threads()) {
    scan_words(thread.registers.data(), thread.registers.size());
  }
  add_threads();
  add_running_tasks();
  scan_regions();
  const std::size_t count = is_alive_.size();
  bool goes_back = false;  // in turn: chains of tasks are made in either order
  for (bool has_changed = true; has_changed; goes_back = !goes_back) {
    has_changed = false;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = goes_back ? count - 1 - k : k;
      drain();
      if (is_alive_[i] || !can_be_woken(tasks_.all()[i])) continue;
      is_alive_[i] = has_changed = true;
      if (!is_reached_[i]) reach_stack(i, tasks_.all()[i].stack());
    }
  }
  std::vector<std::size_t> lost;
  for (std::size_t i = 0; i < is_alive_.size(); ++i) {
    if (!is_alive_[i]) lost.push_back(i);
  }
  return lost;
}

}  // namespace raddle::leaks
