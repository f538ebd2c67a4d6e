// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/hang_words.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "analyzer/model/words.h"

namespace raddle::detect {
namespace {

struct LibraryClass {
  std::string_view functions;  // how the names of its members begin
  std::string_view name;
  std::string_view hint;
  bool has_own_word = false;  // that the kernel waits on; else libstdc++ has one for many objects
};

constexpr std::string_view kHintForSemaphore =
    "call release() once for each acquire(), also where a task returns early";
constexpr std::string_view kHintForAtomic =
    "let somebody change the value, and then call notify_one() or notify_all()";
constexpr std::string_view kHintForBarrier =
    "let as many arrive as the barrier was made for; who leaves for good calls arrive_and_drop()";
constexpr std::string_view kHintForLatch =
    "call count_down() as often as the latch was made for, also where a task returns early";
constexpr LibraryClass kClasses[] = {
    {"std::latch::", "std::latch", kHintForLatch, true},
    {"std::barrier<", "std::barrier", kHintForBarrier},
    {"std::counting_semaphore<1l>::", "std::binary_semaphore", kHintForSemaphore, true},
    {"std::counting_semaphore<", "std::counting_semaphore", kHintForSemaphore, true},
    {"std::atomic_flag::", "std::atomic_flag", kHintForAtomic},
    {"std::__atomic_base<int>::", "std::atomic", kHintForAtomic, true},
    {"std::__atomic_base<", "std::atomic", kHintForAtomic},
    {"std::atomic<", "std::atomic", kHintForAtomic},
};

// The function that the program has called there. Null: the wait is not in the C++ library.
const LibraryClass* class_at(const Run& run, StackId stack) {
  if (stack >= run.stacks.size()) return nullptr;
  const std::vector<Frame>& frames = run.stacks[stack].frames;
  const auto user = std::ranges::find(frames, false, &Frame::is_library);
  if (user == frames.begin()) return nullptr;
  const std::string& called = std::prev(user)->function;
  const auto* const found = std::ranges::find_if(
      kClasses, [&](const LibraryClass& one) { return called.starts_with(one.functions); });
  return found == std::end(kClasses) ? nullptr : found;
}

const LibraryClass* class_of(const Party& party, const Run& run) {
  if (party.object == 0 || party.object >= run.objects.size()) return nullptr;
  if (run.objects[party.object].type != trace::ObjectType::kAddress) return nullptr;
  return class_at(run, party.stack);
}

}  // namespace

void tell_library_waits(Finding& finding, const Run& run) {
  for (Party& party : finding.parties) {
    const LibraryClass* waited = class_of(party, run);
    if (waited == nullptr) continue;
    const bool is_named = waited->has_own_word && !run.objects[party.object].is_internal;
    const bool is_atomic = waited->hint == kHintForAtomic;
    party.action = is_atomic ? "waits for a change of " : "waits for ";
    party.action += is_named ? "the " : "a ";
    party.action += waited->name;
    if (!is_named) party.object = 0;
  }
}

std::string_view hint_for_library_waits(const Finding& finding, const Run& run) {
  const LibraryClass* only = nullptr;
  for (const Party& party : finding.parties) {
    if (party.object == 0) continue;  // another's end
    const LibraryClass* waited = class_of(party, run);
    if (waited == nullptr || (only != nullptr && only->hint != waited->hint)) return {};
    only = waited;
  }
  return only == nullptr ? std::string_view() : only->hint;
}

}  // namespace raddle::detect
