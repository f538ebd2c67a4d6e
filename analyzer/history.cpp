// SPDX-License-Identifier: Apache-2.0
#include "analyzer/history.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "analyzer/load/late_beginning.h"
#include "analyzer/model/words.h"
#include "analyzer/order/objects.h"
#include "analyzer/sane_ids.h"
#include "trace/merge.h"

namespace raddle {

namespace {

using trace::Effect;
using trace::Event;
using trace::Kind;

constexpr std::size_t kMostBefore = 5;  // steps up to the finding
constexpr std::uint32_t kNoCase = 0xffff'ffff;

// The kinds in which something has been done with an object, and the parties do not say it all.
bool has_story(FindingKind kind) {
  switch (kind) {
    case FindingKind::kTaskLeak:
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
    case FindingKind::kContextLeak:
    case FindingKind::kLostWakeup:
      return true;
    case FindingKind::kDataRace:
    case FindingKind::kHeapUseAfterFree:
    case FindingKind::kDeadlock:
    case FindingKind::kLockOrder:
    case FindingKind::kThreadLeak:
    case FindingKind::kPanic:
    case FindingKind::kLivelock:
      return false;
  }
  return false;
}

// How much of what came after the last party's event matters: where something is missing, who went
// away without it; a misuse is complete.
std::size_t steps_after(FindingKind kind) {
  const bool is_missing = kind == FindingKind::kTaskLeak || kind == FindingKind::kLostWakeup ||
                          kind == FindingKind::kContextLeak;
  return is_missing ? 2 : 0;
}

bool is_wait(Effect effect) { return effect == Effect::kWaits || effect == Effect::kWaitsToSend; }

std::int64_t last_time(const Finding& finding) {
  std::int64_t time_ns = 0;
  for (const Party& party : finding.parties) time_ns = std::max(time_ns, party.time_ns);
  return time_ns;
}

// What was asked for; the allocator may have given more.
std::uint64_t size_of(const Event& allocation) {
  const bool has_rest =
      allocation.kind == Kind::kMemoryAllocate && allocation.index < allocation.value;
  return allocation.value - (has_rest ? allocation.index : 0);
}

// Finds the memory that findings are about: the latest allocation before each that holds its
// address.
class Allocations final : public trace::Visitor {
 public:
  Allocations(std::vector<Finding>& findings, std::size_t task_count) : task_count_(task_count) {
    for (Finding& finding : findings) {
      if (finding.parties.empty() || finding.parties[0].address == 0) continue;
      addresses_.emplace(finding.parties[0].address, Wanted{&finding});
      until_ns_ = std::max(until_ns_, last_time(finding));
    }
  }

  bool has_nothing_to_do(const trace::Reader& reader) const {
    for (std::size_t code = 0; code < reader.kinds().size(); ++code) {
      if (!reader.kinds()[code]) continue;
      const Effect effect = trace::effect_of(static_cast<Kind>(code));
      if (effect == Effect::kAllocates || effect == Effect::kForks) return addresses_.empty();
    }
    return true;
  }
  std::int64_t until_ns() const { return until_ns_; }
  void accesses(TaskId, std::span<const trace::Access>) override {}

  void event(const Event& event) override {
    const Effect effect = trace::effect_of(event.kind);
    if (effect == Effect::kForks) {
      const trace::Extent stack = trace::spawned_stack(event);
      return note(event, stack.bytes,
                  {stack.address, stack.bytes, static_cast<TaskId>(event.object), 0, true});
    }
    if (effect != Effect::kAllocates) return;
    const bool is_stack = event.kind == Kind::kStackBegin;
    note(event, event.value,
         {event.object, size_of(event), event.task, is_stack ? 0 : event.stack, is_stack});
  }

  void add_stacks(load::Code& code, Run& run) const {
    for (const auto& [address, wanted] : addresses_) {
      if (wanted.time_ns >= 0) code.add_stack(run, 0, wanted.finding->memory.stack);
    }
  }

 private:
  // From the event on, `bytes` from the memory's address on are that memory.
  void note(const Event& event, std::uint64_t bytes, const Memory& memory) {
    if (memory.task >= task_count_) return;  // damage
    const auto first = addresses_.lower_bound(memory.address);
    for (auto it = first; it != addresses_.end() && it->first - memory.address < bytes; ++it) {
      Wanted& wanted = it->second;
      if (event.time_ns > last_time(*wanted.finding) || event.time_ns < wanted.time_ns) continue;
      wanted.time_ns = event.time_ns;
      wanted.finding->memory = memory;
    }
  }

  struct Wanted {
    Finding* finding = nullptr;
    std::int64_t time_ns = -1;  // of the latest allocation so far
  };

  const std::size_t task_count_;
  std::int64_t until_ns_ = 0;
  std::multimap<std::uint64_t, Wanted> addresses_;
};

class Historian final : public trace::Visitor {
 public:
  Historian(std::vector<Finding>& findings, load::Code& code, Run& run);

  bool has_nothing_to_do() const { return objects_of_interest_.empty(); }
  // When the last event was that matters.
  std::int64_t until_ns() const { return until_ns_; }
  void begin(const load::LateBeginning& beginning);
  void event(const Event& event) override;
  void accesses(TaskId, std::span<const trace::Access>) override {}
  bool wants_accesses() const override { return false; }

 private:
  void tell(const Event& event, ObjectId object);
  void add(Finding& finding, Step step);
  void leave_select(const Event& event);
  Step step_of(const Event& event, ObjectId object);

