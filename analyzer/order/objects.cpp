// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/objects.h"

#include <algorithm>

namespace raddle::order {

ObjectNumber Objects::at(trace::ObjectType type, std::uint64_t address) {
  if (address == 0) return 0;
  if (const std::uint32_t* number = numbers_.find(key_of(type, address))) return *number;
  return create(type, address);
}

ObjectNumber Objects::find(trace::ObjectType type, std::uint64_t address) const {
  const std::uint32_t* number = numbers_.find(key_of(type, address));
  return number == nullptr ? 0 : *number;
}

ObjectNumber Objects::create(trace::ObjectType type, std::uint64_t address) {
  if (address == 0) return 0;
  retire(type, address);
  const auto number = static_cast<ObjectNumber>(states_.size());
  states_.grow_to(states_.size() + 1);
  ObjectState& state = states_[number];
  state.type = type;
  state.address = address;
  const std::uint64_t key = key_of(type, address);
  numbers_.at(key) = number;
  std::uint32_t& page = pages_.at(address >> kPageBits);
  if (page == 0) {
    keys_.emplace_back();
    page = static_cast<std::uint32_t>(keys_.size());
  }
  keys_[page - 1].push_back(key);
  return number;
}

void Objects::retire(trace::ObjectType type, std::uint64_t address) {
  const std::uint64_t key = key_of(type, address);
  if (numbers_.find(key) == nullptr) return;
  std::erase(keys_[*pages_.find(address >> kPageBits) - 1], key);
  retire_key(key);
}

void Objects::retire_key(std::uint64_t key) {
  const ObjectNumber number = *numbers_.find(key);
  ObjectState gone;
  gone.type = states_[number].type;
  gone.address = states_[number].address;
  gone.is_gone = true;
  states_[number] = std::move(gone);
  numbers_.erase(key);
}

void Objects::retire_page(std::uint64_t page, std::uint64_t begin, std::uint64_t end) {
  const std::uint32_t* index = pages_.find(page);
  if (index == nullptr) return;
  std::erase_if(keys_[*index - 1], [&](std::uint64_t key) {
    const std::uint64_t address = key & 0xffff'ffff'ffffu;
    if (address < begin || address >= end) return false;
    retire_key(key);
    return true;
  });
}

void Objects::retire_range(std::uint64_t begin, std::uint64_t bytes) {
  if (bytes == 0 || numbers_.size() == 0) return;
  const std::uint64_t end = begin + bytes;
  const std::uint64_t first = begin >> kPageBits;
  const std::uint64_t last = (end - 1) >> kPageBits;
  if (last - first <= keys_.size()) {
    for (std::uint64_t page = first; page <= last; ++page) retire_page(page, begin, end);
    return;
  }
  for (const std::vector<std::uint64_t>& keys : keys_) {  // a huge range: look at what lives
    if (keys.empty()) continue;
    const std::uint64_t page = (keys.front() & 0xffff'ffff'ffffu) >> kPageBits;
    if (page >= first && page <= last) retire_page(page, begin, end);
  }
}

void Objects::begin_again() {
  for (std::size_t i = 0; i < states_.size(); ++i) states_[i] = {};
  states_.shrink_to(1);
  numbers_.clear();
  pages_.clear();
  keys_.clear();
}

ObjectNumber Objects::enter(const trace::Event& event) {
  const trace::ObjectType type = trace::object_type_of(event.kind);
  if (!is_object(type)) return 0;
  const bool is_new = trace::effect_of(event.kind) == trace::Effect::kCreates;
  return is_new ? create(type, event.object) : at(type, event.object);
}

void Objects::leave(const trace::Event& event) {
  const trace::Effect effect = trace::effect_of(event.kind);
  if (effect == trace::Effect::kDestroys) {
    retire(trace::object_type_of(event.kind), event.object);
  } else if (effect == trace::Effect::kAllocates || effect == trace::Effect::kFrees ||
             effect == trace::Effect::kDiscards) {
    retire_range(event.object, std::min(event.value, kMostBlockBytes));
  }
}

}  // namespace raddle::order
