// SPDX-License-Identifier: Apache-2.0
// Tells a running program's recorder to begin or to stop recording memory accesses.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/message.h"
#include "trace/control.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

bool is_trace_of(int fd, int pid) {
  trace::FileHeader header;
  return ::pread(fd, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header) &&
         std::memcmp(header.magic, trace::kMagic, sizeof header.magic) == 0 &&
         header.process_id == static_cast<std::uint64_t>(pid);
}

// Of the trace that the process writes, open for writing; less than 0: there is none.
int open_trace_of(int pid) {
  std::error_code error;
  const fs::path folder = "/proc/" + std::to_string(pid) + "/fd";
  for (fs::directory_iterator file(folder, error), end; !error && file != end;
       file.increment(error)) {
    if (!fs::is_regular_file(file->path(), error)) continue;
    const int fd = ::open(file->path().c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) continue;
    if (is_trace_of(fd, pid)) return fd;
    ::close(fd);
  }
  return -1;
}

int tell(int pid, trace::Accesses accesses) {
  const int fd = open_trace_of(pid);
  if (fd < 0) {
    return fail("process " + std::to_string(pid) +
                " writes no trace that could be opened; start it with `raddle run`");
  }
  const ssize_t done = ::pwrite(fd, &accesses, sizeof accesses, trace::kControlOffset);
  ::close(fd);
  return done == static_cast<ssize_t>(sizeof accesses) ? 0 : fail(std::strerror(errno));
}

}  // namespace

void add_record(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "record", "Start or stop recording memory accesses of a program that runs");
  auto pid = std::make_shared<int>(0);
  for (const bool starts : {true, false}) {
    CLI::App* what = command->add_subcommand(
        starts ? "start" : "stop", starts ? "Record memory accesses" : "Record none for now");
    what->add_option("PID", *pid, "The program's process")->required();
    what->callback([pid, starts, &status] {
      status = tell(*pid, starts ? trace::Accesses::kRecorded : trace::Accesses::kStopped);
    });
  }
  command->require_subcommand(1);
}

}  // namespace raddle::cli
