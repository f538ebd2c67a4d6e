// SPDX-License-Identifier: Apache-2.0
#include "analyzer/part.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

namespace raddle {

using detect::Cell;
using detect::Place;
using detect::Race;

namespace {

// A file is this word, then the words that words_of() lists, then XXH3-64 of all before it.
constexpr std::uint64_t kMagic = 0x3154'5241'5044'4452;  // "RDDPART1"
constexpr std::size_t kHeadWords = 6;
constexpr std::uint64_t kMostShares = 1u << 16;
constexpr std::size_t kPlaceWords = 2;
constexpr std::size_t kRaceWords = 11;
static_assert(std::endian::native == std::endian::little);

using Words = std::vector<std::uint64_t>;

std::uint64_t pair_of(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32);
}
std::uint32_t low_of(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
std::uint32_t high_of(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }

void put(const Cell& cell, Words& words) {
  words.push_back(pair_of(cell.slot | (cell.kind + 0u) << 21 | (cell.mask + 0u) << 24, cell.count));
  words.push_back(cell.origin);
}

Cell get_cell(const std::uint64_t* words) {
  Cell cell;
  cell.slot = low_of(words[0]) & detect::kSlotLimit;
  cell.kind = low_of(words[0]) >> 21 & 7;
  cell.mask = low_of(words[0]) >> 24;
  cell.count = high_of(words[0]);
  cell.origin = low_of(words[1]);
  return cell;
}

Words words_of(const Part& part) {
  Words words = {kMagic,           part.trace_id,      part.share,
                 part.share_count, part.places.size(), part.races.size()};
  for (const Place& place : part.places) {
    words.push_back(pair_of(place.site, place.stack));
    words.push_back(place.size_bytes);
  }
  for (const Race& race : part.races) {
    put(race.conflict.earlier, words);
    put(race.conflict.later, words);
    const std::uint64_t rest[] = {race.conflict.address,
                                  race.task,
                                  static_cast<std::uint64_t>(race.last_ns),
                                  race.known,
                                  race.position,
                                  race.number,
                                  race.count};
    words.insert(words.end(), std::begin(rest), std::end(rest));
  }
  return words;
}

Race get_race(const std::uint64_t* words) {
  Race race;
  race.conflict.earlier = get_cell(words);
  race.conflict.later = get_cell(words + 2);
  race.conflict.address = words[4];
  race.task = low_of(words[5]);
  race.last_ns = static_cast<std::int64_t>(words[6]);
  race.known = low_of(words[7]);
  race.position = words[8];
  race.number = low_of(words[9]);
  race.count = words[10];
  return race;
}

bool is_whole(const Words& words) {
  if (words.size() < kHeadWords + 1 || words[0] != kMagic) return false;
  if (XXH3_64bits(words.data(), (words.size() - 1) * 8) != words.back()) return false;
  const std::uint64_t room = words.size() - 1 - kHeadWords;
  const std::uint64_t places = words[4];
  const std::uint64_t races = words[5];
  return words[3] <= kMostShares && places <= room && races <= room &&
         places * kPlaceWords + races * kRaceWords == room;
}

Error error(const std::filesystem::path& path, const std::string& what) {
  return Error{path.string() + ": " + what};
}

}  // namespace

Result<std::uint64_t> trace_id_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return error(path, std::strerror(errno));
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_64bits_reset(state.get());
  std::vector<char> block(std::size_t{1} << 20);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    XXH3_64bits_update(state.get(), block.data(), static_cast<std::size_t>(in.gcount()));
  }
  return std::uint64_t{XXH3_64bits_digest(state.get())};
}

Result<bool> write_part(const Part& part, const std::filesystem::path& path) {
  Words words = words_of(part);
  words.push_back(XXH3_64bits(words.data(), words.size() * 8));
  std::filesystem::path unfinished = path;
  unfinished += ".unfinished";
  std::ofstream out(unfinished, std::ios::binary);
  out.write(reinterpret_cast<const char*>(words.data()),
            static_cast<std::streamsize>(words.size() * 8));
  out.close();
  std::error_code failure;
  if (out) std::filesystem::rename(unfinished, path, failure);
  if (!out || failure) return error(path, "cannot be written; choose another file for the part");
  return true;
}

Result<Part> read_part(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return error(path, std::strerror(errno));
  const auto bytes = static_cast<std::size_t>(in.tellg());
  Words words(bytes / 8);
  in.seekg(0);
  in.read(reinterpret_cast<char*>(words.data()), static_cast<std::streamsize>(words.size() * 8));
  if (!in || bytes % 8 != 0 || !is_whole(words)) {
    return error(path, "no part of a check, or a damaged one; `raddle check --share` writes parts");
  }
  Part part;
  part.trace_id = words[1];
  part.share = low_of(words[2]);
  part.share_count = low_of(words[3]);
  const std::uint64_t* next = words.data() + kHeadWords;
  for (std::uint64_t i = 0; i < words[4]; ++i, next += kPlaceWords) {
    part.places.push_back({low_of(next[0]), high_of(next[0]), low_of(next[1])});
  }
  for (std::uint64_t i = 0; i < words[5]; ++i, next += kRaceWords) {
    part.races.push_back(get_race(next));
    const detect::Conflict& conflict = part.races.back().conflict;
    if (conflict.earlier.origin >= words[4] || conflict.later.origin >= words[4]) {
      return error(path, "a damaged part of a check; make it again");
    }
  }
  return part;
}

}  // namespace raddle
