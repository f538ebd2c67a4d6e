// SPDX-License-Identifier: Apache-2.0
// How reports that other tools read name source files.
#pragma once

#include <string>

namespace raddle::report {

// Relative to the current directory where the file lies below it, else as it is: what tools match
// against a checkout.
std::string path_in_checkout(const std::string& file);

}  // namespace raddle::report
