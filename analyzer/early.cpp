// SPDX-License-Identifier: Apache-2.0
#include "analyzer/early.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/load/code.h"
#include "analyzer/load/names.h"
#include "analyzer/load/run_builder.h"
#include "analyzer/model/archive.h"
#include "analyzer/order/order.h"
#include "trace/merge.h"
#include "trace/near.h"

namespace raddle {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargeBytes = std::uintmax_t{64} << 20;  // a second's work, about
constexpr std::size_t kMostChunks = 96;                           // a tenth of a second's

fs::path beside(const fs::path& trace) {
  fs::path path = trace;
  return path += ".checked";
}

// Says which trace it was; empty if it cannot be told.
std::string mark_of(const fs::path& trace) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(trace, error);
  if (error) return {};
  const auto time = fs::last_write_time(trace, error);
  if (error) return {};
  return "raddle checked " + std::to_string(size) + " " +
         std::to_string(time.time_since_epoch().count()) + "\n";
}

// Events of a part of the trace, with the objects that the whole of it has.
class PartVisitor final : public trace::Visitor {
 public:
  explicit PartVisitor(const Run& run) : run_(run), builder_(true), seen_(run.tasks.size()) {
    for (ObjectId i = 1; i < run.objects.size(); ++i) {
      const Object& object = run.objects[i];
      const auto [known, is_new] = objects_.try_emplace(key(object.type, object.address), i);
      if (!is_new) known->second = 0;  // two had the address: which one it was is not known
    }
  }

  void event(const trace::Event& event) override {
    if (event.task >= seen_.size() || event.peer >= seen_.size()) return;
    const trace::ObjectType type = trace::object_type_of(event.kind);
    if (type == trace::ObjectType::kTask && event.object >= seen_.size()) return;
    ObjectId object = 0;
    if (order::is_object(type)) {
      const auto known = objects_.find(key(type, event.object));
      if (known != objects_.end()) object = known->second;
    }
    builder_.event(event, object);
    Seen& seen = seen_[event.task];
    if (seen.stream == 0) seen.read.begin_ns = event.time_ns;
    seen.read.end_ns = std::max(seen.read.end_ns, event.time_ns);
    seen.stream = event.stream;
    if (trace::effect_of(event.kind) == trace::Effect::kBegins) seen.begins = true;
  }
  void accesses(TaskId, std::span<const trace::Access>) override {}
  bool wants_accesses() const override { return false; }  // they have no time

  // Of each task what was read: where its first or last stream was read from the begin or to the
  // end, so was the task.
  std::vector<Stretch> read(const std::vector<trace::NearStream>& streams) const {
    std::vector<Stretch> read;
    for (TaskId task = 0; task < seen_.size(); ++task) {
      Seen seen = seen_[task];
      const auto stream = std::find_if(
          streams.begin(), streams.end(),
          [&](const trace::NearStream& near) { return near.chunks.id == seen.stream; });
      if (stream == streams.end()) {
        read.push_back({});
        continue;
      }
      if (stream->has_begin || seen.begins) seen.read.begin_ns = run_.tasks[task].begin_ns;
      if (stream->has_end) seen.read.end_ns = run_.tasks[task].end_ns;
      read.push_back(seen.read);
    }
    return read;
  }

  Run finish() { return builder_.finish(); }

 private:
  struct Seen {
    Stretch read;
    std::uint32_t stream = 0;  // of its last event
    bool begins = false;
  };
  static std::uint64_t key(trace::ObjectType type, std::uint64_t address) {
    return (static_cast<std::uint64_t>(type) << 48) | address;
  }

  const Run& run_;
  load::RunBuilder builder_;
  std::unordered_map<std::uint64_t, ObjectId> objects_;  // 0: more than one
  std::vector<Seen> seen_;                               // by task
};

// What a timeline takes of a run's memory.
struct Timeline {
  struct OfTask {
    TimedList<Span> spans;
    TimedList<Moment> moments;
  };
  struct OfObject {
    HoldingList holdings;
    TimedList<Fill> fills;
  };
  std::vector<OfTask> tasks;
  std::vector<OfObject> objects;
};

Timeline take_timeline(Run& run) {
  Timeline timeline;
  for (Task& task : run.tasks) {
    timeline.tasks.push_back({std::exchange(task.spans, {}), std::exchange(task.moments, {})});
  }
  for (Object& object : run.objects) {
    timeline.objects.push_back(
        {std::exchange(object.holdings, {}), std::exchange(object.fills, {})});
  }
  return timeline;
}

// To the tasks and objects that both have.
void give_timeline(Timeline timeline, Run& run) {
  for (std::size_t i = 0; i < std::min(timeline.tasks.size(), run.tasks.size()); ++i) {
    run.tasks[i].spans = std::move(timeline.tasks[i].spans);
    run.tasks[i].moments = std::move(timeline.tasks[i].moments);
  }
  for (std::size_t i = 0; i < std::min(timeline.objects.size(), run.objects.size()); ++i) {
    run.objects[i].holdings = std::move(timeline.objects[i].holdings);
    run.objects[i].fills = std::move(timeline.objects[i].fills);
  }
}

}  // namespace

void keep(const fs::path& path, Analysis& analysis) {
  std::error_code error;
  if (fs::file_size(path, error) < kLargeBytes || error) {
    fs::remove(beside(path), error);  // of a trace that was there before
    return;
  }
  const std::string mark = mark_of(path);
  if (mark.empty()) return;
  fs::path unfinished = beside(path);
  unfinished += ".unfinished";
  std::ofstream out(unfinished, std::ios::binary);
  Timeline timeline = take_timeline(analysis.run);
  out << mark << pack(analysis);
  give_timeline(std::move(timeline), analysis.run);
  out.close();
  if (out) fs::rename(unfinished, beside(path), error);
  if (!out || error) fs::remove(unfinished, error);
}

std::optional<Analysis> recall(const fs::path& path) {
  std::ifstream in(beside(path), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  const std::string mark = mark_of(path);
  if (mark.empty() || !bytes.starts_with(mark)) return std::nullopt;
  Result<Analysis> analysis = unpack(std::string_view(bytes).substr(mark.size()));
  if (!analysis.ok()) return std::nullopt;
  return std::move(analysis.value());
}

Early early_of(const trace::Reader& reader, Analysis analysis) {
  std::int64_t begin_ns = analysis.run.duration_ns;
  std::int64_t end_ns = begin_ns;
  std::vector<TaskId> tasks;
  if (!analysis.findings.empty()) {
    const std::vector<Party>& parties = analysis.findings[0].parties;
    for (const Party& party : parties) {
      tasks.push_back(party.task);
      begin_ns = std::min(begin_ns, party.time_ns);
    }
    if (!parties.empty()) end_ns = begin_ns;
    for (const Party& party : parties) end_ns = std::max(end_ns, party.time_ns);
  }
  const auto near = trace::chunks_near(reader, begin_ns, end_ns, tasks, kMostChunks);
  std::vector<trace::StreamView> streams;
  for (const trace::NearStream& stream : near) streams.push_back(stream.chunks);
  PartVisitor visitor(analysis.run);
  trace::merge(reader, streams, visitor);
  Early early;
  early.read = visitor.read(near);
  Run part = visitor.finish();
  give_timeline(take_timeline(part), analysis.run);
  load::Code code(reader);
  load::add_stacks(code, analysis.run);
  early.analysis = std::move(analysis);
  return early;
}

}  // namespace raddle
