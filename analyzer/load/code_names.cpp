// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/code_names.h"

#include <cxxabi.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace raddle::load {

void shorten(std::string& name) {
  static constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"std::__cxx11::", "std::"},
      {"std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"},
      {"std::chrono::duration<long, std::ratio<1l, 1000000000l> >", "std::chrono::nanoseconds"},
      {"std::chrono::duration<long, std::ratio<1l, 1000000l> >", "std::chrono::microseconds"},
      {"std::chrono::duration<long, std::ratio<1l, 1000l> >", "std::chrono::milliseconds"},
      {" >", ">"},  // last: the others are as the demangler writes them
  };
  for (const auto& [from, to] : kShort) {
    for (std::size_t at = 0; (at = name.find(from, at)) != std::string::npos; at += to.size()) {
      name.replace(at, from.size(), to);
    }
  }
}

std::string demangled(std::string_view name) {
  std::string text(name);
  if (!text.starts_with("_Z")) return text;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> result(
      abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0) return text;
  text = result.get();
  shorten(text);
  return text;
}

std::string short_path(std::string_view path) {
  if (path.find("/../") == std::string_view::npos && path.find("/./") == std::string_view::npos) {
    return std::string(path);
  }
  const std::filesystem::path whole(path);
  std::filesystem::path shorter = whole.lexically_normal();
  std::error_code ignored;
  // Not where a link on the way leads elsewhere.
  const bool is_other = std::filesystem::exists(whole, ignored) &&
                        !std::filesystem::equivalent(whole, shorter, ignored);
  return is_other ? std::string(path) : shorter.generic_string();
}

bool is_library_file(std::string_view file) {
  for (const std::string_view part : {"/include/c++/", "/c++/v1/", "/include/raddle/"}) {
    if (file.find(part) != std::string_view::npos) return true;
  }
  return file.starts_with("/usr/include/") || file.starts_with("/usr/lib/");
}

}  // namespace raddle::load
