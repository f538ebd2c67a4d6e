// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/span_index.h"

#include <algorithm>
#include <cmath>

namespace raddle::viewer {

SpanIndex::SpanIndex(const Task& task) : spans_(&task.spans), end_ns_(task.end_ns) {
  StateTimes sum{};
  for (std::size_t i = 0; i < spans_->size(); ++i) {
    if (i % kBlock == 0) sums_.push_back(sum);
    sum[static_cast<std::size_t>((*spans_)[i].state)] += end_of(i) - (*spans_)[i].begin_ns;
  }
}

std::size_t SpanIndex::find(double time_ns) const {
  const auto behind = std::upper_bound(
      spans_->begin(), spans_->end(), time_ns,
      [](double t, const Span& span) { return t < static_cast<double>(span.begin_ns); });
  return behind == spans_->begin() ? 0 : static_cast<std::size_t>(behind - spans_->begin()) - 1;
}

// Doubles its steps until it is behind the time, then searches between the last two.
std::size_t SpanIndex::find(double time_ns, std::size_t from) const {
  std::size_t low = from;
  std::size_t step = 1;
  while (low + step < spans_->size() && !is_behind(low + step, time_ns)) {
    low += step;
    step *= 2;
  }
  return find_between(time_ns, low, std::min(low + step, spans_->size()));
}

std::size_t SpanIndex::find(double time_ns, std::size_t from, std::size_t about) const {
  constexpr std::size_t kFew = 8;
  const std::size_t low = from + about - about / 4;
  const std::size_t high = from + about + about / 4;
  if (about < kFew || high >= spans_->size() || is_behind(low, time_ns)) return find(time_ns, from);
  if (!is_behind(high, time_ns)) return find(time_ns, high);
  return find_between(time_ns, low, high);
}

// It is not before `low`, and before `high`.
std::size_t SpanIndex::find_between(double time_ns, std::size_t low, std::size_t high) const {
  while (low + 1 < high) {
    const std::size_t middle = low + (high - low) / 2;
    (is_behind(middle, time_ns) ? high : low) = middle;
  }
  return low;
}

std::int64_t SpanIndex::end_of(std::size_t span) const {
  const std::int64_t end =
      span + 1 < spans_->size() ? (*spans_)[span + 1].begin_ns : std::max(end_ns_, std::int64_t{0});
  return std::max(end, (*spans_)[span].begin_ns);
}

StateTimes SpanIndex::times_before(std::int64_t time_ns, std::size_t last) const {
  if (time_ns <= spans_->front().begin_ns) return {};
  StateTimes sum = sums_[last / kBlock];
  for (std::size_t i = last / kBlock * kBlock; i <= last; ++i) {
    const std::int64_t end = std::min(end_of(i), time_ns);
    sum[static_cast<std::size_t>((*spans_)[i].state)] += end - (*spans_)[i].begin_ns;
  }
  return sum;
}

StateTimes SpanIndex::times_of(std::size_t first, std::size_t last, std::int64_t begin_ns,
                               std::int64_t end_ns) const {
  StateTimes result{};
  if (last - first > kBlock) {
    const StateTimes before = times_before(begin_ns, first);
    result = times_before(end_ns, last);
    for (std::size_t i = 0; i < kStateCount; ++i) result[i] -= before[i];
    return result;
  }
  Span span = (*spans_)[first];
  for (std::size_t i = first; i <= last; ++i) {
    const std::int64_t begin = std::max(span.begin_ns, begin_ns);
    const auto state = static_cast<std::size_t>(span.state);
    std::int64_t end = end_ns;
    if (i + 1 < spans_->size()) {
      span = (*spans_)[i + 1];
      end = span.begin_ns;
    } else {
      end = end_of(i);
    }
    result[state] += std::max(std::min(end, end_ns) - begin, std::int64_t{0});
  }
  return result;
}

StateTimes SpanIndex::times(std::int64_t begin_ns, std::int64_t end_ns) const {
  if (spans_->empty()) return {};
  return times_of(find(static_cast<double>(begin_ns)), find(static_cast<double>(end_ns)), begin_ns,
                  end_ns);
}

// What fills the column at `x`, which more than one span may share; `first` is the leftmost one.
PixelSpan SpanIndex::column(const TimeAxis& axis, float x, std::size_t first) const {
  const double begin = axis.time_of(x);
  const double end = axis.time_of(x + 1);
  std::size_t last = find(end, first);
  while (last > first && static_cast<double>((*spans_)[last].begin_ns) >= end) --last;
  if (last == first) return {x, x + 1, (*spans_)[first].state, first, 1};
  if (last == first + 1) {
    const auto cut = static_cast<double>((*spans_)[last].begin_ns);
    const double left = cut - std::max(begin, static_cast<double>((*spans_)[first].begin_ns));
    const double right = std::min(end, static_cast<double>(end_of(last))) - cut;
    const std::size_t widest = left >= right ? first : last;
    return {x, x + 1, (*spans_)[widest].state, widest, 1};
  }
  const StateTimes share = times_of(first, last, std::llround(begin), std::llround(end));
  const auto most = std::max_element(share.begin(), share.end()) - share.begin();
  return {x, x + 1, static_cast<State>(most), first, last - first + 1};
}

std::vector<PixelSpan> SpanIndex::pixels(const TimeAxis& axis) const {
  std::vector<PixelSpan> pieces;
  if (spans_->empty()) return pieces;
  const auto begin = static_cast<double>(spans_->front().begin_ns);
  const auto end = static_cast<double>(end_of(spans_->size() - 1));
  const float last_x = std::min(axis.x1(), std::ceil(axis.x_of(end)));
  float x = std::max(axis.x0(), std::floor(axis.x_of(begin)));
  if (last_x <= x && axis.x_of(end) >= axis.x0() && x < axis.x1()) {
    return {column(axis, x, find(axis.time_of(x)))};  // shorter than a pixel: still visible
  }
  std::size_t span = find(axis.time_of(x));
  while (x < last_x) {
    span = find(axis.time_of(x), span);
    const float full = std::floor(axis.x_of(static_cast<double>(end_of(span))));
    PixelSpan piece = full > x
                          ? PixelSpan{x, std::min(full, last_x), (*spans_)[span].state, span, 1}
                          : column(axis, x, span);
    PixelSpan* before = pieces.empty() ? nullptr : &pieces.back();
    if (before != nullptr && before->count == 1 && piece.count == 1 &&
        before->first == piece.first) {
      before->x1 = piece.x1;
    } else if (before != nullptr && before->count > 1 && piece.count > 1 &&
               before->state == piece.state) {
      before->x1 = piece.x1;
      before->count = piece.first + piece.count - before->first;
    } else {
      pieces.push_back(piece);
    }
    x = piece.x1;
  }
  return pieces;
}

}  // namespace raddle::viewer
