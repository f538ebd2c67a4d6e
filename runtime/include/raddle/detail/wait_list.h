// SPDX-License-Identifier: Apache-2.0
// The part of a primitive in which tasks and threads wait.
#pragma once

#include <atomic>
#include <cstdint>

namespace raddle::detail {

struct WaitNode;

// All zero when nobody waits. `lock` guards the list and what its owner says it guards.
struct WaitList {
  std::atomic<std::uint32_t> lock{0};
  std::atomic<WaitNode*> first{nullptr};  // written under the lock
  WaitNode* last = nullptr;
};

}  // namespace raddle::detail
