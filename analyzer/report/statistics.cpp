// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/statistics.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/model/blocked.h"
#include "analyzer/model/words.h"
#include "analyzer/report/histogram.h"

namespace raddle::report {

namespace {

constexpr std::size_t kStates = static_cast<std::size_t>(State::kIdle) + 1;
constexpr std::size_t kMostRows = 30;  // of a table
constexpr int kNameWidth = 34;

std::string milliseconds(std::int64_t time_ns) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << static_cast<double>(time_ns) / 1e6;
  return text.str();
}

std::string place_of(const Run& run, const Span& span) {
  const Frame* frame = user_frame(run, span.stack);
  const std::string place = frame == nullptr ? "" : short_place_text(*frame);
  return std::string(name_of(span.state)) + (place.empty() ? ", place unknown" : " at " + place);
}

class Statistics {
 public:
  Statistics(const Run& run, std::ostream& out) : run_(run), out_(out) {
    waits_.resize(run.objects.size());
    for (const Task& task : run.tasks) {
      if (task.id != 0) count(task);
    }
  }

  void write() {
    write_objects();
    write_places();
    write_tasks();
    write_life_times();
  }

 private:
  void count(const Task& task) {
    (task.is_thread ? threads_ : tasks_).add(task.end_ns - task.begin_ns);
    for (std::size_t i = 0; i < task.spans.size(); ++i) {
      const Span& span = task.spans[i];
      if (!is_blocked(span.state)) continue;
      const std::int64_t time_ns = end_of_span(task, i) - span.begin_ns;
      if (span.object != 0 && span.object < waits_.size()) waits_[span.object].add(time_ns);
      places_[place_of(run_, span)].add(time_ns);
    }
  }

  void write_head(const char* name, std::initializer_list<const char*> columns) {
    out_ << std::left << std::setw(kNameWidth) << name << std::right;
    for (const char* column : columns) out_ << std::setw(12) << column;
    for (const std::string_view bucket : Histogram::kNames) out_ << std::setw(8) << bucket;
    out_ << '\n';
  }

  void write_name(const std::string& name) {
    out_ << std::left << std::setw(kNameWidth) << name << std::right;
    // A long name has its line to itself, so that the columns stay where they are.
    if (name.size() >= kNameWidth) out_ << '\n' << std::string(kNameWidth, ' ');
  }

  void write_buckets(const Histogram& times) {
    for (std::size_t i = 0; i < Histogram::kNames.size(); ++i) {
      out_ << std::setw(8) << (times.in(i) == 0 ? "" : std::to_string(times.in(i)));
    }
    out_ << '\n';
  }

  void write_objects() {
    std::vector<ObjectId> busy;
    for (ObjectId i = 1; i < run_.objects.size(); ++i) {
      if (run_.objects[i].operations > 0 || run_.objects[i].waits > 0) busy.push_back(i);
    }
    std::ranges::stable_sort(busy, [&](ObjectId a, ObjectId b) {
      const auto key = [&](ObjectId id) {
        return std::pair(run_.objects[id].waited_ns, run_.objects[id].operations);
      };
      return key(a) > key(b);
    });
    write_head("object (times in ms)", {"operations", "waits", "waited", "longest"});
    for (const ObjectId id : busy) {
      const Object& object = run_.objects[id];
      write_name(object.name);
      out_ << std::setw(12) << object.operations << std::setw(12) << object.waits << std::setw(12)
           << milliseconds(object.waited_ns) << std::setw(12)
           << milliseconds(waits_[id].longest_ns());
      write_buckets(waits_[id]);
    }
  }

  void write_places() {
    std::vector<std::pair<std::string, Histogram>> places(places_.begin(), places_.end());
    std::ranges::stable_sort(places, [](const auto& a, const auto& b) {
      return a.second.total_ns() > b.second.total_ns();
    });
    out_ << '\n';
    write_head("blocked (times in ms)", {"times", "total", "longest"});
    for (std::size_t i = 0; i < std::min(places.size(), kMostRows); ++i) {
      const Histogram& times = places[i].second;
      write_name(places[i].first);
      out_ << std::setw(12) << times.count() << std::setw(12) << milliseconds(times.total_ns())
           << std::setw(12) << milliseconds(times.longest_ns());
      write_buckets(times);
    }
    write_rest(places.size(), "places");
  }

  void write_tasks() {
    out_ << '\n' << std::left << std::setw(kNameWidth) << "task (times in ms)" << std::right;
    for (std::size_t i = 0; i < kStates; ++i) {
      out_ << std::setw(11) << name_of(static_cast<State>(i));
    }
    out_ << '\n';
    std::size_t shown = 0;
    for (const Task& task : run_.tasks) {
      if (task.id == 0 || ++shown > kMostRows) continue;
      write_name(task_text(run_, task.id));
      std::array<std::int64_t, kStates> times{};
      for (std::size_t i = 0; i < task.spans.size(); ++i) {
        times[static_cast<std::size_t>(task.spans[i].state)] +=
            end_of_span(task, i) - task.spans[i].begin_ns;
      }
      for (const std::int64_t time_ns : times) out_ << std::setw(11) << milliseconds(time_ns);
      out_ << '\n';
    }
    write_rest(shown, "tasks");
  }

  void write_life_times() {
    out_ << '\n';
    write_head("life times (in ms)", {"number", "mean", "longest"});
    for (const auto& [name, times] : {std::pair("threads", &threads_), {"tasks", &tasks_}}) {
      if (times->count() == 0) continue;
      write_name(name);
      out_ << std::setw(12) << times->count() << std::setw(12)
           << milliseconds(times->total_ns() / static_cast<std::int64_t>(times->count()))
           << std::setw(12) << milliseconds(times->longest_ns());
      write_buckets(*times);
    }
  }

  void write_rest(std::size_t rows, const char* what) {
    if (rows > kMostRows) out_ << "and " << rows - kMostRows << " more " << what << '\n';
  }

  const Run& run_;
  std::ostream& out_;
  std::vector<Histogram> waits_;             // by object
  std::map<std::string, Histogram> places_;  // blocked, by state and place
  Histogram threads_, tasks_;                // life times
};

}  // namespace

void write_statistics(const Run& run, std::ostream& out) { Statistics(run, out).write(); }

}  // namespace raddle::report
