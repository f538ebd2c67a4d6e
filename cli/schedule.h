// SPDX-License-Identifier: Apache-2.0
// Schedules on disk, as the runtime writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trace/schedule.h"

namespace raddle::cli {

struct Schedule {
  trace::ScheduleHeader header;
  std::vector<std::uint32_t> choices;  // who went on, at each decision
  std::vector<std::uint32_t> moments;  // as in trace::Decision; of what was changed: other in size
};

// Nothing if that is no schedule.
std::optional<Schedule> read_schedule(std::span<const std::byte> bytes);
std::optional<Schedule> read_schedule(const std::filesystem::path& path);
// What is wrong with the file at `path`; empty: it is a schedule.
std::string why_no_schedule(const std::filesystem::path& path);
// False: it cannot be written.
bool write_schedule(const Schedule& schedule, const std::filesystem::path& path);
// How often another went on than at the decision before.
std::size_t switches(const Schedule& schedule);

}  // namespace raddle::cli
