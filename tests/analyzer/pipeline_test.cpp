// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/pipeline.h"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <vector>

namespace raddle::detect {
namespace {

using Numbers = std::vector<int>;

std::shared_ptr<int> load(int number) { return std::make_shared<int>(number); }

Numbers first(int count) {
  Numbers numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(PipelineTest, without_one_a_load_is_worked_off_as_it_is_submitted) {
  Numbers done;
  Stage<int> stage(nullptr, 0, [&](const std::shared_ptr<int>& one) { done.push_back(*one); });
  stage.submit(load(7));
  EXPECT_EQ(done, Numbers{7});
}

TEST(PipelineTest, each_stage_has_all_loads_in_order_whoever_works_on_them) {
  constexpr int kLoads = 5000;
  for (unsigned others = 0; others < 5; ++others) {
    Pipeline pipeline(others);
    Numbers left, right;  // not guarded: a stage has one load at a time
    Stage<int> one(&pipeline, 2, [&](const std::shared_ptr<int>& load) { left.push_back(*load); });
    Stage<int> other(&pipeline, 2,
                     [&](const std::shared_ptr<int>& load) { right.push_back(*load); });
    Stage<int> both(&pipeline, 1, [&](const std::shared_ptr<int>& load) {
      one.submit(load);
      other.submit(load);
    });
    Stage<int> all(&pipeline, 0, [&](const std::shared_ptr<int>& load) { both.submit(load); });
    for (int i = 0; i < kLoads; ++i) all.submit(load(i));
    all.settle();
    EXPECT_EQ(left, first(kLoads)) << others;
    EXPECT_EQ(right, first(kLoads)) << others;
  }
}

// As a check does that looks at what all before has come to.
TEST(PipelineTest, a_stage_may_settle_those_behind_it_in_the_midst_of_a_load) {
  constexpr int kLoads = 2000;
  for (unsigned others = 0; others < 4; ++others) {
    Pipeline pipeline(others);
    int done = 0, seen = 0, settled = 0;
    Stage<int> last(&pipeline, 1, [&](const std::shared_ptr<int>&) { ++done; });
    Stage<int> all(&pipeline, 0, [&](const std::shared_ptr<int>& load) {
      last.submit(load);
      ++seen;
      if (*load % 37 != 0) return;
      last.settle();
      settled += done == seen ? 1 : 0;
    });
    for (int i = 0; i < kLoads; ++i) all.submit(load(i));
    all.settle();
    EXPECT_EQ(settled, (kLoads + 36) / 37) << others;
    EXPECT_EQ(done, kLoads) << others;
  }
}

TEST(PipelineTest, the_stages_can_be_settled_and_fed_again) {
  Pipeline pipeline(2);
  int sum = 0;
  Stage<int> stage(&pipeline, 0, [&](const std::shared_ptr<int>& one) { sum += *one; });
  for (int round = 1; round <= 300; ++round) {
    for (int i = 0; i < 10; ++i) stage.submit(load(1));
    stage.settle();
    ASSERT_EQ(sum, 10 * round);
  }
}

TEST(PipelineTest, what_a_stage_has_not_begun_goes_with_it) {
  const std::shared_ptr<int> one = load(1);
  {
    Pipeline pipeline(0);
    Stage<int> stage(&pipeline, 0, [](const std::shared_ptr<int>&) { FAIL(); });
    stage.submit(one);
  }
  EXPECT_EQ(one.use_count(), 1);
}

}  // namespace
}  // namespace raddle::detect
