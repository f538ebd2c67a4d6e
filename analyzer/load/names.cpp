// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/names.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/model/words.h"

namespace raddle::load {

using trace::EndReason;
using trace::FileHeader;
using trace::ObjectType;
using trace::StopReason;

namespace {

// What clocks of two processors may differ by, where a thread goes from one to the other.
constexpr std::int64_t kLongestBack = 100'000;  // ns

std::string text_of(const char* field, std::size_t bytes) {
  return std::string(field, strnlen(field, bytes));
}

void add_given_names(const trace::Reader& reader, Run& run) {
  std::map<std::uint64_t, std::vector<trace::Name>> by_address;
  for (const trace::Name& name : reader.names()) {
    const std::string text(reader.string(name.text));
    if (name.type != ObjectType::kTask) {
      by_address[name.object].push_back(name);
    } else if (name.object < run.tasks.size()) {
      run.tasks[name.object].name = text;
    }
  }
  for (Object& object : run.objects) {
    const auto found = by_address.find(object.address);
    if (object.address == 0 || found == by_address.end()) continue;
    for (const trace::Name& name : found->second) {
      if (name.type != object.type && name.type != ObjectType::kAddress) continue;
      object.name = reader.string(name.text);
      object.is_internal = false;
    }
  }
}

void mark_namesakes(Run& run) {
  std::map<std::pair<ObjectType, std::string_view>, Object*> seen;
  for (Object& object : run.objects) {
    if (object.expression.empty()) continue;
    const auto [first, is_new] = seen.try_emplace({object.type, object.expression}, &object);
    if (!is_new) first->second->has_namesakes = object.has_namesakes = true;
  }
}

// "accounts (mutex 1)": the name alone may be that of several.
void add_expressions(const Code& code, Run& run) {
  std::set<std::uint64_t> addresses;  // of what is more than an address
  for (const Object& object : run.objects) {
    if (object.type != ObjectType::kAddress) addresses.insert(object.address);
  }
  for (Object& object : run.objects) {
    if (object.address == 0) continue;
    const bool has_number = object.type != ObjectType::kAddress;
    if (!has_number) object.name = "an internal atomic";
    // What a library notes on the address of something else is not what the user's line is about.
    object.is_internal = !has_number && addresses.contains(object.address);
    if (!object.is_internal) object.expression = code.variable(0, object.created_at);
    if (object.expression.empty()) {
      object.is_internal = object.is_internal || !has_number;
      continue;
    }
    object.name = has_number ? object.expression + " (" + object.name + ")" : object.expression;
  }
  mark_namesakes(run);
}

std::string name_of_entry(const Entry& entry, Code& code) {
  const Stack stack = code.stack(entry.site, entry.stack);
  for (auto frame = stack.frames.rbegin(); frame != stack.frames.rend(); ++frame) {
    if (!frame->is_library && !frame->file.empty()) return Code::short_name(frame->function);
  }
  return {};
}

std::string stop_note(StopReason reason) {
  switch (reason) {
    case StopReason::kNone:
      return {};
    case StopReason::kDiskFull:
      return "recording stopped early: the disk was full; what came later was not seen";
    case StopReason::kInternal:
      return "recording stopped early on an internal error; what came later was not seen";
    case StopReason::kAsked:
      return "recording was stopped early, as asked; what came later was not seen";
    case StopReason::kClosed:
      return "recording stopped early: the program has closed the descriptor of its trace; what "
             "came later was not seen";
    case StopReason::kChecker:
      return "recording stopped early: the checker of the running program did not go on; what came "
             "later was not seen";
  }
  return {};
}

// What is not there on purpose.
std::string note_of_cut(const trace::Cut& cut, const trace::Reader& reader) {
  const std::int64_t begin_ns = reader.time_ns(cut.ticks[cut.number % 2]);
  const std::int64_t end_ns = reader.time_ns(reader.header().ticks1);
  char seconds[64];
  std::snprintf(seconds, sizeof seconds, "%.3g of %.3g s",
                static_cast<double>(std::max(end_ns - begin_ns, std::int64_t{0})) / 1e9,
                static_cast<double>(end_ns) / 1e9);
  return "the trace holds the last " + std::string(seconds) + ": " +
         std::to_string(cut.given_up_bytes >> 20) +
         " MB before were given up for trace_limit, and what was found in them is not told";
}

void add_notes(const FileHeader& header, Run& run) {
  const bool has_begun = run.events != 0 || run.stop_reason == StopReason::kNone;
  if (!run.is_instrumented && has_begun) {
    run.notes.push_back(run.events == 0
                            ? "built without the flag, and no thread or lock of it was seen"
                            : "built without the flag: only synchronisation was seen, no memory "
                              "accesses");
  } else if (run.is_instrumented && header.level == 1) {
    run.notes.emplace_back("recorded with level=sync: memory accesses were not seen");
  }
  if (const std::string note = stop_note(run.stop_reason); !note.empty()) run.notes.push_back(note);
  if (run.end_reason == EndReason::kUnknown) {
    run.notes.emplace_back(
        "the program was killed, or still runs: its last moments may be missing");
  }
}

}  // namespace

bool names_task(const Entry& entry, Code& code) { return !name_of_entry(entry, code).empty(); }

void add_names(const trace::Reader& reader, const Entries& entries, Code& code, Run& run) {
  std::vector<std::string> names{{}};  // as a rule far fewer than nodes
  std::vector<std::uint32_t> name_of(entries.node_count());
  for (Entries::Node node = 1; node < name_of.size(); ++node) {
    name_of[node] = name_of[entries.parent(node)];
    if (name_of[node] != 0) continue;
    std::string name = name_of_entry(entries.last(node), code);
    if (name.empty()) continue;
    name_of[node] = static_cast<std::uint32_t>(names.size());
    names.push_back(std::move(name));
  }
  for (Task& task : run.tasks) {
    if (task.id != 0 && task.name.empty())
      task.name = names[name_of[entries.list_of(task.id)]];  // no worker
  }
  add_expressions(code, run);
  add_given_names(reader, run);
}

void add_header(const trace::Reader& reader, const trace::MergeStats& stats, Run& run) {
  const FileHeader& header = reader.header();
  run.program = text_of(header.program, sizeof header.program);
  run.command = text_of(header.command, sizeof header.command);
  run.end_reason = static_cast<EndReason>(header.end_reason);
  run.end_code = header.end_code;
  run.stop_reason = static_cast<StopReason>(header.stop_reason);
  run.is_instrumented = header.is_instrumented == 1;
  run.has_accesses = header.level >= 2;
  run.damage.bytes_lost = reader.losses().bytes;
  run.damage.notes = reader.losses().notes;
  if (const std::uint64_t skipped = reader.losses().unknown_records; skipped > 0) {
    run.notes.push_back(std::to_string(skipped) + (skipped == 1 ? " record" : " records") +
                        " of a newer version " + (skipped == 1 ? "was" : "were") + " skipped");
  }
  if (stats.gaps > 0 && header.end_reason != static_cast<std::uint32_t>(EndReason::kUnknown)) {
    run.damage.notes.push_back(std::to_string(stats.gaps) + " events are missing");
  }
  if (stats.longest_back_ns > kLongestBack) {
    run.damage.notes.push_back("at byte " + std::to_string(stats.back_offset) +
                               ": the clock goes back by " +
                               std::to_string(stats.longest_back_ns / 1'000) + " us");
  }
  if (reader.cut() != nullptr) run.notes.push_back(note_of_cut(*reader.cut(), reader));
  if (reader.misses_accesses()) {
    run.notes.emplace_back(
        "memory accesses were not recorded all the time: races at other times were not seen");
  }
  add_notes(header, run);
}

void add_sleeps(const trace::Reader& reader, const std::vector<RunBuilder::Sleep>& sleeps,
                Code& code, Run& run) {
  for (const RunBuilder::Sleep& sleep : sleeps) {
    const Stack stack = code.stack(0, sleep.stack);
    const std::size_t frame = user_frame_index(stack);
    std::string text = task_text(run, sleep.task) + " slept in the kernel, in " +
                       std::string(reader.string(sleep.call));
    if (frame < stack.frames.size()) {
      text += ", at " + Code::short_name(stack.frames[frame].function) + " " +
              short_place_text(stack.frames[frame]);
    }
    run.uncontrolled.push_back(text);
    run.notes.push_back(text + ": nobody could decide about it, and a replay may differ");
  }
}

void add_stacks(Code& code, Run& run) {
  for (const Task& task : run.tasks) {
    code.add_stack(run, 0, task.created_at);
    for (const Span::What& what : task.spans.whats()) code.add_stack(run, 0, what.stack);
    for (const Moment::What& what : task.moments.whats()) code.add_stack(run, 0, what.stack);
  }
  for (const Object& object : run.objects) code.add_stack(run, 0, object.created_at);
}

}  // namespace raddle::load
