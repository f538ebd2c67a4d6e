// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/wait_hint.h"

namespace raddle::detect {

std::string_view hint_for_wait(trace::Kind kind) {
  switch (trace::object_type_of(kind)) {
    case trace::ObjectType::kChannel:
      return trace::effect_of(kind) == trace::Effect::kWaitsToSend
                 ? "give the channel room for the value, or select on a done channel too"
                 : "close the channel when nothing more comes, or select on a done channel too";
    case trace::ObjectType::kSelect:
      return "add a case that ends the task: a done channel or a time-out";
    case trace::ObjectType::kTimer:
      return "wait for the task before main returns, or let a context end its sleep";
    case trace::ObjectType::kWaitGroup:
      return "call done() once for each add(1), also where a task returns early";
    case trace::ObjectType::kMutex:
    case trace::ObjectType::kRwMutex:
    case trace::ObjectType::kTask:
    case trace::ObjectType::kOnce:
    case trace::ObjectType::kCond:
    case trace::ObjectType::kSemaphore:
    case trace::ObjectType::kBarrier:
    case trace::ObjectType::kContext:
    case trace::ObjectType::kAtomic:
    case trace::ObjectType::kMemory:
    case trace::ObjectType::kRun:
    case trace::ObjectType::kAddress:
      return "";
  }
  return "";
}

}  // namespace raddle::detect