  load::Code& code_;
  Run& run_;
  std::int64_t until_ns_ = 0;
  SaneIds ids_;
  order::Objects numbers_;  // as order::Order counts them
  std::unordered_map<ObjectId, std::vector<Finding*>> objects_of_interest_;
  std::unordered_map<TaskId, std::vector<ObjectId>> offers_;  // of a select that has not ended
};

Historian::Historian(std::vector<Finding>& findings, load::Code& code, Run& run)
    : code_(code), run_(run) {
  for (Finding& finding : findings) {
    if (finding.parties.empty()) continue;
    const ObjectId object = finding.parties[0].object;
    if (object == 0 || !has_story(finding.kind)) continue;
    objects_of_interest_[object].push_back(&finding);
    until_ns_ = std::max(until_ns_, last_time(finding));
    if (steps_after(finding.kind) != 0) until_ns_ = std::numeric_limits<std::int64_t>::max();
  }
}

void Historian::begin(const load::LateBeginning& beginning) {
  ids_.count(beginning.events);
  for (const Event& event : beginning.held) {
    numbers_.enter(event);
    numbers_.leave(event);
  }
}

void Historian::event(const Event& event) {
  if (!ids_.accepts(event)) return;
  const ObjectId object = numbers_.enter(event);
  if (event.kind == Kind::kSelectDone) leave_select(event);
  if (object != 0) tell(event, object);
  numbers_.leave(event);
}

Step Historian::step_of(const Event& event, ObjectId object) {
  Step step{event.task, std::string(trace::verb_of(event.kind)), object, event.stack,
            event.time_ns};
  if (trace::object_type_of(event.kind) == trace::ObjectType::kTask && event.object != 0) {
    step.peer = static_cast<TaskId>(event.object);
  }
  code_.add_stack(run_, 0, step.stack);
  return step;
}

void Historian::tell(const Event& event, ObjectId object) {
  const auto found = objects_of_interest_.find(object);
  if (found == objects_of_interest_.end()) return;
  const Effect effect = trace::effect_of(event.kind);
  const bool is_told_elsewhere =
      effect == Effect::kCreates || effect == Effect::kDestroys || effect == Effect::kMisuses;
  if (is_told_elsewhere || event.task == 0) return;
  Step step = step_of(event, object);
  if (effect == Effect::kOffers) {
    step.action =
        event.index == 1 ? "waits in a select to send on" : "waits in a select to receive from";
    offers_[event.task].push_back(object);
  } else {
    offers_.erase(event.task);
  }
  const bool is_meeting = effect == Effect::kMeets;
  const auto side = [](bool is_sender) { return is_sender ? "sends on" : "receives from"; };
  if (is_meeting) step.action = side(event.index == 1);
  step.is_wait = is_wait(effect) || effect == Effect::kOffers;
  for (Finding* finding : found->second) add(*finding, step);
  if (!is_meeting || event.peer == 0) return;
  step.action = side(event.index != 1);
  step.task = event.peer;  // it waits already: where is known
  step.stack = 0;
  for (Finding* finding : found->second) add(*finding, step);
}

// A select that ends without the object has given it up.
void Historian::leave_select(const Event& event) {
  const auto offers = offers_.find(event.task);
  if (offers == offers_.end()) return;
  for (const ObjectId object : offers->second) {
    for (Finding* finding : objects_of_interest_[object]) {
      const auto own =
          std::find_if(finding->history.rbegin(), finding->history.rend(),
                       [&](const Step& step) { return step.task == event.task && step.is_wait; });
      if (own == finding->history.rend()) continue;
      own->is_wait = false;
      own->action = event.index == kNoCase ? "gave up waiting, in a select, for"
                                           : "took another case of a select than";
    }
  }
  offers_.erase(offers);
}

void Historian::add(Finding& finding, Step step) {
  std::vector<Step>& history = finding.history;
  const std::int64_t until_ns = last_time(finding);
  // A wait is told only as long as nothing has come of it.
  const auto waiting = std::find_if(history.rbegin(), history.rend(), [&](const Step& earlier) {
    return earlier.task == step.task && earlier.is_wait;
  });
  if (waiting != history.rend()) {
    if (waiting->stack != 0) step.stack = waiting->stack;  // a waker may have recorded it
    history.erase(std::next(waiting).base());
  }
  const auto is_same = [&](const Step& earlier) {
    return earlier.task == step.task && earlier.action == step.action &&
           earlier.stack == step.stack;
  };
  if (!history.empty() && is_same(history.back()) && step.time_ns < until_ns) {
    history.back().time_ns = step.time_ns;
    ++history.back().count;
    return;
  }
  const auto late = std::ranges::count_if(
      history, [&](const Step& earlier) { return earlier.time_ns > until_ns; });
  if (step.time_ns > until_ns && static_cast<std::size_t>(late) >= steps_after(finding.kind))
    return;
  history.push_back(std::move(step));
  const std::size_t early = history.size() - static_cast<std::size_t>(late);
  if (history.back().time_ns <= until_ns && early > kMostBefore) history.erase(history.begin());
}

// What the parties say already.
void drop_parties(Finding& finding) {
  std::erase_if(finding.history, [&](const Step& step) {
    return std::ranges::any_of(finding.parties, [&](const Party& party) {
      return party.task == step.task && party.time_ns == step.time_ns && step.count == 1;
    });
  });
}

}  // namespace

void add_history(const trace::Reader& reader, load::Code& code, Analysis& analysis) {
  Allocations allocations(analysis.findings, analysis.run.tasks.size());
  if (!allocations.has_nothing_to_do(reader)) {
    trace::visit_streams(reader, allocations, allocations.until_ns());
    allocations.add_stacks(code, analysis.run);
  }
  Historian historian(analysis.findings, code, analysis.run);
  if (historian.has_nothing_to_do()) return;
  historian.begin(load::late_beginning(reader));
  trace::merge_until(reader, historian, historian.until_ns());
  for (Finding& finding : analysis.findings) drop_parties(finding);
}

}  // namespace raddle
