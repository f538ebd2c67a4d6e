// SPDX-License-Identifier: Apache-2.0
// How functions and files of a program are called.
#pragma once

#include <string>
#include <string_view>

namespace raddle::load {

// What the standard library calls its types, as people write them.
void shorten(std::string& name);
// As people write it, the C++ library's types shortened; what is not mangled stays as it is.
std::string demangled(std::string_view name);
// The shortest path to the same file: build systems give "build/../src/a.cpp".
std::string short_path(std::string_view path);
// Raddle's own headers, the C++ library's and the system's.
bool is_library_file(std::string_view file);

}  // namespace raddle::load
