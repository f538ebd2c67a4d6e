// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/options.h"

#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/record/say.h"

namespace raddle::record {
namespace {

template <std::size_t size>
bool set_text(char (&text)[size], std::string_view value) {
  if (value.empty() || value.size() >= size) return false;
  std::memcpy(text, value.data(), value.size());
  text[value.size()] = '\0';
  return true;
}

bool set_trace(Options& options, std::string_view value) { return set_text(options.trace, value); }
bool set_strategy(Options& options, std::string_view value) {
  return set_text(options.strategy, value);
}
bool set_schedule(Options& options, std::string_view value) {
  return set_text(options.schedule, value);
}
bool set_replay(Options& options, std::string_view value) {
  return set_text(options.replay, value);
}

bool set_level(Options& options, std::string_view value) {
  if (value == "sync")
    options.level = Level::kSync;
  else if (value == "full")
    options.level = Level::kFull;
  else if (value == "off")
    options.level = Level::kOff;
  else
    return false;
  return true;
}

bool set_number(std::uint32_t& number, std::string_view value) {
  if (value.empty() || value.size() > 9) return false;
  number = 0;
  for (const char digit : value) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return true;
}

bool set_hang_timeout(Options& options, std::string_view value) {
  return set_number(options.hang_timeout_ms, value);
}

bool set_held_worker(Options& options, std::string_view value) {
  return set_number(options.held_worker_ms, value);
}

bool set_seed(Options& options, std::string_view value) { return set_number(options.seed, value); }
bool set_depth(Options& options, std::string_view value) {
  return set_number(options.depth, value);
}
bool set_steps(Options& options, std::string_view value) {
  return set_number(options.steps, value);
}

bool set_accesses(Options& options, std::string_view value) {
  return set_number(options.accesses, value);
}

struct Known {
  std::string_view key;
  const char* values;
  bool (*set)(Options&, std::string_view);
};
constexpr Known kKnown[] = {
    {"trace", "a path", set_trace},
    {"level", "full, sync or off", set_level},
    {"hang_timeout_ms", "a number of milliseconds, 0 for never", set_hang_timeout},
    {"held_worker_ms", "a number of milliseconds, 0 for never", set_held_worker},
    {"strategy", "random, pct, pos or follow", set_strategy},
    {"seed", "a number", set_seed},
    {"depth", "a number", set_depth},
    {"steps", "a number", set_steps},
    {"accesses", "0 or 1", set_accesses},
    {"schedule", "a path", set_schedule},
    {"replay", "a path", set_replay},
};

bool apply(Options& options, std::string_view item) {
  const std::size_t equals = item.find('=');
  const std::string_view key = item.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
  for (const Known& known : kKnown) {
    if (known.key != key) continue;
    if (known.set(options, value)) return true;
    say({"raddle: RADDLE_OPTIONS: ", key, "=", value, " is not valid: ", key, " takes ",
         known.values});
    return false;
  }
  say({"raddle: RADDLE_OPTIONS: unknown option \"", key,
       "\"; known are trace=FILE, level=full|sync|off, hang_timeout_ms=N, held_worker_ms=N, "
       "strategy=NAME, seed=N, depth=N, steps=N, accesses=0|1, schedule=FILE, replay=FILE"});
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
