// SPDX-License-Identifier: Apache-2.0
// A file is another's while that one has it locked, or if it was written since the process began:
// by the program whose place it took (exec), or by a parent that has ended since. An older one is
// that of an earlier run, and is replaced as by any tool.
#include "cli/report_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr int kMostOfOneProcess = 1000;  // programs in each other's place

std::int64_t now_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kNsPerSecond + now.tv_nsec;
}

// Wall clock, not too early; if it is not to be seen, never.
std::int64_t start_of(pid_t process) {
  constexpr int kFieldsBetween = 19;  // from the state to the start, proc(5)
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  const std::size_t end_of_name = text.rfind(") ");
  if (end_of_name == std::string::npos) return std::numeric_limits<std::int64_t>::max();
  std::istringstream fields(text.substr(end_of_name + 2));
  std::string field;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> field;
  std::int64_t ticks = 0;
  fields >> ticks;
  const std::int64_t since_boot_ns = (ticks + 1) * (kNsPerSecond / sysconf(_SC_CLK_TCK));
  return now_ns(CLOCK_REALTIME) - now_ns(CLOCK_BOOTTIME) + since_boot_ns;
}

}  // namespace

std::string with_pid(const std::string& report, std::uint64_t pid) {
  fs::path path(report);
  const std::string extension = path.extension();
  return path.replace_extension("." + std::to_string(pid) + extension).string();
}

ReportFile::~ReportFile() {
  if (fd_ >= 0) ::close(fd_);
}

// EBUSY: it is another's.
bool ReportFile::take_one(const std::string& path, std::int64_t process_start_ns) {
  constexpr mode_t kMode = 0666;
  bool is_new = true;
  int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kMode);
  if (fd < 0 && errno == EEXIST) {
    is_new = false;
    fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  }
  if (fd < 0) return false;
  struct stat status{};
  if (::fstat(fd, &status) == 0 && !S_ISREG(status.st_mode)) {  // a terminal, a pipe: for all
    ::close(fd);
    return true;
  }
  const bool is_locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
  const std::int64_t written_ns = status.st_mtim.tv_sec * kNsPerSecond + status.st_mtim.tv_nsec;
  if ((!is_locked && errno == EWOULDBLOCK) || (!is_new && written_ns >= process_start_ns)) {
    ::close(fd);
    errno = EBUSY;
    return false;
  }
  if (::ftruncate(fd, 0) != 0) {
    ::close(fd);
    return false;
  }
  fd_ = fd;
  return true;
}

std::string ReportFile::take(const std::string& report, pid_t process, bool is_fork) {
  const std::int64_t start_ns = start_of(process);
  if (!is_fork && take_one(report, start_ns)) return report;
  if (!is_fork && errno != EBUSY) return {};
  std::string path = with_pid(report, static_cast<std::uint64_t>(process));
  for (int number = 2; number < kMostOfOneProcess; ++number) {
    if (take_one(path, start_ns)) return path;
    if (errno != EBUSY) return {};
    path = with_pid(with_pid(report, static_cast<std::uint64_t>(process)),
                    static_cast<std::uint64_t>(number));
  }
  return {};
}

}  // namespace raddle::cli
