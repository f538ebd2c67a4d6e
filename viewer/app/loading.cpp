// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/loading.h"

#include <utility>

namespace raddle::viewer {

Loading::Loading(const std::string& trace) {
  thread_ = std::jthread([this, trace] {
    AnalyzeOptions options;
    options.with_timeline = true;
    options.progress = [this](double share) { share_.store(share, std::memory_order_relaxed); };
    analysis_.emplace(analyze(trace, options));
    is_done_.store(true, std::memory_order_release);
  });
}

Result<Analysis> Loading::take() {
  thread_.join();
  return std::move(*analysis_);
}

}  // namespace raddle::viewer
