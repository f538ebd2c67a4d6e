// SPDX-License-Identifier: Apache-2.0
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "analyzer/export/exports.h"
#include "analyzer/export/timeline.h"
#include "analyzer/model/words.h"

namespace raddle {

namespace {

// Event by event: a run has millions.
class Events {
 public:
  explicit Events(std::ostream& out) : out_(out) {
    out_ << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
  }
  ~Events() { out_ << "\n]}\n"; }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  void add(const nlohmann::ordered_json& event) {
    out_ << (is_first_ ? "\n" : ",\n")
         << event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    is_first_ = false;
  }

 private:
  std::ostream& out_;
  bool is_first_ = true;
};

constexpr int kProcess = 1;

double microseconds(std::int64_t ns) { return static_cast<double>(ns) / 1e3; }

void add_names(const Run& run, Events& events) {
  events.add({{"ph", "M"},
              {"name", "process_name"},
              {"pid", kProcess},
              {"args", {{"name", run.program}}}});
  for (const Task& task : run.tasks) {
    if (task.id == 0) continue;
    events.add({{"ph", "M"},
                {"name", "thread_name"},
                {"pid", kProcess},
                {"tid", task.id},
                {"args", {{"name", task_text(run, task.id)}}}});
    events.add({{"ph", "M"},
                {"name", "thread_sort_index"},
                {"pid", kProcess},
                {"tid", task.id},
                {"args", {{"sort_index", task.id}}}});
  }
}

void add_slice(const Run& run, const Slice& slice, Events& events) {
  nlohmann::ordered_json event = {{"ph", "X"},
                                  {"name", slice.name},
                                  {"cat", slice.category},
                                  {"pid", kProcess},
                                  {"tid", slice.task},
                                  {"ts", microseconds(slice.begin_ns)},
                                  {"dur", microseconds(slice.end_ns - slice.begin_ns)}};
  if (const Frame* frame = user_frame(run, slice.stack)) {
    event["args"] = {{"at", place_text(*frame)}, {"in", frame->function}};
  }
  events.add(event);
}

void add_flow(const Flow& flow, std::size_t id, Events& events) {
  events.add({{"ph", "s"},
              {"name", flow.name},
              {"cat", "flow"},
              {"id", id},
              {"pid", kProcess},
              {"tid", flow.from},
              {"ts", microseconds(flow.from_ns)}});
  events.add({{"ph", "f"},
              {"bp", "e"},
              {"name", flow.name},
              {"cat", "flow"},
              {"id", id},
              {"pid", kProcess},
              {"tid", flow.to},
              {"ts", microseconds(flow.to_ns)}});
}

void add_finding(const Finding& finding, Events& events) {
  for (const Party& party : finding.parties) {
    if (party.task == 0) continue;
    events.add({{"ph", "i"},
                {"s", "t"},
                {"name", finding.title},
                {"cat", "finding"},
                {"pid", kProcess},
                {"tid", party.task},
                {"ts", microseconds(party.time_ns)},
                {"args", {{"why", finding.why}, {"action", party.action}}}});
  }
}

}  // namespace

void write_chrome(const Analysis& analysis, std::ostream& out) {
  Events events(out);
  add_names(analysis.run, events);
  for (const Slice& slice : slices_of(analysis.run)) add_slice(analysis.run, slice, events);
  std::size_t id = 0;
  for (const Flow& flow : flows_of(analysis.run)) add_flow(flow, ++id, events);
  for (const Finding& finding : analysis.findings) add_finding(finding, events);
}

}  // namespace raddle
