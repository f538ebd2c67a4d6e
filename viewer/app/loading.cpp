// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/loading.h"

#include <algorithm>
#include <utility>

#include "viewer/layout/words.h"

namespace raddle::viewer {

Loading::Loading(const std::string& trace) : trace_(trace) {
  so_far_.trace = trace;
  thread_ = std::jthread([this] {
    AnalyzeOptions options;
    options.with_timeline = true;
    options.preview = [this](double share, const Run& run) { see(share, run); };
    options.early = [this](Early early) {
      const std::scoped_lock lock(mutex_);
      early_ = std::move(early);
    };
    analysis_.emplace(analyze(trace_, options));
    if (analysis_->ok()) keep(trace_, analysis_->value());
    is_done_.store(true, std::memory_order_release);
  });
}

// A look at every task for each column of the strip, not for each call; and where there are very
// many tasks, for a twentieth of the time at most.
void Loading::see(double share, const Run& so_far) {
  const auto column = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kPreviewColumns);
  const auto now = std::chrono::steady_clock::now();
  const bool is_new = column > filled_ && now >= next_look_;
  StateCounts counts{};
  if (is_new) {
    counts = count_states(so_far);
    const auto behind = std::chrono::steady_clock::now();
    next_look_ = behind + 20 * (behind - now);
  }
  const std::scoped_lock lock(mutex_);
  so_far_.share = share;
  so_far_.events = so_far.events;
  so_far_.tasks = so_far.tasks.empty() ? 0 : so_far.tasks.size() - 1;
  if (!is_new) return;
  so_far_.columns.resize(column, counts);
  filled_ = column;
}

Progress Loading::progress() const {
  Progress progress;
  {
    const std::scoped_lock lock(mutex_);
    progress = so_far_;
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
  if (progress.share > 0.02 && elapsed.count() > 1) {
    progress.left_s = elapsed.count() * (1 - progress.share) / progress.share;
  }
  return progress;
}

std::optional<Early> Loading::take_early() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(early_, std::nullopt);
}

Result<Analysis> Loading::take() {
  thread_.join();
  return std::move(*analysis_);
}

}  // namespace raddle::viewer
