// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/code_names.h"

#include <cxxabi.h>

#include <algorithm>
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

namespace {

// A number and as many characters. Empty: there is none at `at`, which stays then.
std::string_view source_name(std::string_view mangled, std::size_t& at) {
  std::size_t bytes = 0;
  std::size_t begin = at;
  while (begin < mangled.size() && mangled[begin] >= '0' && mangled[begin] <= '9' &&
         bytes < mangled.size()) {
    bytes = 10 * bytes + static_cast<std::size_t>(mangled[begin++] - '0');
  }
  if (bytes == 0 || bytes > mangled.size() - begin) return {};
  at = begin + bytes;
  return mangled.substr(begin, bytes);
}

// Of what belongs to a C++20 module, which the C++ library of today does not demangle: the name as
// far as it is plain, "Account::add", without the module and the parameters. Empty: nothing such.
std::string name_in_module(std::string_view mangled) {
  std::string name;
  std::string_view last;
  bool is_in_module = false;
  std::size_t at = 2;
  if (mangled.substr(at).starts_with('N')) {
    at = std::min(mangled.find_first_not_of("KVrRO", at + 1), mangled.size());
  }
  while (at < mangled.size()) {
    const bool is_module = mangled[at] == 'W';
    if (is_module) at += mangled.substr(at + 1).starts_with('P') ? 2 : 1;  // P: a partition
    const std::string_view part = source_name(mangled, at);
    if (part.empty()) break;
    is_in_module = is_in_module || is_module;
    if (is_module) continue;
    if (!name.empty()) name += "::";
    name += last = part;
  }
  const char then = at < mangled.size() ? mangled[at] : 'E';
  if (then == 'C' || then == 'D') {  // a constructor or destructor
    name += then == 'C' ? "::" : "::~";
    name += last;
  }
  return is_in_module ? name : std::string();
}

}  // namespace

std::string demangled(std::string_view name) {
  std::string text(name);
  if (!text.starts_with("_Z")) return text;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> result(
      abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0) {
    const std::string plain = name_in_module(text);
    return plain.empty() ? text : plain;
  }
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
