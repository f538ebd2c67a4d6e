// SPDX-License-Identifier: Apache-2.0
#include "analyzer/follow.h"

#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

#include "analyzer/checker.h"
#include "analyzer/load/code.h"
#include "analyzer/telling.h"
#include "analyzer/writing_process.h"
#include "trace/follow.h"

namespace raddle {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Feeds the checker.
class Feed final : public trace::Visitor {
 public:
  explicit Feed(Checker& checker) : checker_(checker) {}
  void event(const trace::Event& event) override { checker_.event(event); }
  void accesses(TaskId task, std::span<const trace::Access> batch) override {
    checker_.accesses(task, batch);
  }

 private:
  Checker& checker_;
};

// Tells of what is found while the check goes on, without spending much of its time on that.
class News {
 public:
  News(const trace::Follower& follower, Checker& checker, const FollowOptions& options)
      : follower_(follower), checker_(checker), options_(options) {}

  void look() {
    const Clock::time_point begin = Clock::now();
    if (!options_.found || begin < next_) return;
    const std::size_t count = checker_.count_so_far();
    next_ = begin + kLeastPause;
    if (count == told_) return;
    told_ = count;
    if (options_.found(tell_so_far(follower_.reader(), checker_))) {
      follower_.file().mark_findings();
    }
    const Clock::time_point end = Clock::now();
    next_ = end + std::max<Clock::duration>(kLeastPause, (end - begin) * kShare);
  }

 private:
  static constexpr auto kLeastPause = 20ms;
  static constexpr int kShare = 10;  // of the time is for checking, and 1 for telling

  const trace::Follower& follower_;
  Checker& checker_;
  const FollowOptions& options_;
  std::size_t told_ = 0;
  Clock::time_point next_ = Clock::now();
};

}  // namespace

Result<Analysis> follow(const std::filesystem::path& path, const FollowOptions& options) {
  Result<std::unique_ptr<trace::Follower>> opened = trace::Follower::open(path);
  if (!opened.ok()) return Error{opened.error()};
  trace::Follower& follower = *opened.value();
  const trace::FileHeader& header = follower.file().header();
  WritingProcess process(header.process_id, follower.file().inode());
  std::error_code ignored;
  if (options.removes) std::filesystem::remove(path, ignored);

  Checker checker(Model::kTasks, {},
                  options.predicts ? detect::Scope::kPredicted : detect::Scope::kUsual);
  Feed feed(checker);
  follower.begin(feed);
  News news(follower, checker, options);
  // The end is looked for before the last step: what was written until then is seen by it.
  for (bool is_over = false; !is_over;) {
    is_over = __atomic_load_n(&header.end_reason, __ATOMIC_ACQUIRE) != 0 || process.has_ended();
    const bool is_new = follower.step();
    news.look();
    if (!options.predicts) checker.forget(false);
    if (!is_new && !is_over) process.wait();
  }
  const trace::MergeStats stats = follower.finish();
  checker.finish();
  load::Code code(follower.reader());
  return tell(follower.reader(), stats, code, checker);
}

}  // namespace raddle
