// SPDX-License-Identifier: Apache-2.0
// Lines of the program's source files, read when first asked for.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace raddle::report {

class Sources {
 public:
  // The line, from 1, without its end; empty if the file is not there or has no such line.
  std::string line(const std::string& file, std::uint32_t number);

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace raddle::report
