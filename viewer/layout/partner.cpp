// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/partner.h"

#include <algorithm>

#include "analyzer/model/words.h"

namespace raddle::viewer {
namespace {

bool is_endless(FindingKind kind) {
  return kind == FindingKind::kTaskLeak || kind == FindingKind::kLostWakeup;
}

bool is_party(const Finding& finding, TaskId task) {
  return std::any_of(finding.parties.begin(), finding.parties.end(),
                     [task](const Party& party) { return party.task == task; });
}

bool is_same_place(const Run& run, StackId a, StackId b) {
  const Frame* first = user_frame(run, a);
  const Frame* second = user_frame(run, b);
  return first != nullptr && second != nullptr && first->line == second->line &&
         first->file == second->file;
}

// When the task used or awaited the object last; < 0: never. Who does what the stuck party does, at
// the same line, cannot help it.
std::int64_t last_use(const Run& run, const Task& task, const Party& stuck) {
  std::int64_t last_ns = -1;
  const auto helps = [&](const auto& use) {
    return use.object == stuck.object && !is_same_place(run, use.stack, stuck.stack);
  };
  const auto moment = std::find_if(task.moments.rbegin(), task.moments.rend(), helps);
  if (moment != task.moments.rend()) last_ns = (*moment).time_ns;
  const auto span = std::find_if(task.spans.rbegin(), task.spans.rend(), helps);
  if (span != task.spans.rend()) last_ns = std::max<std::int64_t>(last_ns, (*span).begin_ns);
  return last_ns;
}

// A select does not say on which objects it waits: the end of the task's last one; < 0: never.
std::int64_t last_select(const Task& task) {
  for (std::size_t i = task.spans.size(); i > 0; --i) {
    if (task.spans[i - 1].state != State::kSelect) continue;
    return end_of_span(task, i - 1);
  }
  return -1;
}

}  // namespace

Partner partner_of(const Run& run, const Finding& finding) {
  if (!is_endless(finding.kind) || finding.parties.empty()) return {};
  const ObjectId object = finding.parties[0].object;
  if (object == 0 || object >= run.objects.size()) return {};
  Partner partner = {0, -1};
  for (const Task& task : run.tasks) {
    if (task.id == 0 || task.id == finding.parties[0].task) continue;
    const std::int64_t last_ns = last_use(run, task, finding.parties[0]);
    if (last_ns > partner.last_ns) partner = {task.id, last_ns};
  }
  const TaskId creator = run.objects[object].creator;
  if (partner.task == 0 && creator != 0 && creator < run.tasks.size()) {
    partner = {creator, last_select(run.tasks[creator])};
  }
  return is_party(finding, partner.task) ? Partner{} : partner;
}

}  // namespace raddle::viewer
