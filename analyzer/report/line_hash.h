// SPDX-License-Identifier: Apache-2.0
// The hash by which code scanning tells a line again after lines above it have moved.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::report {

// For each line of `text`, "HASH:N": of 100 characters from the line on, without blanks, and the
// N-th line in the text with that hash. `primaryLocationLineHash` as GitHub's codeql-action
// computes it (src/fingerprints.ts).
std::vector<std::string> line_hashes(std::string_view text);

// The hashes of source files, read when first asked for.
class LineHashes {
 public:
  // Empty if the file is not there or has no such line. Lines count from 1.
  std::string of(const std::string& file, std::uint32_t line);

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace raddle::report
