// SPDX-License-Identifier: Apache-2.0
// A file in memory, and what others do to it.
#include "trace/mapped_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/trace/recorded.h"

namespace raddle::trace {
namespace {

char first_of(const MappedFile& file) { return static_cast<char>(file.bytes()[0]); }

TEST(mapped_file, what_is_written_to_it_in_place_shows) {
  const TemporaryFile file("before");
  const auto mapped = MappedFile::open(file.path());
  ASSERT_TRUE(mapped.ok()) << mapped.error();
  EXPECT_EQ(first_of(*mapped.value()), 'b');
  std::fstream(file.path(), std::ios::in | std::ios::out | std::ios::binary).put('x');
  EXPECT_EQ(first_of(*mapped.value()), 'x');
}
TEST(mapped_file, what_is_written_to_a_part_that_is_held_does_not_show) {
  const TemporaryFile file("before");
  const auto mapped = MappedFile::open(file.path());
  ASSERT_TRUE(mapped.ok());
  EXPECT_TRUE(mapped.value()->hold(mapped.value()->bytes(), 4));
  std::fstream(file.path(), std::ios::in | std::ios::out | std::ios::binary).put('x');
  EXPECT_EQ(first_of(*mapped.value()), 'b');
}
TEST(mapped_file, one_that_was_removed_stays) {
  const TemporaryFile file("before");
  const auto mapped = MappedFile::open(file.path());
  ASSERT_TRUE(mapped.ok());
  std::filesystem::remove(file.path());
  file.write("before");
  EXPECT_EQ(first_of(*mapped.value()), 'b');
}
TEST(mapped_file, an_empty_one_has_no_bytes) {
  const TemporaryFile file("");
  const auto mapped = MappedFile::open(file.path());
  ASSERT_TRUE(mapped.ok());
  EXPECT_TRUE(mapped.value()->bytes().empty());
}
TEST(mapped_file, a_directory_is_refused) { EXPECT_FALSE(MappedFile::open("/").ok()); }

}  // namespace
}  // namespace raddle::trace
