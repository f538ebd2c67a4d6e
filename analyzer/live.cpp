// SPDX-License-Identifier: Apache-2.0
#include "analyzer/live.h"

#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "analyzer/detect/findings.h"
#include "analyzer/detect/leak_words.h"
#include "analyzer/load/code.h"
#include "analyzer/load/symbols.h"
#include "analyzer/model/words.h"

namespace raddle {
namespace {

using leaks::LostTask;
using leaks::Module;
using leaks::Snapshot;

// What is at each of the addresses that the tasks will return to.
using Symbols = std::map<std::uint64_t, std::vector<Frame>>;

const Module* module_of(const Snapshot& snapshot, std::uint64_t address) {
  for (const Module& module : snapshot.modules) {
    if (address >= module.low && address < module.high) return &module;
  }
  return nullptr;
}

Symbols symbols_of(const Snapshot& snapshot) {
  std::map<const Module*, std::pair<std::vector<std::uint64_t>, std::vector<std::uint64_t>>> wanted;
  Symbols symbols;
  for (const LostTask& task : snapshot.lost) {
    for (const std::uint64_t frame : task.frames) {
      const Module* module = module_of(snapshot, frame);
      if (module == nullptr || !symbols.try_emplace(frame).second) continue;
      auto& [frames, offsets] = wanted[module];
      frames.push_back(frame);
      offsets.push_back(frame - 1 - module->bias);  // in the call, not behind it
    }
  }
  for (const auto& [module, addresses] : wanted) {
    auto found = load::symbols_at(module->file, addresses.second);
    for (std::size_t i = 0; i < found.size(); ++i) {
      symbols[addresses.first[i]] = std::move(found[i]);
    }
  }
  return symbols;
}

class Description {
 public:
  explicit Description(const Snapshot& snapshot)
      : snapshot_(snapshot), symbols_(symbols_of(snapshot)) {
    Run& run = analysis_.run;
    run.program = snapshot.program;
    run.command = snapshot.command;
    run.is_instrumented = true;
    run.is_snapshot = true;
    run.tasks.resize(1);
    run.objects.resize(1);
    run.stacks.resize(1);
    run.notes.push_back(std::to_string(snapshot.tasks) + " tasks, " +
                        std::to_string(snapshot.waiting) +
                        " of them waiting; the program stood still for " +
                        std::to_string(static_cast<int>(snapshot.stopped_s * 1000)) + " ms");
  }

  Analysis finish() {
    for (const LostTask& task : snapshot_.lost) add(task);
    const detect::Sources sources = {[](trace::SiteId, StackId stack) { return stack; },
                                     [](trace::SiteId, StackId) { return std::string(); },
                                     [](trace::StringId) { return std::string(); }};
    analysis_.findings = findings_.finish(sources, analysis_.run);
    return std::move(analysis_);
  }

 private:
  StackId stack_of(const LostTask& task) {
    const auto [known, is_new] = stacks_.try_emplace(task.frames, analysis_.run.stacks.size());
    if (is_new) {
      Stack stack;
      for (const std::uint64_t frame : task.frames) {
        const std::vector<Frame>& frames = symbols_[frame];
        stack.frames.insert(stack.frames.end(), frames.begin(), frames.end());
      }
      analysis_.run.stacks.push_back(std::move(stack));
    }
    return known->second;
  }

  ObjectId object_at(std::uint64_t address, trace::ObjectType type) {
    const auto [known, is_new] = objects_.try_emplace(address, analysis_.run.objects.size());
    if (is_new) {
      char name[64];
      const std::string_view kind = trace::name_of(type);
      std::snprintf(name, sizeof name, "the %.*s at 0x%llx", static_cast<int>(kind.size()),
                    kind.data(), static_cast<unsigned long long>(address));
      Object object;
      object.type = type;
      object.address = address;
      object.name = name;
      analysis_.run.objects.push_back(std::move(object));
    }
    return known->second;
  }

  // By the name that it was given, else by the function that it began with.
  void add_task(const LostTask& lost, StackId stack) {
    Task task;
    task.id = lost.id;
    task.name = lost.name;
    task.has_started = true;
    const std::vector<Frame>& frames = analysis_.run.stacks[stack].frames;
    for (auto frame = frames.rbegin(); task.name.empty() && frame != frames.rend(); ++frame) {
      if (!frame->is_library && !frame->file.empty())
        task.name = load::Code::short_name(frame->function);
    }
    if (lost.id >= analysis_.run.tasks.size()) analysis_.run.tasks.resize(lost.id + 1);
    analysis_.run.tasks[lost.id] = std::move(task);
  }

  void add(const LostTask& lost) {
    const auto kind = static_cast<trace::Kind>(lost.kind);
    const bool is_select = trace::object_type_of(kind) == trace::ObjectType::kSelect;
    const trace::ObjectType type =
        is_select ? trace::ObjectType::kChannel : trace::object_type_of(kind);
    const StackId stack = stack_of(lost);
    add_task(lost, stack);
    if (!findings_.is_new(detect::key_of(FindingKind::kTaskLeak, stack, lost.kind))) return;
    detect::Draft draft;
    Finding& finding = draft.finding;
    finding.kind = FindingKind::kTaskLeak;
    finding.certainty = Certainty::kProved;
    finding.hint = detect::hint_for_wait(kind);
    Party party;
    party.task = lost.id;
    party.stack = stack;
    party.action = lost.action;
    if (lost.objects.size() == 1) party.object = object_at(lost.objects[0], type);
    if (lost.objects.empty() && !is_select) party.object_text = detect::kNilChannel;
    finding.parties = {std::move(party)};
    if (lost.objects.empty()) {
      finding.why = detect::kNothingCanBeReady;
    } else {
      finding.why =
          "nobody can wake it: no thread, no global variable and no task that can run leads ";
      finding.why += is_select ? "to one of its channels" : "there";
    }
    draft.tell = [](Finding& f, const Run& run) { f.title = detect::leak_title(f, run); };
    findings_.add(std::move(draft));
  }

  const Snapshot& snapshot_;
  Symbols symbols_;
  Analysis analysis_;
  detect::Findings findings_;
  std::map<std::vector<std::uint64_t>, StackId> stacks_;
  std::map<std::uint64_t, ObjectId> objects_;
};

}  // namespace

Analysis describe(const leaks::Snapshot& snapshot) { return Description(snapshot).finish(); }

}  // namespace raddle
