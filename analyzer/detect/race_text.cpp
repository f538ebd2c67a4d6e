// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/race_text.h"

#include <algorithm>

#include "analyzer/detect/findings.h"
#include "analyzer/detect/library_hint.h"
#include "analyzer/model/words.h"

namespace raddle::detect {

namespace {

constexpr std::uint32_t kLargestAtomic = 8;  // bytes that every machine writes at once

// The name of what was accessed, from the compiler's plugin, where it is several members at once.
constexpr std::string_view kBitFields = "bit-fields ";

bool is_free(const Party& party) { return party.action == "frees the block"; }

bool is_atomic(const Party& party) { return party.action.ends_with("atomically"); }

// What the other holds too; null: nothing.
const Held* same_lock(const Held& held, const Party& other) {
  const auto same =
      std::ranges::find_if(other.held, [&](const Held& one) { return one.object == held.object; });
  return same == other.held.end() ? nullptr : &*same;
}

// The lock that both hold, which then is held for reading; 0: none.
ObjectId common_lock(const Finding& finding) {
  for (const Held& held : finding.parties[0].held) {
    if (same_lock(held, finding.parties[1]) != nullptr) return held.object;
  }
  return 0;
}

// The party whose task, or a task of whose, made the other's; null: none.
const Party* creator_of_other(const Finding& finding, const Run& run) {
  const auto made = [&](const Party& creator, const Party& other) {
    return other.task < run.tasks.size() && run.tasks[other.task].creator == creator.task;
  };
  if (made(finding.parties[0], finding.parties[1])) return &finding.parties[0];
  if (made(finding.parties[1], finding.parties[0])) return &finding.parties[1];
  return nullptr;
}

std::string why_unordered(const Finding& finding, const Run& run) {
  const Party& one = finding.parties[0];
  const Party& two = finding.parties[1];
  if (const ObjectId lock = common_lock(finding); lock != 0) {
    return "both hold " + object_text(run, lock) +
           " only for reading, which orders nothing between them";
  }
  if (!one.held.empty() && !two.held.empty()) {
    return "they hold different locks, " + object_text(run, one.held.back().object) + " and " +
           object_text(run, two.held.back().object) + ", which do not keep them apart";
  }
  return "nothing orders them: no lock that both hold, no channel, join or atomic in between";
}

std::string hint_of_locks(const Finding& finding, const Run& run) {
  const Party& one = finding.parties[0];
  const Party& two = finding.parties[1];
  if (const ObjectId lock = common_lock(finding); lock != 0) {
    return "hold " + object_text(run, lock) + " alone, not shared, where it is written";
  }
  if (one.held.empty() && two.held.empty()) return {};
  if (!one.held.empty() && !two.held.empty()) {
    return "let both hold the same lock, say " + object_text(run, one.held.back().object);
  }
  const Party& holder = one.held.empty() ? two : one;
  const Party& other = one.held.empty() ? one : two;
  return "hold " + object_text(run, holder.held.back().object) + " in " +
         task_text(run, other.task) + " too";
}

std::string hint_of(const Finding& finding, const Run& run, const std::string& name) {
  const Party& one = finding.parties[0];
  const Party& two = finding.parties[1];
  LibraryUse use = library_use(one, run);
  if (use.type.empty() && !use.is_packed) use = library_use(two, run);
  const std::string library = library_hint(use, name);
  if (library.empty() && is_atomic(one) != is_atomic(two)) {
    return "make both accesses atomic: an atomic access and a plain one still race";
  }
  if (name.starts_with(kBitFields)) {
    return "guard all of them with one mutex, or keep them apart by a member of another kind: a "
           "bit-field cannot be a std::atomic";
  }
  if (const std::string hint = hint_of_locks(finding, run); !hint.empty()) return hint;
  if (use.is_packed) return library;
  if (const Party* creator = creator_of_other(finding, run)) {
    const Party& other = creator == &one ? two : one;
    return "let " + task_text(run, creator->task) + " wait for " + task_text(run, other.task) +
           " first, by a join, a WaitGroup or a channel; or guard both accesses with one mutex";
  }
  if (!library.empty()) return library;
  const std::uint32_t largest = std::max(one.size_bytes, two.size_bytes);
  const bool is_small = largest != 0 && std::min(one.size_bytes, two.size_bytes) != 0 &&
                        largest <= kLargestAtomic && one.size_bytes == two.size_bytes;
  const std::string what = name.empty() ? "both accesses" : "every access to " + name;
  return "guard " + what + " with one mutex" + (is_small ? ", or make it a std::atomic" : "") +
         "; or order them with a channel or a join";
}

}  // namespace

std::string size_text(std::uint32_t size_bytes) {
  if (size_bytes == 0) return "a range";
  return std::to_string(size_bytes) + (size_bytes == 1 ? " byte" : " bytes");
}

void tell_race(Finding& finding, const Run& run) {
  std::string name = finding.parties[0].object_text;
  if (name.empty()) name = finding.parties[1].object_text;
  for (Party& party : finding.parties) {
    const std::string& own = party.object_text.empty() ? name : party.object_text;
    party.object_text = (own.empty() ? "" : own + " ") + "at " + address_text(party.address);
  }
  if (finding.kind == FindingKind::kHeapUseAfterFree) {
    finding.title = name.empty() ? "use of freed memory" : "use of " + name + " in freed memory";
    if (std::ranges::all_of(finding.parties, is_free)) {
      finding.title = "double free of " + (name.empty() ? "a block" : name);
      finding.hint =
          "let one owner free it: a std::unique_ptr that is handed on, or a std::shared_ptr";
      return;
    }
    finding.hint =
        "free the block only when no task can use it any more: after a join, or by the "
        "last of its std::shared_ptr";
    return;
  }
  const std::uint32_t shared_bytes =
      std::min(finding.parties[0].size_bytes, finding.parties[1].size_bytes);
  finding.title = "data race on " + (name.empty() ? size_text(shared_bytes) : name);
  finding.why = why_unordered(finding, run);
  if (name.starts_with(kBitFields)) {
    finding.why +=
        "; and bit-fields side by side are one memory location: who writes one writes "
        "the others too";
  }
  finding.hint = hint_of(finding, run, name);
}

void tell_exit(Finding& finding, const Run& run, TaskId other) {
  const std::string name = task_text(run, other);
  finding.why += "; main has returned, and what is static is destroyed while " + name + " goes on";
  finding.hint = "let " + name +
                 " end before main returns, by a join; or never destroy the object: make it with "
                 "new, and leave it";
}

}  // namespace raddle::detect
