// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/line_hash.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace raddle::report {

namespace {

constexpr std::size_t kBlock = 100;
constexpr std::uint64_t kFactor = 37;
constexpr std::uint32_t kEndOfFile = 65535;

// A rolling hash over the last kBlock characters, which belongs to the line that begins at the
// oldest of them.
class Roller {
 public:
  void take(std::uint32_t c) {
    if (c == ' ' || c == '\t' || (after_cr_ && c == '\n')) {
      after_cr_ = false;
      return;
    }
    after_cr_ = c == '\r';
    if (after_cr_) c = '\n';
    finish_line();
    if (at_line_start_) {
      at_line_start_ = false;
      line_at_[index_] = ++lines_;
    }
    at_line_start_ = c == '\n';
    roll(c);
  }

  std::vector<std::string> finish() {
    take(kEndOfFile);
    for (std::size_t i = 0; i < kBlock; ++i) {
      finish_line();
      roll(0);
    }
    return std::move(hashes_);
  }

 private:
  void finish_line() {
    if (line_at_[index_] == 0) return;
    char text[17];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(hash_));
    hashes_.resize(lines_);
    hashes_[line_at_[index_] - 1] = std::string(text) + ":" + std::to_string(++seen_[text]);
    line_at_[index_] = 0;
  }

  void roll(std::uint32_t c) {
    hash_ = kFactor * hash_ + c - first_factor_ * window_[index_];
    window_[index_] = c;
    index_ = (index_ + 1) % kBlock;
  }

  std::uint64_t first_factor_ = [] {
    std::uint64_t factor = 1;
    for (std::size_t i = 0; i < kBlock; ++i) factor *= kFactor;
    return factor;
  }();
  std::array<std::uint32_t, kBlock> window_{};
  std::array<std::size_t, kBlock> line_at_{};  // the line that begins here; 0: none
  std::uint64_t hash_ = 0;
  std::size_t index_ = 0, lines_ = 0;
  bool at_line_start_ = true, after_cr_ = false;
  std::map<std::string, int> seen_;
  std::vector<std::string> hashes_;
};

// The UTF-16 units of UTF-8 text, which is what the original counts in.
void take_utf16(std::string_view text, Roller& roller) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    std::uint32_t point = more == 0 ? lead : lead & (0x3fu >> more);
    for (; more > 0 && i < text.size(); --more, ++i) {
      point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3fu);
    }
    if (point < 0x10000) {
      roller.take(point);
    } else {
      roller.take(0xd800 + ((point - 0x10000) >> 10));
      roller.take(0xdc00 + (point & 0x3ff));
    }
  }
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view text) {
  Roller roller;
  take_utf16(text, roller);
  return roller.finish();
}

std::string LineHashes::of(const std::string& file, std::uint32_t line) {
  const auto [known, is_new] = files_.try_emplace(file);
  if (is_new) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (in.good() || in.eof()) known->second = line_hashes(text);
  }
  return line == 0 || line > known->second.size() ? "" : known->second[line - 1];
}

}  // namespace raddle::report
