// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/trace_header.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstring>

#include "runtime/record/system_calls.h"

namespace raddle::record {
namespace {

// The command line, from the kernel: arguments joined by blanks.
void fill_command(trace::FileHeader& header) {
  const ssize_t length = ::readlink("/proc/self/exe", header.program, sizeof header.program - 1);
  if (length < 0) std::strcpy(header.program, "?");
  const int fd = open_file("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  const ssize_t got = read_file(fd, header.command, sizeof header.command - 1);
  close_file(fd);
  for (ssize_t i = 0; i + 1 < got; ++i) {
    if (header.command[i] == '\0') header.command[i] = ' ';
  }
}

}  // namespace

void fill_header(trace::FileHeader& header, std::uint32_t chunk_bytes,
                 std::uint32_t level) noexcept {
  timespec wall{};
  ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &wall);
  header.version = trace::kFormatVersion;
  header.chunk_bytes = chunk_bytes;
  header.level = level;
  header.process_id = static_cast<std::uint64_t>(::getpid());
  header.start_unix_ns = static_cast<std::uint64_t>(wall.tv_sec) * 1'000'000'000u +
                         static_cast<std::uint64_t>(wall.tv_nsec);
  fill_command(header);
  std::memcpy(header.magic, trace::kMagic, sizeof header.magic);
}

}  // namespace raddle::record
