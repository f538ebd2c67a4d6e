// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/statistics.h"

#include <algorithm>
#include <map>
#include <utility>

#include "analyzer/model/words.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

bool is_wait(State state) {
  return state == State::kChannel || state == State::kSelect || state == State::kMutex ||
         state == State::kSync;
}

void add_wait(StatisticRow& row, State state, std::int64_t length_ns) {
  row.waited_ns += length_ns;
  row.longest_ns = std::max(row.longest_ns, length_ns);
  ++row.waits;
  ++row.lengths[length_class(length_ns)];
  row.times[static_cast<std::size_t>(state)] += length_ns;
}

// Rows for places: several stacks may lead to the same line.
class Places {
 public:
  explicit Places(const Run& run) : run_(run), row_of_stack_(run.stacks.size(), kNoPlace) {}

  void add(StackId stack, State state, std::int64_t length_ns) {
    if (stack == 0 || stack >= row_of_stack_.size()) return;
    std::size_t& row = row_of_stack_[stack];
    if (row == kNoPlace) row = find(stack);
    if (row < rows_.size()) add_wait(rows_[row], state, length_ns);
  }
  std::vector<StatisticRow> take() { return std::move(rows_); }

 private:
  std::size_t find(StackId stack) {
    const Frame* frame = user_frame(run_, stack);
    if (frame == nullptr) return kNoPlace;
    const auto [at, is_new] = known_.try_emplace(std::pair{frame->file, frame->line}, rows_.size());
    if (is_new) rows_.push_back({stack});
    return at->second;
  }

  const Run& run_;
  std::vector<std::size_t> row_of_stack_;
  std::map<std::pair<std::string, std::uint32_t>, std::size_t> known_;
  std::vector<StatisticRow> rows_;
};

void add_holdings(StatisticRow& row, const Object& object) {
  for (const Holding& holding : object.holdings) {
    const std::int64_t length_ns = holding.end_ns - holding.begin_ns;
    row.held_ns += length_ns;
    row.held_most_ns = std::max(row.held_most_ns, length_ns);
  }
}

void add_fills(StatisticRow& row, const Object& object, std::int64_t end_ns) {
  for (std::size_t i = 0; i < object.fills.size(); ++i) {
    const Fill fill = object.fills[i];
    row.filled_most = std::max(row.filled_most, fill.values);
    if (object.capacity == 0 || fill.values < object.capacity) continue;
    const std::int64_t next = i + 1 < object.fills.size() ? object.fills[i + 1].time_ns : end_ns;
    row.full_ns += next - fill.time_ns;
  }
}

void sort_by_waits(std::vector<StatisticRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const StatisticRow& a, const StatisticRow& b) {
    return a.waited_ns != b.waited_ns ? a.waited_ns > b.waited_ns : a.held_ns > b.held_ns;
  });
}

// Each object into the list of its type.
void file_objects(const Run& run, std::vector<StatisticRow> objects, Statistics& statistics) {
  for (ObjectId i = 1; i < run.objects.size(); ++i) {
    const Object& object = run.objects[i];
    StatisticRow& row = objects[i];
    row.id = i;
    add_holdings(row, object);
    add_fills(row, object, run.duration_ns);
    const bool is_lock =
        object.type == trace::ObjectType::kMutex || object.type == trace::ObjectType::kRwMutex;
    const bool is_channel = object.type == trace::ObjectType::kChannel;
    if (is_lock) {
      statistics.locks.push_back(row);
    } else if (is_channel) {
      statistics.channels.push_back(row);
    } else if (row.waits > 0) {
      statistics.others.push_back(row);
    }
  }
}

}  // namespace

std::size_t length_class(std::int64_t length_ns) {
  std::size_t result = 0;
  for (std::int64_t limit = 1'000; length_ns >= limit && result + 1 < kLengthClasses; limit *= 10) {
    ++result;
  }
  return result;
}

Statistics statistics_of(const Run& run, const std::atomic<bool>& is_stopped) {
  Statistics statistics;
  std::vector<StatisticRow> objects(run.objects.size());
  Places places(run);
  for (const Task& task : run.tasks) {
    // Relaxed: a hint to give up, which hands nothing over.
    if (is_stopped.load(std::memory_order_relaxed)) break;
    if (task.id == 0) continue;
    StatisticRow row;
    row.id = task.id;
    for (std::size_t i = 0; i < task.spans.size(); ++i) {
      const Span span = task.spans[i];
      const std::int64_t length_ns =
          std::max<std::int64_t>(end_of_span(task, i) - span.begin_ns, 0);
      if (!is_wait(span.state)) {
        row.times[static_cast<std::size_t>(span.state)] += length_ns;
        continue;
      }
      add_wait(row, span.state, length_ns);
      if (span.object != 0 && span.object < objects.size()) {
        add_wait(objects[span.object], span.state, length_ns);
      }
      places.add(span.stack, span.state, length_ns);
    }
    statistics.tasks.push_back(row);
  }
  file_objects(run, std::move(objects), statistics);
  statistics.places = places.take();
  for (std::vector<StatisticRow>* rows :
       {&statistics.tasks, &statistics.locks, &statistics.channels, &statistics.others,
        &statistics.places}) {
    sort_by_waits(*rows);
  }
  return statistics;
}

}  // namespace raddle::viewer
