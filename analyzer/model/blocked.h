// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analyzer/model/run.h"

namespace raddle {

// Whether a task in this state waits for another one: not for its turn, nor for time to pass.
constexpr bool is_blocked(State state) {
  switch (state) {
    case State::kChannel:
    case State::kSelect:
    case State::kMutex:
    case State::kSync:
      return true;
    case State::kRunning:
    case State::kRunnable:
    case State::kSleep:
    case State::kIdle:
      return false;
  }
  return false;
}

}  // namespace raddle
