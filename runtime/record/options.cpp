// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/options.h"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/record/say.h"

namespace raddle::record {
namespace {

// One for each member of Options, by its type.
template <auto member>
bool set_text(Options& options, std::string_view value) {
  auto& text = options.*member;
  if (value.empty() || value.size() >= sizeof text) return false;
  std::memcpy(text, value.data(), value.size());
  text[value.size()] = '\0';
  return true;
}

template <auto member>
bool set_number(Options& options, std::string_view value) {
  if (value.empty() || value.size() > 9) return false;
  std::uint32_t number = 0;
  for (const char digit : value) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  options.*member = number;
  return true;
}

template <auto member>
bool set_switch(Options& options, std::string_view value) {
  if (value != "0" && value != "1") return false;
  options.*member = value == "1";
  return true;
}

bool set_level(Options& options, std::string_view value) {
  struct Named {
    std::string_view name;
    Level level;
    bool samples;
  };
  constexpr Named kLevels[] = {{"full", Level::kFull, false},
                               {"sample", Level::kFull, true},
                               {"sync", Level::kSync, false},
                               {"off", Level::kOff, false}};
  for (const Named& known : kLevels) {
    if (known.name != value) continue;
    options.level = known.level;
    options.samples = known.samples;
    return true;
  }
  return false;
}

bool set_chunk_kb(Options& options, std::string_view value) {
  return set_number<&Options::chunk_kb>(options, value) && std::has_single_bit(options.chunk_kb) &&
         options.chunk_kb >= trace::kLeastChunkBytes >> 10 &&
         options.chunk_kb <= trace::kMostChunkBytes >> 10;
}

// With K, M or G behind it, of 1024 each.
bool set_trace_limit(Options& options, std::string_view value) {
  constexpr std::uint64_t kLeastBytes = 256 << 10;
  unsigned shift = 0;
  if (!value.empty()) {
    const std::size_t unit = std::string_view("KMG").find(value.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      value.remove_suffix(1);
    }
  }
  if (value.empty() || value.size() > 9) return false;
  std::uint64_t number = 0;
  for (const char digit : value) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  options.trace_limit = number << shift;
  return options.trace_limit == 0 || options.trace_limit >= kLeastBytes;
}

bool set_check(Options& options, std::string_view value) {
  if (value != "online" && value != "later") return false;
  options.checks_online = value == "online";
  return true;
}

bool set_exit_code(Options& options, std::string_view value) {
  return set_number<&Options::exit_code>(options, value) && options.exit_code <= 255;
}

struct Known {
  std::string_view key;
  const char* values;
  bool (*set)(Options&, std::string_view);
};
constexpr Known kKnown[] = {
    {"trace", "a path", set_text<&Options::trace>},
    {"level", "full, sample, sync or off", set_level},
    {"hang_timeout_ms", "a number of milliseconds, 0 for never",
     set_number<&Options::hang_timeout_ms>},
    {"held_worker_ms", "a number of milliseconds, 0 for never",
     set_number<&Options::held_worker_ms>},
    {"chunk_kb", "a power of two, 16 to 16384", set_chunk_kb},
    {"paused", "0 or 1", set_switch<&Options::paused>},
    {"toggle_signal", "a signal's number", set_number<&Options::toggle_signal>},
    {"prove_leaks", "0 or 1", set_switch<&Options::proves_leaks>},
    {"leaks_signal", "a signal's number", set_number<&Options::leaks_signal>},
    {"trace_limit", "bytes, as 64M, at least 256K, or 0 for none", set_trace_limit},
    {"check", "online or later", set_check},
    {"checker", "a process' number", set_number<&Options::checker>},
    {"exitcode", "a status, 0 for the program's own", set_exit_code},
    {"server", "a socket's number", set_number<&Options::server>},
    {"board", "a path", set_text<&Options::board>},
    {"strategy", "auto, random, pct, pos, surw, dfs or follow", set_text<&Options::strategy>},
    {"seed", "a number", set_number<&Options::seed>},
    {"depth", "a number", set_number<&Options::depth>},
    {"steps", "a number", set_number<&Options::steps>},
    {"accesses", "0 or 1", set_switch<&Options::accesses>},
    {"schedule", "a path", set_text<&Options::schedule>},
    {"replay", "a path", set_text<&Options::replay>},
    {"experience", "a path", set_text<&Options::experience>},
    {"targets", "addresses", set_text<&Options::targets>},
    {"preemptions", "a number", set_number<&Options::preemptions>},
    {"early_ms", "a number of milliseconds, 0 for never", set_number<&Options::early_ms>},
    {"rounds", "a number, 0 for any", set_number<&Options::rounds>},
};

bool apply(Options& options, std::string_view item) {
  const std::size_t equals = item.find('=');
  const std::string_view key = item.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
  for (const Known& known : kKnown) {
    if (known.key != key) continue;
    if (known.set(options, value)) return true;
    const bool has_others = value.find_first_of(", ") != std::string_view::npos;
    say({"raddle: RADDLE_OPTIONS: ", key, "=", value, " is not valid: ", key, " takes ",
         known.values, has_others ? "; options are separated by ':'" : ""});
    return false;
  }
  char keys[768] = {};
  std::size_t length = 0;
  for (const Known& known : kKnown) {
    for (const std::string_view part : {length == 0 ? "" : ", ", known.key.data(), "=..."}) {
      length += part.copy(keys + length, sizeof keys - length);
    }
  }
  say({"raddle: RADDLE_OPTIONS: unknown option \"", key, "\"; known are ",
       std::string_view(keys, length)});
  return false;
}

}  // namespace

bool parse_options(const char* text, Options& options) noexcept {
  std::string_view rest = text == nullptr ? std::string_view{} : std::string_view{text};
  bool ok = true;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const std::string_view item = rest.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
    if (!item.empty()) ok = apply(options, item) && ok;
  }
  return ok;
}

}  // namespace raddle::record
