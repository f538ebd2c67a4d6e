// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/places.h"

namespace raddle::detect {

Origin Places::number_of(const Place& place) {
  const std::lock_guard guard(mutex_);
  const std::uint64_t key = (std::uint64_t{place.site} << 32) | place.stack;
  std::uint32_t& newest = newest_.at(key);
  for (std::uint32_t i = newest; i != 0; i = next_[i - 1]) {
    if (places_[i - 1].size_bytes == place.size_bytes) return i - 1;
  }
  places_.push_back(place);
  next_.push_back(newest);
  newest = static_cast<std::uint32_t>(places_.size());
  return newest - 1;
}

Place Places::operator[](Origin origin) const {
  const std::lock_guard guard(mutex_);
  return places_[origin];
}

std::vector<Place> Places::all() const {
  const std::lock_guard guard(mutex_);
  return places_;
}

void Places::begin_again() {
  const std::lock_guard guard(mutex_);
  newest_.clear();
  places_.clear();
  next_.clear();
}

Origin RecentPlaces::look_up(const Place& place) {
  const Origin origin = places_->number_of(place);
  if (origin >= recent_.size() / 2 && recent_.size() < kMostRecent) {
    const std::size_t more = recent_.size() * 4;
    recent_.assign(more, {});
  }
  recent_[slot_of(place)] = {place, origin};
  return origin;
}

}  // namespace raddle::detect
