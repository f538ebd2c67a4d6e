// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/span_words.h"

#include <algorithm>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

// Who holds the object at that time; 0: nobody, or unknown.
TaskId holder_at(const Run& run, ObjectId object, std::int64_t time_ns) {
  if (object == 0 || object >= run.objects.size()) return 0;
  const HoldingList& list = run.objects[object].holdings;
  auto behind = std::upper_bound(list.begin(), list.end(), time_ns,
                                 [](std::int64_t t, const Holding& h) { return t < h.begin_ns; });
  if (behind == list.begin()) return 0;
  --behind;
  return behind->end_ns > time_ns ? behind->task : 0;
}

}  // namespace

SpanWords::SpanWords(const Analysis& analysis) : analysis_(analysis) {
  for (const Finding& finding : analysis.findings) {
    for (const Party& party : finding.parties) parties_[party.task].push_back(&party);
  }
}

// What a finding says of the task in this span: more exact than the state alone.
const Party* SpanWords::party_in(const Task& task, std::size_t span) const {
  const auto found = parties_.find(task.id);
  if (found == parties_.end()) return nullptr;
  const std::int64_t begin_ns = task.spans[span].begin_ns;
  const std::int64_t end_ns = end_of_span(task, span);
  for (const Party* party : found->second) {
    if (party->time_ns >= begin_ns && party->time_ns < end_ns) return party;
  }
  return nullptr;
}

std::vector<std::string> SpanWords::of(const Task& task, std::size_t span) const {
  const Span s = task.spans[span];
  const Run& run = analysis_.run;
  if (s.object == 0) {
    return {std::string(state_phrase(s.state)), std::string(state_word(s.state))};
  }
  std::string verb = s.state == State::kChannel ? "waits on" : "waits for";
  const Party* party = party_in(task, span);
  if (party != nullptr && party->action.starts_with("wait")) verb = party->action;
  const std::string object = object_label(run, s.object);
  std::vector<std::string> words = {verb + " " + object, object, short_object_label(run, s.object)};
  const TaskId holder = holder_at(run, s.object, s.begin_ns);
  if (holder != 0 && holder != task.id) {
    const std::string held = ", held by " + short_task_label(run, holder);
    words.insert(words.begin(), {words[0] + held, object + held, words[2] + held});
  }
  return words;
}

}  // namespace raddle::viewer
