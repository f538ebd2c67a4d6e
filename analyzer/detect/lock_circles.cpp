// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/lock_circles.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "analyzer/detect/findings.h"

namespace raddle::detect {

namespace {

using order::Holding;
using order::ObjectNumber;

constexpr std::size_t kMostParties = 6;  // of a circle
constexpr std::size_t kFirstKept = 4;
constexpr std::size_t kLastKept = 4;
constexpr std::uint64_t kMostSteps = 1'000'000;  // of a search, which is exponential in bad cases

const Holding* find_held(const std::vector<Holding>& held, ObjectNumber lock) {
  const auto found = std::ranges::find(held, lock, &Holding::object);
  return found == held.end() ? nullptr : &*found;
}

// Whether `wanting` would have to wait for `holding`. Readers do not wait for readers.
bool waits_for(const LockRequest& wanting, const LockRequest& holding) {
  const Holding* held = find_held(holding.held, wanting.lock);
  return held != nullptr && !(wanting.is_shared && held->is_shared);
}

// No gate, and either may come first.
bool can_meet(const LockRequest& a, const LockRequest& b) {
  if (a.event.task == b.event.task) return false;
  if (a.clock.covers(b.epoch) || b.clock.covers(a.epoch)) return false;
  return std::ranges::none_of(a.held, [&](const Holding& mine) {
    const Holding* other = find_held(b.held, mine.object);
    return other != nullptr && !(mine.is_shared && other->is_shared);
  });
}

std::uint64_t key_of_request(const LockRequest& request) {
  std::uint64_t key = key_of(FindingKind::kLockOrder, request.event.task, request.lock,
                             static_cast<std::uint64_t>(request.event.kind));
  for (const Holding& holding : request.held) {
    key = key_of(FindingKind::kLockOrder, key, holding.object, holding.is_shared ? 1 : 0);
  }
  return key;
}

}  // namespace

void LockCircles::add(LockRequest request) {
  Kept& kept = kept_[key_of_request(request)];
  if (!kept.some.empty() && request.moment.position == 0) {
    const std::size_t last = kept.some.size() < kFirstKept + kLastKept
                                 ? kept.some.size() - 1
                                 : kFirstKept + (kept.next + kLastKept - 1) % kLastKept;
    const order::Epoch known = kept.some[last].epoch;
    // Nothing new about it.
    if (known.slot == request.epoch.slot && known.count == request.epoch.count) return;
  }
  if (kept.some.size() < kFirstKept + kLastKept) {
    kept.some.push_back(std::move(request));
  } else {
    kept.some[kFirstKept + kept.next] = std::move(request);
    kept.next = (kept.next + 1) % kLastKept;
  }
}

void LockCircles::find(const std::function<void(Circle)>& see) {
  std::vector<const LockRequest*> all;
  for (const auto& [key, kept] : kept_) {
    for (const LockRequest& request : kept.some) all.push_back(&request);
  }
  std::ranges::sort(all, {}, [](const LockRequest* request) {
    const trace::Event& event = request->event;
    return std::tuple(event.time_ns, event.task, request->lock, event.seq);
  });
  holding_.clear();
  for (const LockRequest* request : all) {
    for (const Holding& holding : request->held) holding_[holding.object].push_back(request);
  }
  steps_ = 0;
  for (const LockRequest* first : all) {
    std::vector<const LockRequest*> path = {first};
    extend(path, see);
  }
}

// Depth first over who holds what the last one wants.
void LockCircles::extend(std::vector<const LockRequest*>& path,
                         const std::function<void(Circle)>& see) {
  const auto holders = holding_.find(path.back()->lock);
  if (holders == holding_.end()) return;
  for (const LockRequest* next : holders->second) {
    if (++steps_ > kMostSteps) return;
    if (next->event.task <= path.front()->event.task || !waits_for(*path.back(), *next)) continue;
    const auto meets = [&](const LockRequest* other) { return can_meet(*other, *next); };
    if (!std::ranges::all_of(path, meets)) continue;
    path.push_back(next);
    if (waits_for(*next, *path.front())) {
      see(path);
    } else if (path.size() < kMostParties) {
      extend(path, see);
    }
    path.pop_back();
  }
}

}  // namespace raddle::detect
