// SPDX-License-Identifier: Apache-2.0
// The checker against the oracle on random traces: every race it reports is one, and no place with
// a race is missed.
#include "tests/analyzer/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <sstream>

#include "analyzer/checker.h"
#include "tests/trace/recorded.h"
#include "trace/writer.h"

namespace raddle::test {
namespace {

// Runs the checker; every step has a stack of its own, so that a finding names its two steps.
using Verdict = std::set<std::pair<std::size_t, std::size_t>>;  // pairs of steps

std::uint64_t end_of(const Step& step) {
  return step.event.object + (step.is_access ? step.bytes : step.event.value);
}

// The accesses among steps as records of a trace, the i-th of them at step i.
class AccessFile {
 public:
  static constexpr std::size_t kWords = 4;

  explicit AccessFile(const std::vector<Step>& steps)
      : file_(bytes_of(steps)), reader_(trace::Reader::open(file_.path())) {}
  const trace::Reader& reader() const { return reader_.value(); }
  trace::AccessWords words(TaskId task, std::size_t number) const {
    const std::uint64_t* begin = reader().streams()[0].chunks[0].words.data() + number * kWords;
    return {0, 0, task, 1, begin, begin + kWords};
  }

 private:
  static std::string bytes_of(const std::vector<Step>& steps) {
    trace::Writer writer;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      if (!step.is_access) continue;
      const trace::Kind kind = step.is_write ? trace::Kind::kWriteRange : trace::Kind::kReadRange;
      writer.raw(1, {trace::make_head(static_cast<std::uint8_t>(kind), 0, step.event.object),
                     (i + 1) | std::uint64_t{step.bytes} << 32, 1, 0});
    }
    return writer.bytes();
  }

  trace::TemporaryFile file_;
  Result<trace::Reader> reader_;
};

enum class Memory : std::uint8_t { kRemembersAll, kForgetsEpochs, kForgetsAccesses };

// With a `file`, whose reader the checker reads, accesses come undecoded.
void feed(Checker& checker, const std::vector<Step>& steps, Memory memory = Memory::kRemembersAll,
          const AccessFile* file = nullptr) {
  std::size_t accesses = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    trace::Event event = steps[i].event;
    event.stack = static_cast<StackId>(i + 1);
    event.time_ns = static_cast<std::int64_t>(i);
    if (memory != Memory::kRemembersAll) checker.forget(memory == Memory::kForgetsEpochs, 0);
    if (!steps[i].is_access) {
      checker.event(event);
      continue;
    }
    if (file != nullptr) {
      checker.words(file->words(event.task, accesses++));
      continue;
    }
    trace::Access access;
    access.address = event.object;
    access.size_bytes = steps[i].bytes;
    access.is_write = steps[i].is_write;
    access.site = static_cast<trace::SiteId>(i + 1);
    checker.accesses(event.task, {&access, 1});
  }
}

std::vector<Finding> findings_of(const std::vector<Step>& steps, const detect::Shares& shares,
                                 Memory memory = Memory::kRemembersAll,
                                 const AccessFile* file = nullptr) {
  Checker checker(Model::kTasks, shares);
  if (file != nullptr) checker.read(file->reader());
  std::vector<Stack> stacks(1);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Frame frame;
    frame.function = "step" + std::to_string(i);
    frame.file = "trace";
    stacks.push_back({{frame}});
  }
  feed(checker, steps, memory, file);
  Run run = checker.finish_run();
  run.stacks = stacks;
  detect::Sources sources;
  sources.stack_of = [](trace::SiteId site, StackId stack) { return stack != 0 ? stack : site; };
  sources.variable_of = [](trace::SiteId, StackId) { return std::string(); };
  return checker.findings(sources, run);
}

Verdict check(const std::vector<Step>& steps) {
  Verdict verdict;
  for (const Finding& finding : findings_of(steps, {})) {
    if (finding.kind != FindingKind::kDataRace && finding.kind != FindingKind::kHeapUseAfterFree) {
      continue;
    }
    const std::size_t a = finding.parties[0].stack - 1;
    const std::size_t b = finding.parties[1].stack - 1;
    verdict.insert(std::minmax(a, b));
  }
  return verdict;
}

std::string text_of(const std::vector<Finding>& findings) {
  std::ostringstream out;
  for (const Finding& finding : findings) {
    out << name_of(finding.kind) << ' ' << finding.count << ' ' << finding.why << " since "
        << finding.last_common_ns << '\n';
    for (const Party& party : finding.parties) {
      out << "  t" << party.task << ' ' << party.action << ' ' << party.address << " at "
          << party.time_ns << " stack " << party.stack << " holds";
      for (const Held& held : party.held) out << ' ' << held.object << " since " << held.since_ns;
      out << '\n';
    }
  }
  return out.str();
}

// Of a checker that forgets in any case, even where too much is known to too many to find out which
// epochs a finding may name as the last at which its tasks were ordered: Checker::forget.
std::string comparable_text_of(std::vector<Finding> findings) {
#ifdef RADDLE_SMALL_CLOCKS
  for (Finding& finding : findings) finding.last_common_ns = 0;
#endif
  return text_of(findings);
}

std::string text_of(const std::vector<Step>& steps) {
  std::ostringstream out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const trace::Event& e = steps[i].event;
    out << i << ": t" << e.task << ' ';
    if (steps[i].is_access) {
      out << (steps[i].is_write ? "writes " : "reads ") << steps[i].bytes << " at ";
    } else {
      out << trace::name_of(e.kind) << ' ';
    }
    out << std::hex << e.object << std::dec << " index " << e.index << " peer " << e.peer << '\n';
  }
  return out.str();
}

