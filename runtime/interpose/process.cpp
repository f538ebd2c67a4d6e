// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/process.h"

#include <dirent.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "runtime/interpose/threads.h"
#include "runtime/record/thread_state.h"

namespace raddle::interpose {
namespace {

struct Range {
  std::uintptr_t begin = 0, end = 0;
  bool has_waiter = false;
};

void see_thread(const ThreadRecord& record, void* argument) {
  auto& range = *static_cast<Range*>(argument);
  const auto object = reinterpret_cast<std::uintptr_t>(
      const_cast<const void*>(record.object.load(std::memory_order_relaxed)));
  if (object >= range.begin && object < range.end) range.has_waiter = true;
}

}  // namespace

bool count_tasks(pid_t own, Tasks& tasks) noexcept {
  DIR* directory = opendir("/proc/self/task");
  if (directory == nullptr) return false;
  while (const dirent* entry = readdir(directory)) {
    const int tid = std::atoi(entry->d_name);
    if (tid == 0 || tid == own) continue;
    switch (record::thread_state(tid)) {
      case 'S':
        ++tasks.asleep;
        break;
      case 'Z':
      case 'X':
        ++tasks.dead;
        break;
      default:
        ++tasks.others;
    }
  }
  closedir(directory);
  return true;
}

bool waits_in_shared_memory() noexcept {
  std::FILE* maps = std::fopen("/proc/self/maps", "rce");  // c: no cancellation point
  if (maps == nullptr) return true;
  char line[512];
  bool found = false;
  while (!found && std::fgets(line, sizeof(line), maps) != nullptr) {
    Range range;
    char access[8];  // "rw-s": shared
    if (std::sscanf(line, "%lx-%lx %4s", &range.begin, &range.end, access) != 3) continue;
    if (access[3] != 's') continue;
    threads::for_each_running(see_thread, &range);
    found = range.has_waiter;
  }
  std::fclose(maps);
  return found;
}

}  // namespace raddle::interpose
