// SPDX-License-Identifier: Apache-2.0
// Where the files that belong to this `raddle` lie. The build tree has the layout of an
// installation.
#pragma once

#include <filesystem>

namespace raddle::cli {

// The directory of the running executable.
std::filesystem::path bin_dir();

// <prefix>/lib/raddle/raddle.cfg, as seen from bin_dir().
std::filesystem::path config_file();

// Replaces this process by `program` with `args` (argv[0] included, null at the end). Returns
// errno.
int become(const std::filesystem::path& program, char* const* args);

}  // namespace raddle::cli
