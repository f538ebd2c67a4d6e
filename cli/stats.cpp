// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <memory>

#include "analyzer/analyze.h"
#include "analyzer/model/words.h"
#include "cli/commands.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

constexpr std::size_t kStates = static_cast<std::size_t>(State::kIdle) + 1;

std::string milliseconds(std::int64_t time_ns) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << static_cast<double>(time_ns) / 1e6;
  return text.str();
}

std::array<std::int64_t, kStates> time_by_state(const Task& task) {
  std::array<std::int64_t, kStates> times{};
  for (std::size_t i = 0; i < task.spans.size(); ++i) {
    times[static_cast<std::size_t>(task.spans[i].state)] +=
        end_of_span(task, i) - task.spans[i].begin_ns;
  }
  return times;
}

void print_objects(const Run& run) {
  std::vector<const Object*> busy;
  for (const Object& object : run.objects) {
    if (object.operations > 0 || object.waits > 0) busy.push_back(&object);
  }
  std::stable_sort(busy.begin(), busy.end(), [](const Object* a, const Object* b) {
    return a->waited_ns != b->waited_ns ? a->waited_ns > b->waited_ns
                                        : a->operations > b->operations;
  });
  std::cout << std::left << std::setw(28) << "object" << std::right << std::setw(14) << "operations"
            << std::setw(10) << "waits" << std::setw(14) << "waited ms" << "\n";
  for (const Object* object : busy) {
    std::cout << std::left << std::setw(28) << object->name << std::right << std::setw(14)
              << object->operations << std::setw(10) << object->waits << std::setw(14)
              << milliseconds(object->waited_ns) << "\n";
  }
}

void print_tasks(const Run& run) {
  std::cout << "\n" << std::left << std::setw(28) << "task (times in ms)" << std::right;
  for (std::size_t i = 0; i < kStates; ++i) {
    std::cout << std::setw(11) << name_of(static_cast<State>(i));
  }
  std::cout << "\n";
  for (const Task& task : run.tasks) {
    if (task.id == 0) continue;
    std::cout << std::left << std::setw(28) << task_text(run, task.id) << std::right;
    for (const std::int64_t time_ns : time_by_state(task)) {
      std::cout << std::setw(11) << milliseconds(time_ns);
    }
    std::cout << "\n";
  }
}

int print_stats(const std::string& trace) {
  AnalyzeOptions options;
  options.with_timeline = true;
  const Result<Analysis> analysis = analyze(trace, options);
  if (!analysis.ok()) return fail(analysis.error());
  const Run& run = analysis.value().run;
  std::cout << run.command << "\n"
            << run.events << " events, " << run.accesses << " accesses, "
            << milliseconds(run.duration_ns) << " ms\n\n";
  print_objects(run);
  print_tasks(run);
  std::cout.flush();
  return 0;
}

}  // namespace

void add_stats(CLI::App& app, int& status) {
  auto trace = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("stats", "Print where the time went: waits per object, states per task");
  command->add_option("TRACE", *trace, "The trace of a run")->required();
  command->callback([trace, &status] { status = print_stats(*trace); });
}

}  // namespace raddle::cli
