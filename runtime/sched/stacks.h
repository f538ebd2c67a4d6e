// SPDX-License-Identifier: Apache-2.0
// Memory for fibers' stacks: slots of kSlotBytes virtual memory each with a guard at the low end,
// from arenas that are never returned; a slot costs memory only for the pages touched.
#pragma once

#include <cstddef>

namespace raddle::sched {

inline constexpr std::size_t kSlotBytes = std::size_t{256} << 10;
inline constexpr std::size_t kGuardBytes = 4096;

// The lowest address of a slot, guard included. Recently freed ones come first. Ends the process
// with a message when the address space is used up.
void* take_slot() noexcept;
// The guard stays; the memory of slots that are not soon used again goes back to the system.
void give_slot(void* slot) noexcept;

// The lowest address of the slot that `address` lies in; null: in none.
void* slot_of(const void* address) noexcept;
std::size_t slots_in_use() noexcept;

}  // namespace raddle::sched
