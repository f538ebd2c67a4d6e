// SPDX-License-Identifier: Apache-2.0
// Against values that GitHub's codeql-action tests itself with (src/fingerprints.test.ts).
#include "analyzer/report/line_hash.h"

#include <gtest/gtest.h>

namespace raddle::report {
namespace {

using Hashes = std::vector<std::string>;

TEST(LineHashTest, an_empty_file_has_one_line) {
  EXPECT_EQ(line_hashes(""), Hashes{"c129715d7a2bc9a3:1"});
}
TEST(LineHashTest, each_line_has_the_hash_of_what_follows) {
  EXPECT_EQ(line_hashes(" a\nb\n  \t\tc\n d"), (Hashes{"271789c17abda88f:1", "54703d4cd895b18:1",
                                                       "180aee12dab6264:1", "a23a3dc5e078b07b:1"}));
}
TEST(LineHashTest, line_ends_of_any_system_are_the_same) {
  EXPECT_EQ(line_hashes("a\r\nb"), line_hashes("a\nb"));
  EXPECT_EQ(line_hashes("a\rb"), line_hashes("a\nb"));
}
TEST(LineHashTest, a_line_that_moves_keeps_its_hash) {
  const std::string rest = "int x;\nint y;\n";
  EXPECT_EQ(line_hashes("// one more\n" + rest)[1], line_hashes(rest)[0]);
}
TEST(LineHashTest, equal_lines_are_numbered) {
  const std::string block(100, 'a');
  const Hashes hashes = line_hashes(block + "\n" + block + "\n" + block + "\n");
  EXPECT_EQ(hashes[0].substr(hashes[0].find(':')), ":1");
  EXPECT_EQ(hashes[1], hashes[0].substr(0, hashes[0].find(':')) + ":2");
}
TEST(LineHashTest, a_file_that_is_not_there_has_no_lines) {
  LineHashes hashes;
  EXPECT_EQ(hashes.of("/nowhere/x.cpp", 1), "");
}

}  // namespace
}  // namespace raddle::report
