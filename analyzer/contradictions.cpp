// SPDX-License-Identifier: Apache-2.0
#include "analyzer/contradictions.h"

#include <algorithm>

#include "analyzer/model/words.h"

namespace raddle {

using trace::Effect;
using trace::Event;

namespace {

constexpr std::size_t kMostTold = 5;

std::string text_of(const Run& run, const Event& event, order::ObjectNumber object) {
  const bool is_receive = trace::effect_of(event.kind) == Effect::kExchanges;
  return "at byte " + std::to_string(event.offset) + ": " + task_text(run, event.task) + " " +
         std::string(trace::verb_of(event.kind)) + " " + object_text(run, object) +
         (is_receive ? " what nobody has sent" : ", which nobody holds");
}

}  // namespace

void Contradictions::look(const Event& event, Effect effect, const order::Order& order) {
  const order::ObjectNumber object = order.object();
  const order::ObjectState& state = order.objects()[object];
  if (effect == Effect::kMisuses) {
    misused_.insert(object);
  } else if (effect == Effect::kGives) {
    if (state.owner == 0) add(event, object);
  } else if (effect == Effect::kGivesShared) {
    if (state.shared.empty()) add(event, object);
  } else {
    if (object >= sent_.size()) sent_.resize(object + std::size_t{1});
    if (effect == Effect::kSends) {
      sent_[object] = std::max(sent_[object], event.value + 1);
    } else if (event.value >= sent_[object]) {
      add(event, object);
    }
  }
}

void Contradictions::add(const Event& event, order::ObjectNumber object) {
  if (misused_.contains(object)) return;
  ++count_;
  if (first_.size() < kMostTold) first_.push_back({event, object});
}

void Contradictions::tell(Run& run) const {
  for (const Contradiction& one : first_) {
    run.damage.notes.push_back(text_of(run, one.event, one.object));
  }
  if (count_ > first_.size()) {
    run.damage.notes.push_back(std::to_string(count_ - first_.size()) +
                               " more events contradict those before them");
  }
}

}  // namespace raddle
