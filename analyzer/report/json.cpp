// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/json.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "analyzer/model/words.h"

namespace raddle::report {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Frame& frame) {
  return {{"function", frame.function},
          {"file", frame.file},
          {"line", frame.line},
          {"column", frame.column},
          {"library", frame.is_library}};
}

Json json_of_stack(const Run& run, StackId stack) {
  Json frames = Json::array();
  if (stack >= run.stacks.size()) return frames;
  for (const Frame& frame : run.stacks[stack].frames) frames.push_back(json_of(frame));
  return frames;
}

Json json_of_task(const Run& run, TaskId task) {
  Json json = {{"id", task}, {"name", task_text(run, task)}};
  if (task == 0 || task >= run.tasks.size()) return json;
  const Task& t = run.tasks[task];
  json["thread"] = t.is_thread;
  if (t.creator == 0) return json;
  json["created_by"] = t.creator;
  json["created_at"] = json_of_stack(run, t.created_at);
  return json;
}

Json json_of_object(const Run& run, ObjectId object) {
  const Object& o = run.objects[object];
  Json json = {{"id", object}, {"type", trace::name_of(o.type)}, {"name", o.name}};
  if (o.creator != 0) json["created_by"] = o.creator;
  if (o.created_at != 0) json["created_at"] = json_of_stack(run, o.created_at);
  return json;
}

Json json_of(const Run& run, const Party& party) {
  Json json = {{"task", json_of_task(run, party.task)}, {"action", party.action}};
  json["object"] = object_text(run, party);
  if (party.object != 0 && party.object < run.objects.size()) {
    json["object_details"] = json_of_object(run, party.object);
  }
  if (party.address != 0) {
    json["address"] = party.address;
    json["size"] = party.size_bytes;
    json["write"] = party.is_write;
  }
  json["time_ns"] = party.time_ns;
  json["stack"] = json_of_stack(run, party.stack);
  json["held"] = Json::array();
  for (const Held& held : party.held) {
    json["held"].push_back({{"object", object_text(run, held.object)},
                            {"shared", held.is_shared},
                            {"since_ns", held.since_ns},
                            {"stack", json_of_stack(run, held.since_stack)}});
  }
  return json;
}

Json json_of(const Run& run, const Step& step) {
  Json json = {{"task", json_of_task(run, step.task)},
               {"action", step.action},
               {"object", object_text(run, step.object)},
               {"time_ns", step.time_ns},
               {"count", step.count},
               {"stack", json_of_stack(run, step.stack)}};
  if (step.peer != 0) json["peer"] = json_of_task(run, step.peer);
  return json;
}

Json json_of(const Run& run, const Memory& memory) {
  return {{"address", memory.address},
          {"size", memory.size_bytes},
          {"is_stack", memory.is_stack},
          {"task", json_of_task(run, memory.task)},
          {"stack", json_of_stack(run, memory.stack)}};
}

Json json_of(const Run& run, const Finding& finding) {
  Json json = {{"id", finding.id},
               {"kind", name_of(finding.kind)},
               {"certainty", name_of(finding.certainty)},
               {"title", finding.title},
               {"parties", Json::array()},
               {"why", finding.why},
               {"hint", finding.hint},
               {"fingerprint", finding.fingerprint},
               {"count", finding.count}};
  for (const Party& party : finding.parties) json["parties"].push_back(json_of(run, party));
  for (const WaitEdge& edge : finding.edges) {
    json["edges"].push_back(
        {{"from", edge.from}, {"on", object_text(run, edge.on)}, {"to", edge.to}});
  }
  if (finding.last_common_ns >= 0) json["last_common_ns"] = finding.last_common_ns;
  if (finding.last_common.task != 0) json["last_common"] = json_of(run, finding.last_common);
  if (finding.memory.size_bytes != 0) json["memory"] = json_of(run, finding.memory);
  for (const Step& step : finding.history) json["history"].push_back(json_of(run, step));
  return json;
}

Json json_of_trace(const Run& run) {
  return {{"program", run.program},         {"command", run.command},
          {"duration_ns", run.duration_ns}, {"ended", how_ended(run)},
          {"end_code", run.end_code},       {"instrumented", run.is_instrumented},
          {"tasks", task_count(run)},       {"events", run.events},
          {"accesses", run.accesses},       {"bytes_lost", run.damage.bytes_lost},
          {"damage", run.damage.notes},     {"notes", run.notes}};
}

}  // namespace

void write_json(const Analysis& analysis, std::ostream& out) {
  Json json = {{"schema", 1},
               {"tool", {{"name", "raddle"}, {"version", RADDLE_VERSION}}},
               {"trace", json_of_trace(analysis.run)},
               {"findings", Json::array()}};
  for (const Finding& finding : analysis.findings) {
    json["findings"].push_back(json_of(analysis.run, finding));
  }
  // Names come from the program: what is not UTF-8 is replaced, never fatal.
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace raddle::report
