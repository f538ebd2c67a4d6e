// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/dealer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace raddle::detect {
namespace {

using Bytes = std::map<std::uint64_t, int>;  // how often each is accessed

void add(std::uint64_t address, std::uint64_t bytes, const Share& share, Bytes& to) {
  const std::uint64_t begin = address & kMostAddress;
  for (std::uint64_t byte = begin; byte < begin + bytes; ++byte) {
    if (share.has(byte)) ++to[byte];
  }
}

// What of the accesses belongs to the share, as a check of it sees them.
Bytes bytes_of(const Accesses& accesses, const Share& share) {
  Bytes bytes;
  for (std::size_t i = 0; i < accesses.list.size(); ++i) {
    const LoggedAccess& access = accesses.list.data()[i];
    if (access.bytes() != 0) {
      add(access.address(), access.bytes(), share, bytes);
      continue;
    }
    const Large& large = accesses.large[access.address()];
    for (std::uint64_t n = 0; n < large.count; ++n) {
      add(large.address + n * static_cast<std::uint64_t>(large.stride_bytes), large.bytes, share,
          bytes);
    }
  }
  return bytes;
}

class DealerTest : public testing::Test {
 protected:
  void put(const Large& large) { log_->accesses.push_back(large, 0, position_++); }
  void put(std::uint64_t address, std::uint64_t bytes) {
    log_->accesses.list.push_back(
        {address | LoggedAccess::what(AccessKind::kWrite, bytes), 0, position_++});
  }
  // Deals what was put, of one actor, to so many shares, and looks at what each gets.
  void expect_all_dealt(unsigned count) {
    Actor actor;
    actor.task = 5;
    log_->accesses.actors.push_back(actor);
    log_->accesses.end_actor();
    std::vector<Bytes> expected, dealt(count);
    for (unsigned i = 0; i < count; ++i) expected.push_back(bytes_of(log_->accesses, {i, count}));
    std::vector<Dealer::Take> takers;
    for (unsigned i = 0; i < count; ++i) {
      takers.emplace_back([&dealt, i, count](const std::shared_ptr<ShareLog>& log) {
        for (const auto& [byte, times] : bytes_of(log->accesses, {i, count}))
          dealt[i][byte] += times;
        EXPECT_EQ(log->accesses.actors.back().task, 5u);
        EXPECT_EQ(log->accesses.actors.back().end, log->accesses.list.size());
      });
    }
    Dealer(std::move(takers), places_).deal(log_);
    EXPECT_EQ(dealt, expected);
    log_ = std::make_shared<AccessLog>();
  }

  Places places_;
  std::uint32_t position_ = 0;
  std::shared_ptr<AccessLog> log_ = std::make_shared<AccessLog>();
};

TEST_F(DealerTest, each_share_has_what_belongs_to_it) {
  for (std::uint64_t block = 0; block < 64; ++block) put((block << kBlockBits) + 8, 8);
  expect_all_dealt(3);
}

TEST_F(DealerTest, an_access_across_two_blocks_belongs_to_both) {
  for (std::uint64_t block = 1; block < 32; ++block) put((block << kBlockBits) - 3, 8);
  expect_all_dealt(2);
}

TEST_F(DealerTest, elements_of_any_stride_are_dealt_once_each) {
  std::mt19937 random(5);
  const auto below = [&](std::uint64_t most) { return random() % most; };
  for (int i = 0; i < 400; ++i) {
    Large large = {.address = 0x10'0000 + below(9000), .bytes = 1 + below(70)};
    large.kind = AccessKind::kWrite;
    if (i % 7 == 3) large.bytes = 1 + below(9000);
    if (i % 2 == 0) {
      large.count = 1 + below(200);
      large.stride_bytes = static_cast<std::int64_t>(below(i % 5 == 0 ? 12'000 : 200)) - 80;
    }
    put(large);
    if (i % 20 == 19) expect_all_dealt(1 + static_cast<unsigned>(below(5)));
  }
}

TEST_F(DealerTest, a_range_at_the_end_of_all_addresses_is_dealt_as_damage_says_it) {
  put({.address = kMostAddress - 5, .bytes = 9000, .kind = AccessKind::kRead});
  put({.address = 16, .bytes = 8, .count = 100, .stride_bytes = -8, .kind = AccessKind::kRead});
  put({.address = 64,
       .bytes = 8,
       .count = 3,
       .stride_bytes = INT64_MIN,
       .kind = AccessKind::kRead});
  expect_all_dealt(4);
}

TEST_F(DealerTest, a_share_that_nobody_wants_is_left_out) {
  for (std::uint64_t block = 0; block < 16; ++block) put(block << kBlockBits, 4);
  put({.address = 100, .bytes = 40'000, .kind = AccessKind::kRead});
  Actor actor;
  log_->accesses.actors.push_back(actor);
  log_->accesses.end_actor();
  const Bytes expected = bytes_of(log_->accesses, {1, 2});
  Bytes dealt;
  std::vector<Dealer::Take> takers(2);
  takers[1] = [&](const std::shared_ptr<ShareLog>& log) {
    dealt = bytes_of(log->accesses, {1, 2});
  };
  Dealer(std::move(takers), places_).deal(log_);
  EXPECT_EQ(dealt, expected);
}

}  // namespace
}  // namespace raddle::detect
