// SPDX-License-Identifier: Apache-2.0
// mutex-misuse: unlock of an unlocked or foreign mutex, destruction while locked.
#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Order;
using trace::Effect;
using trace::Event;
using trace::Misuse;
using trace::ObjectType;

// The title is `before`, the mutex and `after`.
struct Words {
  std::string_view action, before, after, why, hint;
};

Words words_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::kUnlockOfUnlocked:
      return {"unlocks", "unlock of ", ", which nobody holds", "an unlock needs a lock before it",
              "unlock once for each lock; a lock guard does that"};
    case Misuse::kUnlockByOther:
      return {"unlocks", "unlock of ", ", which another holds", "only who locked it may unlock it",
              "unlock where it was locked, or use a channel or a semaphore to hand over"};
    case Misuse::kDestroyedWhileLocked:
      return {"destroys", "destruction of ", " while it is held",
              "whoever holds it would unlock what is no mutex any more",
              "let it live longer than every lock of it"};
    case Misuse::kRelockBySelf:
      return {"locks again", "second lock of ", " by its holder", "its holder waits for itself",
              "do not lock again what the caller holds, or use a recursive mutex"};
    case Misuse::kSendOnClosed:
    case Misuse::kCloseOfClosed:
    case Misuse::kCloseOfNil:
    case Misuse::kNilForever:
    case Misuse::kNegativeCounter:
    case Misuse::kReuseBeforeWaitReturned:
      break;
  }
  return {"misuses", "misuse of ", "", "", ""};
}

// By the task that locked it, which is a raddle task then.
constexpr Words kUnlockOnOtherThread = {
    "unlocks", "unlock of ", " on another thread than it was locked on",
    "it belongs to the thread that locked it, and the task has waited since then and gone on on "
    "another thread",
    "use a raddle::Mutex, which belongs to the task, or unlock before each call that can wait"};

class MutexMisuse final : public Detector {
 public:
  bool wants(Effect effect) const override { return effect == Effect::kMisuses; }
  void see(const Event& event, const Order& order, Findings& findings) override {
    const ObjectType type = trace::object_type_of(event.kind);
    if (type != ObjectType::kMutex && type != ObjectType::kRwMutex) return;
    if (trace::effect_of(event.kind) != trace::Effect::kMisuses) return;
    const auto misuse = static_cast<Misuse>(event.index);
    const Party holder = holder_of(order);
    if (!findings.is_new(
            key_of(FindingKind::kMutexMisuse, event.stack, event.index, holder.stack))) {
      return;
    }
    Draft draft;
    draft.finding.kind = FindingKind::kMutexMisuse;
    draft.finding.certainty = Certainty::kCertain;
    draft.finding.parties = {party_of(event, order)};
    draft.finding.parties[0].action = words_of(misuse).action;
    if (holder.task != 0) draft.finding.parties.push_back(holder);
    draft.tell = [misuse](Finding& f, const Run& run) {
      const bool has_moved = misuse == Misuse::kUnlockByOther && f.parties.size() > 1 &&
                             f.parties[1].task == f.parties[0].task;
      const Words words = has_moved ? kUnlockOnOtherThread : words_of(misuse);
      f.title = std::string(words.before) + object_text(run, f.parties[0].object);
      f.title += words.after;
      f.why = words.why;
      f.hint = words.hint;
    };
    findings.add(std::move(draft));
  }

 private:
  static Party holder_of(const Order& order) {
    Party party;
    const order::ObjectState& object = order.objects()[order.object()];
    if (object.owner == 0 || !order.knows(object.owner)) return party;
    party.task = object.owner;
    party.action = "holds";
    party.object = order.object();
    for (const order::Holding& holding : order.task(object.owner).held()) {
      if (holding.object != order.object()) continue;
      party.stack = holding.since_stack;
      party.time_ns = holding.since_ns;
    }
    return party;
  }
};

}  // namespace

std::unique_ptr<Detector> make_mutex_misuse() { return std::make_unique<MutexMisuse>(); }

}  // namespace raddle::detect
