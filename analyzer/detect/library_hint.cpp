// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/library_hint.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace raddle::detect {
namespace {

constexpr std::string_view kSharedPointer = "std::shared_ptr";
constexpr std::array kTypes = {
    std::string_view{"std::vector"},        std::string_view{"std::deque"},
    std::string_view{"std::list"},          std::string_view{"std::forward_list"},
    std::string_view{"std::map"},           std::string_view{"std::multimap"},
    std::string_view{"std::set"},           std::string_view{"std::multiset"},
    std::string_view{"std::unordered_map"}, std::string_view{"std::unordered_multimap"},
    std::string_view{"std::unordered_set"}, std::string_view{"std::unordered_multiset"},
    std::string_view{"std::string"},        std::string_view{"std::basic_string"},
    std::string_view{"std::queue"},         std::string_view{"std::priority_queue"},
    std::string_view{"std::stack"},         std::string_view{"std::optional"},
    std::string_view{"std::variant"},       std::string_view{"std::function"},
    std::string_view{"std::unique_ptr"},    kSharedPointer,
};

// Behind the brackets of a template's arguments that `text` may begin with; npos: they do not end.
std::size_t skip_arguments(std::string_view text) {
  if (!text.starts_with('<')) return 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') ++depth;
    if (text[i] == '>' && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

// Whether `function`, with its return type, is a member of the type.
bool is_member(std::string_view function, std::string_view type) {
  for (std::size_t at = function.find(type); at != std::string_view::npos;
       at = function.find(type, at + 1)) {
    if (at != 0 && function[at - 1] != ' ') continue;  // an argument of something else
    const std::string_view rest = function.substr(at + type.size());
    const std::size_t end = skip_arguments(rest);
    if (end != std::string_view::npos && rest.substr(end).starts_with("::")) return true;
  }
  return false;
}

bool is_packed(std::string_view function) {
  return function.find("std::_Bit_") != std::string_view::npos ||
         function.find("std::vector<bool,") != std::string_view::npos;
}

}  // namespace

LibraryUse library_use(const Party& party, const Run& run) {
  LibraryUse use;
  for (const Frame& frame : run.stacks[party.stack].frames) {
    if (!frame.is_library) break;
    use.is_packed = use.is_packed || is_packed(frame.function);
    for (const std::string_view type : kTypes) {  // the outermost is what the user has written
      if (is_member(frame.function, type)) use.type = type;
    }
  }
  return use;
}

std::string library_hint(const LibraryUse& use, const std::string& name) {
  const std::string what = name.empty() ? "it" : name;
  if (use.is_packed) {
    return "std::vector<bool> packs its elements into words, so that tasks that use different ones "
           "race: make it a std::vector<char>, or guard all of it with one mutex";
  }
  if (use.type == kSharedPointer) {
    return "a std::shared_ptr that one task assigns no other may use meanwhile, not even to copy: "
           "give each task a copy of its own, guard " +
           what + " with one mutex, or make it a std::atomic of a std::shared_ptr";
  }
  if (use.type.empty()) return {};
  return "a " + use.type + " that one task changes no other may use meanwhile, not even to read: " +
         "guard every use of " + what + " with one mutex";
}

}  // namespace raddle::detect
