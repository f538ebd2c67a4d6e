// SPDX-License-Identifier: Apache-2.0
#include "leaks/leaks.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "leaks/marker.h"
#include "leaks/process.h"
#include "leaks/tasks.h"

namespace raddle::leaks {
namespace {

// The library's own calls are left out.
std::vector<std::uint64_t> frames_of(const Process& process, const Tasks& tasks,
                                     const TaskImage& task) {
  std::vector<std::uint64_t> callers;
  for (const std::uint64_t frame : tasks.frames(task)) {
    const auto caller = process.get<std::uint64_t>(frame + 8);
    if (!tasks.library().contains(caller)) callers.push_back(caller);
  }
  return callers;
}

LostTask describe(const Process& process, const Tasks& tasks, const TaskImage& image) {
  LostTask task;
  task.id = image.id;
  task.name = tasks.name(image);
  task.action = tasks.verb(image);
  task.kind = image.waits_for;
  std::ranges::copy_if(image.objects, std::back_inserter(task.objects),
                       [](std::uint64_t object) { return object != 0; });
  task.frames = frames_of(process, tasks, image);
  return task;
}

std::vector<Module> modules_of(const Process& process) {
  std::vector<Module> modules;
  for (const Region& region : process.regions()) {
    if (region.offset != 0 || region.file.empty() || region.file[0] != '/') continue;
    const Range range = process.module_at(region.low);
    if (range.high != 0)
      modules.push_back({region.file, range.low, range.high, process.bias_of(region.low)});
  }
  return modules;
}

std::string command_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
  std::string command((std::istreambuf_iterator<char>(file)), {});
  while (!command.empty() && command.back() == '\0') command.pop_back();
  std::ranges::replace(command, '\0', ' ');
  return command;
}

}  // namespace

Result<Snapshot> find(pid_t pid) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  auto process = Process::stop(pid);
  if (!process.ok()) return Error{process.error()};
  Process& stopped = *process.value();
  const auto tasks = Tasks::of(stopped);
  if (!tasks.ok()) return Error{tasks.error()};
  const Tasks& all = *tasks.value();

  Snapshot snapshot;
  snapshot.process = pid;
  snapshot.command = command_of(pid);
  std::error_code error;
  snapshot.program = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", error);
  snapshot.tasks = all.all().size();
  snapshot.waiting =
      static_cast<std::size_t>(std::ranges::count_if(all.all(), &TaskImage::is_parked));
  for (const std::size_t i : Marker(stopped, all).find_lost()) {
    snapshot.lost.push_back(describe(stopped, all, all.all()[i]));
  }
  if (!snapshot.lost.empty()) snapshot.modules = modules_of(stopped);
  stopped.let_go();
  snapshot.stopped_s = std::chrono::duration<double>(Clock::now() - begin).count();
  std::ranges::sort(snapshot.lost, {}, &LostTask::id);
  return snapshot;
}

}  // namespace raddle::leaks
