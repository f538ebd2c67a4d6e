// SPDX-License-Identifier: Apache-2.0
#include "cli/schedule.h"

#include <cstring>
#include <fstream>

#include "trace/mapped_file.h"

namespace raddle::cli {

std::optional<Schedule> read_schedule(std::span<const std::byte> bytes) {
  Schedule schedule;
  trace::ScheduleHeader& header = schedule.header;
  if (bytes.size() < sizeof header) return {};
  std::memcpy(&header, bytes.data(), sizeof header);
  const std::span<const std::byte> choices = bytes.subspan(sizeof header);
  if (header.magic != trace::kScheduleMagic) return {};
  if (header.count > choices.size() / sizeof(std::uint32_t)) return {};
  schedule.choices.resize(header.count);
  std::memcpy(schedule.choices.data(), choices.data(), header.count * sizeof(std::uint32_t));
  return schedule;
}

std::optional<Schedule> read_schedule(const std::filesystem::path& path) {
  const auto file = trace::MappedFile::open(path);
  if (!file.ok()) return {};
  return read_schedule(file.value()->bytes());
}

bool write_schedule(const Schedule& schedule, const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  trace::ScheduleHeader header = schedule.header;
  header.count = schedule.choices.size();
  file.write(reinterpret_cast<const char*>(&header), sizeof header);
  file.write(reinterpret_cast<const char*>(schedule.choices.data()),
             static_cast<std::streamsize>(schedule.choices.size() * sizeof(std::uint32_t)));
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