void compare(unsigned seed, int traces, const Mix& mix) {
  std::mt19937 random(seed);
  std::size_t racy = 0;
  for (int i = 0; i < traces; ++i) {
    const std::vector<Step> steps = random_trace(random, mix);
    const Oracle oracle(steps);
    const Verdict verdict = check(steps);
    for (const auto& race : verdict) {
      ASSERT_TRUE(oracle.races().contains(race)) << "false alarm: steps " << race.first << " and "
                                                 << race.second << " of trace " << i << ":\n"
                                                 << text_of(steps);
    }
    for (const auto& [byte, step] : oracle.first_of_byte()) {
      // The first race of a byte is never hidden by another.
      const bool is_found =
          std::ranges::any_of(verdict, [&, b = byte, last = step](const auto& race) {
            return race.second == last && b >= steps[race.first].event.object &&
                   b < end_of(steps[race.first]);
          });
      ASSERT_TRUE(is_found) << "missed: byte " << std::hex << byte << std::dec << " at step "
                            << step << " of trace " << i << ":\n"
                            << text_of(steps);
    }
    if (!oracle.races().empty()) ++racy;
  }
  EXPECT_GT(racy, static_cast<std::size_t>(traces) / 10);  // else nothing was compared
}

TEST(OracleTest, short_traces_of_three_tasks_agree) {
  Mix mix;
  mix.steps = 25;
  mix.tasks = 3;
  compare(1, 4000, mix);
}
TEST(OracleTest, traces_of_six_tasks_agree) { compare(2, 800, {}); }
TEST(OracleTest, long_traces_with_many_ended_tasks_agree) {
  Mix mix;
  mix.steps = 250;
  mix.tasks = 4;
  compare(3, 300, mix);
}
TEST(OracleTest, traces_without_memory_reuse_agree) {
  Mix mix;
  mix.has_memory_reuse = false;
  mix.steps = 60;
  compare(4, 1500, mix);
}
TEST(OracleTest, traces_with_few_accesses_agree) {
  Mix mix;
  mix.access_share = 8;
  mix.steps = 80;
  compare(6, 3000, mix);
  mix.tasks = 3;
  compare(7, 3000, mix);
}
// Takes an hour: `oracle_test --gtest_also_run_disabled_tests --gtest_filter=*million*`.
TEST(OracleTest, DISABLED_a_million_traces_of_all_kinds_agree) {
  constexpr int kTracesPerMix = 50'000;
  for (unsigned seed = 100; seed < 120 && !HasFatalFailure(); ++seed) {
    Mix mix;
    mix.steps = seed % 10 == 0 ? 120 : 15 + 5 * (seed % 5);
    mix.tasks = 2 + seed % 4;
    mix.access_share = seed % 3 == 0 ? 15 : 40;
    mix.has_memory_reuse = seed % 4 != 1;
    mix.has_atomics = seed % 4 != 2;
    compare(seed, kTracesPerMix, mix);
  }
}
TEST(OracleTest, shares_of_memory_find_what_one_check_of_all_finds) {
  std::mt19937 random(8);
  Mix mix;
  mix.steps = 100;
  for (int i = 0; i < 300; ++i) {
    const std::vector<Step> steps = random_trace(random, mix);
    const std::string all = text_of(findings_of(steps, {}));
    const AccessFile file(steps);
    const auto found = [&](const detect::Shares& shares) {
      return text_of(findings_of(steps, shares, Memory::kRemembersAll, &file));
    };
    EXPECT_EQ(found({}), all) << text_of(steps);
    EXPECT_EQ(found({.count = 4}), all) << text_of(steps);
    detect::Pipeline pipeline(2);
    EXPECT_EQ(found({.count = 2, .pipeline = &pipeline}), all) << text_of(steps);
  }
}
TEST(OracleTest, a_check_that_forgets_tells_the_same) {
  std::mt19937 random(9);
  Mix mix;
  for (int i = 0; i < 600; ++i) {
    mix.steps = i % 2 == 0 ? 60 : 240;
    mix.tasks = 3 + static_cast<std::size_t>(i) % 4;
    const std::vector<Step> steps = random_trace(random, mix);
    const std::string all = text_of(findings_of(steps, {}));
    EXPECT_EQ(text_of(findings_of(steps, {}, Memory::kForgetsEpochs)), all) << text_of(steps);
    const std::vector<Finding> some = findings_of(steps, {}, Memory::kForgetsAccesses);
    EXPECT_EQ(comparable_text_of(some), comparable_text_of(findings_of(steps, {})))
        << text_of(steps);
  }
}
// Nothing of a run may be left in the next one's check, whatever happened in it.
TEST(OracleTest, a_checker_that_is_used_again_finds_what_a_new_one_does) {
  std::mt19937 random(10);
  Mix mix;
  const auto make = [] { return std::make_unique<Checker>(Model::kNone); };
  std::unique_ptr<Checker> again = make();
  int used_again = 0;
  for (int i = 0; i < 3000; ++i) {
    mix.steps = 10 + static_cast<std::size_t>(i) % 40;
    mix.tasks = 2 + static_cast<std::size_t>(i) % 5;
    const std::vector<Step> steps = random_trace(random, mix);
    const std::unique_ptr<Checker> fresh = make();
    feed(*fresh, steps);
    feed(*again, steps);
    const bool finds = fresh->finish();
    ASSERT_EQ(again->finish(), finds) << text_of(steps);
    if (finds) {
      again = make();
    } else {
      again->begin_again();
      ++used_again;
    }
  }
  EXPECT_GT(used_again, 300);
}
TEST(OracleTest, traces_without_atomics_agree) {
  Mix mix;
  mix.has_atomics = false;
  compare(5, 800, mix);
}

}  // namespace
}  // namespace raddle::test
