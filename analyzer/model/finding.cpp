// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/finding.h"

namespace raddle {

std::string_view name_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::kDataRace:
      return "data-race";
    case FindingKind::kHeapUseAfterFree:
      return "heap-use-after-free";
    case FindingKind::kDeadlock:
      return "deadlock";
    case FindingKind::kLockOrder:
      return "lock-order";
    case FindingKind::kTaskLeak:
      return "task-leak";
    case FindingKind::kThreadLeak:
      return "thread-leak";
    case FindingKind::kChannelMisuse:
      return "channel-misuse";
    case FindingKind::kWaitGroupMisuse:
      return "wait-group-misuse";
    case FindingKind::kMutexMisuse:
      return "mutex-misuse";
    case FindingKind::kContextLeak:
      return "context-leak";
    case FindingKind::kLostWakeup:
      return "lost-wakeup";
    case FindingKind::kPanic:
      return "panic";
    case FindingKind::kLivelock:
      return "livelock";
  }
  return "unknown";
}

std::string_view name_of(Certainty certainty) {
  switch (certainty) {
    case Certainty::kCertain:
      return "certain";
    case Certainty::kProved:
      return "proved";
    case Certainty::kSuspected:
      return "suspected";
    case Certainty::kPredicted:
      return "predicted";
  }
  return "unknown";
}

// NOLINTNEXTLINE(readability-function-size): a table, with a row for each case
std::string_view explain(FindingKind kind) {
  switch (kind) {
    case FindingKind::kDataRace:
      return "Two tasks access the same memory, at least one of them writes, not both accesses are "
             "atomic, and nothing orders them. In C++ the behaviour is undefined: values may be "
             "torn, "
             "stale or invented by the optimiser. Guard both accesses with the same mutex, make "
             "both "
             "atomic, or let a channel, a join or a WaitGroup order them.";
    case FindingKind::kHeapUseAfterFree:
      return "Memory is used after its block was freed, or nothing orders the use with the free, "
             "so "
             "that in another schedule it comes after it. The block may belong to somebody else by "
             "then. Free it only once every task that may use it is done, or share its ownership.";
    case FindingKind::kDeadlock:
      return "Tasks or threads wait for each other in a circle, or everything that is left is "
             "blocked "
             "and nothing can wake it. Take locks in one order everywhere, do not wait while "
             "holding "
             "what the other needs, and make sure that somebody sends, closes or is done.";
    case FindingKind::kLockOrder:
      return "Locks are taken in opposite orders by tasks that may run at the same time: a "
             "schedule "
             "exists in which they block each other. Take them in one order everywhere.";
    case FindingKind::kTaskLeak:
      return "A task can never run again, or was still blocked, asleep or not even started when "
             "the "
             "program ended. Each such task keeps its stack and all it refers to. Give it a way "
             "out: "
             "a buffer, a close, a done channel in a select, or a wait for it in main.";
    case FindingKind::kThreadLeak:
      return "A joinable thread was neither joined nor detached. The system keeps its stack and "
             "its "
             "result for ever. Join it, or detach it where nobody waits for it.";
    case FindingKind::kChannelMisuse:
      return "A channel was used in a way that throws or blocks for ever: a send on a closed one, "
             "a "
             "second close, a close of nil, a nil channel that is never set; or a close that "
             "nothing "
             "orders with a send, which is a send on closed in another schedule. Let the one side "
             "that sends own the close.";
    case FindingKind::kWaitGroupMisuse:
      return "A WaitGroup's counter went below zero, was reused before a wait had returned, or was "
             "raised from zero by an add that nothing orders with a wait, so that the wait may "
             "return "
             "too early. Add before the task is spawned; be done once for each.";
    case FindingKind::kMutexMisuse:
      return "A mutex was unlocked by somebody who did not hold it, or destroyed while held. Use "
             "lock "
             "guards, and let the mutex outlive its users.";
    case FindingKind::kContextLeak:
      return "A context's cancel function was never called: its timer and its link to the parent "
             "outlive their user. Keep the cancel handle until the work is done.";
    case FindingKind::kLostWakeup:
      return "A wait that no later notify can end: the notify came before the wait. Check the "
             "condition under the mutex, in a loop, before waiting.";
    case FindingKind::kPanic:
      return "An exception left a task or main, or a signal or abort ended the program. Catch it "
             "in "
             "the task, or hand it over with spawn() and get().";
    case FindingKind::kLivelock:
      return "Tasks or threads go on and on, each waiting for another by looking again and again, "
             "or "
             "giving way to it, and none comes to its end. Find out who should have let them go "
             "on: "
             "it has ended, is blocked, or waits in the same way. Wait on a condition or a channel "
             "instead, where a deadlock is found at once.";
  }
  return "";
}

}  // namespace raddle
