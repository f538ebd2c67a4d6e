// SPDX-License-Identifier: Apache-2.0
#include "cli/schedule.h"

#include <fstream>

namespace raddle::cli {

std::optional<Schedule> read_schedule(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Schedule schedule;
  if (!file.read(reinterpret_cast<char*>(&schedule.header), sizeof schedule.header)) return {};
  if (schedule.header.magic != trace::kScheduleMagic) return {};
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  if (error || schedule.header.count > (bytes - sizeof schedule.header) / sizeof(std::uint32_t)) {
    return {};
  }
  schedule.choices.resize(schedule.header.count);
  file.read(reinterpret_cast<char*>(schedule.choices.data()),
            static_cast<std::streamsize>(schedule.choices.size() * sizeof(std::uint32_t)));
  if (!file) return {};
  return schedule;
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
