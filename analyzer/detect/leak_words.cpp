// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/leak_words.h"

#include <algorithm>
#include <iterator>

#include "analyzer/model/words.h"

namespace raddle::detect {
namespace {

using trace::ObjectType;

struct Hint {
  ObjectType type;
  std::string_view text;
};
constexpr Hint kHints[] = {
    {ObjectType::kChannel,
     "close the channel when nothing more comes, or select on a done channel too"},
    {ObjectType::kSelect, "add a case that ends the task: a done channel or a time-out"},
    {ObjectType::kTimer, "wait for the task before main returns, or let a context end its sleep"},
    {ObjectType::kWaitGroup, "call done() once for each add(1), also where a task returns early"},
};

}  // namespace

std::string_view hint_for_wait(trace::Kind kind) {
  if (trace::effect_of(kind) == trace::Effect::kWaitsToSend) {
    return "give the channel room for the value, or select on a done channel too";
  }
  const auto* hint = std::ranges::find(kHints, trace::object_type_of(kind), &Hint::type);
  return hint == std::end(kHints) ? std::string_view() : hint->text;
}

std::string leak_title(const Finding& finding, const Run& run) {
  const Party& party = finding.parties[0];
  std::string title = finding.count > 1
                          ? std::to_string(finding.count) + " tasks leaked: the first "
                          : task_text(run, party.task) + " leaked: ";
  title += party.action;
  if (!party.object_text.empty()) return title + " " + party.object_text;
  return party.object == 0 ? title : title + " " + object_text(run, party.object);
}

}  // namespace raddle::detect
