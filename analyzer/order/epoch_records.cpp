// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/epoch_records.h"

#include <algorithm>
#include <utility>

namespace raddle::order {
namespace {

using Kept = std::vector<KeptRecord>;

Kept::const_iterator not_before(const Kept& kept, Count count) {
  return std::ranges::lower_bound(kept, count, {}, &KeptRecord::count);
}

}  // namespace

const KeptRecord* EpochRecords::find_kept(Count count) const {
  if (kept_ == nullptr) return nullptr;
  const auto found = not_before(*kept_, count);
  return found == kept_->end() || found->count != count ? nullptr : &*found;
}

const EpochRecord* EpochRecords::find_next(Count count) const {
  if (kept_ != nullptr) {
    const auto found = not_before(*kept_, count);
    if (found != kept_->end()) return &found->record;
  }
  return recent_.empty() ? nullptr : &recent_.front();
}

void EpochRecords::forget(std::vector<KeptRecord> kept) {
  if (recent_.empty()) return;
  const EpochRecord last = recent_.back();
  old_count_ = size() - 1;
  recent_ = std::vector{last};  // another one: the slots' largest numbers together are too many
  kept_ = kept.empty() ? nullptr : std::make_unique<Kept>(std::move(kept));
}

}  // namespace raddle::order
