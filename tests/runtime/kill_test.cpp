// SPDX-License-Identifier: Apache-2.0
// Processes that are killed at any moment leave a trace that opens, without a loss.
#include <signal.h>

#include <cstddef>
#include <random>

#include "tests/runtime/record_fixture.h"
#include "trace/cut.h"

namespace raddle {
namespace {

// From the moment on at which the file is a trace.
bool has_begun(const std::filesystem::path& trace) {
  char magic[sizeof trace::kMagic] = {};
  std::ifstream(trace, std::ios::binary).read(magic, sizeof magic);
  return std::equal(std::begin(magic), std::end(magic), std::begin(trace::kMagic));
}

bool has_given_up(const std::filesystem::path& trace) {
  std::ifstream file(trace, std::ios::binary);
  std::uint64_t number = 0;
  file.seekg(trace::kPageBytes + offsetof(trace::Cut, number));
  file.read(reinterpret_cast<char*>(&number), sizeof number);
  return number != 0;
}

class KillTest : public RecordTest {
 protected:
  // Events of the run, which was killed `delay_us` after its trace was as it `has_come` to be.
  std::size_t kill_after(unsigned delay_us, const std::string& options,
                         bool (*has_come)(const std::filesystem::path&) = has_begun) {
    std::filesystem::remove(trace_);
    seen_ = {};
    const pid_t child =
        start("until_killed", "hang_timeout_ms=0:trace=" + trace_.string() + options);
    while (!has_come(trace_)) usleep(100);
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
    EXPECT_GT(events, 0u);
  }
};

TEST_F(KillTest, a_trace_with_small_chunks_opens) { kill_often(":chunk_kb=16"); }

TEST_F(KillTest, a_trace_opens) { kill_often(""); }

TEST_F(KillTest, a_trace_that_gives_up_chunks_opens) {
  kill_often(":trace_limit=256K");
  for (const unsigned delay_us : {0, 1'000, 5'000, 20'000}) {
    kill_after(delay_us, ":trace_limit=256K", has_given_up);
    EXPECT_NE(reader_->cut(), nullptr);
  }
}

}  // namespace
}  // namespace raddle
