// SPDX-License-Identifier: Apache-2.0
#include "trace/event.h"

#include <gtest/gtest.h>

#include <set>

namespace raddle::trace {
namespace {

TEST(event, every_kind_has_a_name_and_a_verb_of_its_own_row) {
  std::set<std::string_view> names;
  int kinds = 0;
  for (int code = 0; code < 256; ++code) {
    if (!is_known(static_cast<std::uint8_t>(code))) continue;
    ++kinds;
    names.insert(name_of(static_cast<Kind>(code)));
    EXPECT_FALSE(verb_of(static_cast<Kind>(code)).empty()) << code;
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kinds));
  EXPECT_EQ(name_of(Kind::kChannelMeet), "ChannelMeet");
  EXPECT_EQ(effect_of(Kind::kChannelMeet), Effect::kMeets);
  EXPECT_EQ(object_type_of(Kind::kChannelMeet), ObjectType::kChannel);
}

TEST(event, a_number_outside_the_table_is_not_known) {
  EXPECT_FALSE(is_known(0));
  EXPECT_FALSE(is_known(0xdf));
}

}  // namespace
}  // namespace raddle::trace
