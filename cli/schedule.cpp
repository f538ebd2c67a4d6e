// SPDX-License-Identifier: Apache-2.0
#include "cli/schedule.h"

#include <cstring>
#include <fstream>

#include "trace/mapped_file.h"

namespace raddle::cli {
namespace {

bool is_ours(const trace::ScheduleHeader& header) {
  return header.magic == trace::kScheduleMagic && header.version == trace::kScheduleVersion;
}

}  // namespace

std::optional<Schedule> read_schedule(std::span<const std::byte> bytes) {
  Schedule schedule;
  trace::ScheduleHeader& header = schedule.header;
  if (bytes.size() < sizeof header) return {};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (!is_ours(header)) return {};
  const std::span<const std::byte> rest = bytes.subspan(sizeof header);
  if (header.count > rest.size() / sizeof(trace::Decision)) return {};
  schedule.choices.resize(header.count);
  schedule.moments.resize(header.count);
  for (std::size_t i = 0; i < header.count; ++i) {
    trace::Decision decision;
    std::memcpy(&decision, rest.data() + i * sizeof decision, sizeof decision);
    schedule.choices[i] = decision.choice;
    schedule.moments[i] = decision.moment;
  }
  return schedule;
}

std::optional<Schedule> read_schedule(const std::filesystem::path& path) {
  const auto file = trace::MappedFile::open(path);
  if (!file.ok()) return {};
  return read_schedule(file.value()->bytes());
}

std::string why_no_schedule(const std::filesystem::path& path) {
  if (read_schedule(path)) return {};
  trace::ScheduleHeader header;
  std::ifstream file(path, std::ios::binary);
  if (!file) return "cannot read " + path.string();
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  constexpr std::uint32_t kNoVersion = 1000;  // from here on
  const bool is_old = header.magic == trace::kScheduleMagic &&
                      header.version != trace::kScheduleVersion && header.version < kNoVersion;
  if (!is_old) return path.string() + " is no schedule; raddle explore writes them";
  return path.string() + " is of another version of raddle (format " +
         std::to_string(header.version) + ", this one has " +
         std::to_string(trace::kScheduleVersion) + "); explore the program again";
}

bool write_schedule(const Schedule& schedule, const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  trace::ScheduleHeader header = schedule.header;
  header.count = schedule.choices.size();
  file.write(reinterpret_cast<const char*>(&header), sizeof header);
  const bool has_moments = schedule.moments.size() == schedule.choices.size();
  for (std::size_t i = 0; i < schedule.choices.size(); ++i) {
    const trace::Decision decision{schedule.choices[i], has_moments ? schedule.moments[i] : 0};
    file.write(reinterpret_cast<const char*>(&decision), sizeof decision);
  }
  file.close();
  return file.good();
}

std::size_t switches(const Schedule& schedule) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < schedule.choices.size(); ++i) {
    count += schedule.choices[i] != schedule.choices[i - 1] ? 1 : 0;
  }
  return count;
}

}  // namespace raddle::cli
