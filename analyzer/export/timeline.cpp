// SPDX-License-Identifier: Apache-2.0
#include "analyzer/export/timeline.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "analyzer/model/words.h"

namespace raddle {

namespace {

using trace::Kind;

std::string text_of(const Run& run, const Span& span) {
  if (span.object != 0) return "waits on " + object_text(run, span.object);
  return span.state == State::kSelect ? "waits in select" : std::string(name_of(span.state));
}

struct Use {
  TaskId task = 0;
  Moment moment;
};

// Of all tasks, by time.
std::vector<Use> uses_of(const Run& run) {
  std::vector<Use> uses;
  for (const Task& task : run.tasks) {
    for (const Moment& moment : task.moments) uses.push_back({task.id, moment});
  }
  std::ranges::stable_sort(uses, {}, [](const Use& use) { return use.moment.time_ns; });
  return uses;
}

// Pairs what gives with what takes, of one object.
class Pairs {
 public:
  explicit Pairs(std::vector<Flow>& flows) : flows_(flows) {}

  void see(const Use& use) {
    std::deque<Use>& given = given_[use.moment.object];
    switch (use.moment.kind) {
      case Kind::kChannelSend:
        return given.push_back(use);
      case Kind::kChannelRecv:
        if (given.empty()) return;
        add("send", given.front(), use);
        return given.pop_front();
      case Kind::kMutexUnlock:
        given.assign(1, use);
        return;
      case Kind::kMutexLock:
        if (!given.empty() && given.front().task != use.task) add("unlock", given.front(), use);
        return;
      default:
        return;
    }
  }

 private:
  void add(const char* name, const Use& from, const Use& to) {
    flows_.push_back({name, from.task, to.task, from.moment.time_ns, to.moment.time_ns});
  }

  std::unordered_map<ObjectId, std::deque<Use>> given_;
  std::vector<Flow>& flows_;
};

}  // namespace

std::vector<Slice> slices_of(const Run& run) {
  std::vector<Slice> slices;
  for (const Task& task : run.tasks) {
    for (std::size_t i = 0; i < task.spans.size(); ++i) {
      const Span span = task.spans[i];
      const std::int64_t end_ns = end_of_span(task, i);
      if (span.state == State::kIdle || end_ns <= span.begin_ns) continue;
      slices.push_back({task.id, span.begin_ns, end_ns, text_of(run, span),
                        std::string(name_of(span.state)), span.stack});
    }
  }
  return slices;
}

std::vector<Flow> flows_of(const Run& run) {
  std::vector<Flow> flows;
  Pairs pairs(flows);
  for (const Use& use : uses_of(run)) {
    const Moment& moment = use.moment;
    if (moment.kind == Kind::kTaskSpawn && moment.peer < run.tasks.size() && moment.peer != 0 &&
        !run.tasks[moment.peer].spans.empty()) {
      const Task& child = run.tasks[moment.peer];
      flows.push_back({"spawn", use.task, child.id, moment.time_ns,
                       std::max<std::int64_t>(child.spans.front().begin_ns, moment.time_ns)});
    } else {
      pairs.see(use);
    }
  }
  std::ranges::stable_sort(flows, {}, &Flow::to_ns);
  return flows;
}

}  // namespace raddle
