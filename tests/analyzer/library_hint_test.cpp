// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/library_hint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace raddle::detect {
namespace {

// Called in this order by the user's own function.
LibraryUse use_of(const std::vector<std::string>& innermost_first) {
  raddle::Run run;
  Stack stack;
  for (const std::string& function : innermost_first) {
    stack.frames.push_back({function, "", 0, 0, true});
  }
  stack.frames.push_back({"std::map<int, int>::users_own()", "", 0, 0, false});
  run.stacks = {{}, stack};
  Party party;
  party.stack = 1;
  return library_use(party, run);
}

TEST(LibraryHintTest, the_type_is_the_one_that_the_user_has_called) {
  const LibraryUse use = use_of({"std::vector<int, std::allocator<int>>::begin()",
                                 "int& std::queue<int, std::deque<int>>::front()"});
  EXPECT_EQ(use.type, "std::queue");
}
TEST(LibraryHintTest, a_type_that_is_only_returned_or_an_argument_does_not_count) {
  EXPECT_EQ(use_of({"std::vector<int> make(std::map<int, int>::iterator)"}).type, "");
  EXPECT_EQ(use_of({"void swap<std::vector<int>>(std::vector<int>&)"}).type, "");
  EXPECT_EQ(use_of({"std::vector<int>& std::map<int, std::vector<int>>::at(int const&)"}).type,
            "std::map");
}
TEST(LibraryHintTest, a_name_that_begins_alike_is_another_type) {
  EXPECT_EQ(use_of({"std::setter<int>::set()"}).type, "");
  EXPECT_EQ(use_of({"std::multiset<int>::size() const"}).type, "std::multiset");
}
TEST(LibraryHintTest, functions_of_the_users_own_do_not_count) { EXPECT_EQ(use_of({}).type, ""); }
TEST(LibraryHintTest, elements_of_a_vector_of_bool_are_packed) {
  EXPECT_TRUE(use_of({"std::_Bit_reference::operator=(bool)"}).is_packed);
  EXPECT_TRUE(use_of({"std::vector<bool, std::allocator<bool>>::flip()"}).is_packed);
  EXPECT_FALSE(use_of({"std::vector<char, std::allocator<char>>::clear()"}).is_packed);
}
TEST(LibraryHintTest, an_unbalanced_name_is_no_type) {
  EXPECT_EQ(use_of({"std::vector<int::push_back"}).type, "");
}
TEST(LibraryHintTest, each_hint_names_what_is_to_be_guarded) {
  EXPECT_NE(library_hint({.type = "std::map"}, "cache").find("every use of cache"),
            std::string::npos);
  EXPECT_NE(library_hint({.type = "std::shared_ptr"}, "").find("guard it"), std::string::npos);
  EXPECT_EQ(library_hint({}, "cache"), "");
}

}  // namespace
}  // namespace raddle::detect
