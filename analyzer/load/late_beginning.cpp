// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/late_beginning.h"

#include <numeric>
#include <set>
#include <span>
#include <utility>

#include "trace/merge.h"

namespace raddle::load {
namespace {

using trace::Effect;
using trace::Kind;

Kind taking(Kind giving) {
  if (giving == Kind::kRwMutexUnlock) return Kind::kRwMutexLock;
  return giving == Kind::kRwMutexUnlockShared ? Kind::kRwMutexLockShared : Kind::kMutexLock;
}

class HeldAtBeginning final : public trace::Visitor {
 public:
  explicit HeldAtBeginning(std::vector<trace::Event>& held) : held_(held) {}
  void accesses(trace::TaskId, std::span<const trace::Access>) override {}
  bool wants_accesses() const override { return false; }
  void event(const trace::Event& event) override {
    const Effect effect = trace::effect_of(event.kind);
    const bool gives = effect == Effect::kGives || effect == Effect::kGivesShared;
    if (!gives && effect != Effect::kTakes && effect != Effect::kTakesShared) return;
    if (!known_.emplace(event.task, event.object).second || !gives) return;
    held_.push_back({.kind = taking(event.kind), .task = event.task, .object = event.object});
  }

 private:
  std::set<std::pair<trace::TaskId, std::uint64_t>> known_;  // what it does with a lock is seen
  std::vector<trace::Event>& held_;
};

}  // namespace

LateBeginning late_beginning(const trace::Reader& reader) {
  LateBeginning beginning;
  if (reader.cut() == nullptr) return beginning;
  const std::span<const std::uint32_t> counts = reader.counts_at_cut();
  beginning.events = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  HeldAtBeginning visitor(beginning.held);
  trace::merge(reader, visitor);
  return beginning;
}

}  // namespace raddle::load
