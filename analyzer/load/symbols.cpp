// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/symbols.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <utility>

#include "analyzer/load/code_names.h"

extern "C" char** environ;

namespace raddle::load {
namespace {

// A file in memory, for the other program to read or write: it cannot block us as a pipe could.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("raddle", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const { return fd_; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t bytes = ::write(fd_, text.data(), text.size());
      if (bytes <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(bytes));
    }
    return ::lseek(fd_, 0, SEEK_SET) == 0;
  }
  std::string read() const {
    std::string text;
    char part[4096];
    ::lseek(fd_, 0, SEEK_SET);
    for (ssize_t bytes; (bytes = ::read(fd_, part, sizeof part)) > 0;) {
      text.append(part, static_cast<std::size_t>(bytes));
    }
    return text;
  }

 private:
  int fd_;
};

bool run(const char* program, const std::string& file, const MemoryFile& input,
         const MemoryFile& output) {
  const char* arguments[] = {program, "-a", "-f", "-i", "-C", "-e", file.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.fd(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.fd(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int status = ::posix_spawnp(&child, program, &actions, nullptr,
                                    const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (status != 0) return false;
  int how = 0;
  return ::waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

// "file:12", "file:12 (discriminator 3)", "??:0", "??:?"
void set_place(Frame& frame, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.starts_with("??")) return;
  frame.file = text.substr(0, colon);
  frame.line = static_cast<std::uint32_t>(
      std::strtoul(std::string(text.substr(colon + 1)).c_str(), nullptr, 10));
}

void make_readable(Frame& frame, const std::string& file) {
  shorten(frame.function);
  frame.file = short_path(frame.file);
  frame.is_library = is_library_file(frame.file.empty() ? file : frame.file);
}

}  // namespace

std::vector<std::vector<Frame>> parse_symbols(const std::string& answer, std::size_t count) {
  std::vector<std::vector<Frame>> all;
  std::istringstream lines(answer);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.starts_with("0x")) {
      all.emplace_back();
      continue;
    }
    Frame frame;
    frame.function = line;
    if (!std::getline(lines, line) || all.empty()) break;
    set_place(frame, line);
    if (frame.function != "??") all.back().push_back(std::move(frame));
  }
  all.resize(count);
  return all;
}

std::vector<std::vector<Frame>> symbols_at(const std::string& file,
                                           const std::vector<std::uint64_t>& offsets) {
  std::string questions;
  for (const std::uint64_t offset : offsets) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx\n", static_cast<unsigned long long>(offset));
    questions += text;
  }
  // LLVM's reads clang's debug information a hundred times faster.
  for (const char* program : {"llvm-addr2line-19", "llvm-addr2line", "addr2line"}) {
    const MemoryFile input, output;
    if (!input.write(questions) || !run(program, file, input, output)) continue;
    auto all = parse_symbols(output.read(), offsets.size());
    for (std::vector<Frame>& frames : all) {
      for (Frame& frame : frames) make_readable(frame, file);
    }
    return all;
  }
  return std::vector<std::vector<Frame>>(offsets.size());
}

}  // namespace raddle::load
