// SPDX-License-Identifier: Apache-2.0
// Processes that are killed at any moment leave a trace that opens, without a loss.
#include <signal.h>

#include <random>

#include "tests/runtime/record_fixture.h"

namespace raddle {
namespace {

// From the moment on at which the file is a trace.
bool has_begun(const std::filesystem::path& trace) {
  char magic[sizeof trace::kMagic] = {};
  std::ifstream(trace, std::ios::binary).read(magic, sizeof magic);
  return std::equal(std::begin(magic), std::end(magic), std::begin(trace::kMagic));
}

class KillTest : public RecordTest {
 protected:
  // Events of the run, which was killed `delay_us` after its trace had begun.
  std::size_t kill_after(unsigned delay_us, const std::string& options) {
    std::filesystem::remove(trace_);
    seen_ = {};
    const pid_t child =
        start("until_killed", "hang_timeout_ms=0:trace=" + trace_.string() + options);
    while (!has_begun(trace_)) usleep(100);
    usleep(delay_us);
    kill(child, SIGKILL);
    waitpid(child, &status_, 0);
    read(trace_);
    EXPECT_EQ(end(), trace::EndReason::kUnknown);
    return seen_.events.size();
  }

  void kill_often(const std::string& options) {
    std::minstd_rand random(7);
    std::size_t events = 0;
    for (int i = 0; i < 25 && !HasFailure(); ++i) {
      const unsigned delay_us = random() % 20'000;
      events += kill_after(delay_us, options);
      EXPECT_FALSE(HasFailure()) << "in run " << i << ", killed after " << delay_us << " us";
    }
    EXPECT_GT(events, 10'000u);
  }
};

TEST_F(KillTest, a_trace_with_small_chunks_opens) { kill_often(":chunk_kb=16"); }

TEST_F(KillTest, a_trace_opens) { kill_often(""); }

TEST_F(KillTest, a_trace_that_gives_up_chunks_opens) {
  kill_often(":trace_limit=256K");
  EXPECT_NE(reader_->cut(), nullptr);
}

}  // namespace
}  // namespace raddle
