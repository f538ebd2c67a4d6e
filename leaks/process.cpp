// SPDX-License-Identifier: Apache-2.0
#include "leaks/process.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace raddle::leaks {
namespace {

namespace fs = std::filesystem;

std::string folder_of(pid_t pid) { return "/proc/" + std::to_string(pid); }

#if defined(__x86_64__)
constexpr std::size_t kStackPointer = 19;  // user_regs_struct::rsp
#elif defined(__aarch64__)
constexpr std::size_t kStackPointer = 31;  // user_pt_regs::sp
#else
constexpr std::size_t kStackPointer = SIZE_MAX;  // not known
#endif

void read_registers(Thread& thread) {
  std::uint64_t words[64] = {};
  iovec place = {words, sizeof words};
  if (::ptrace(PTRACE_GETREGSET, thread.id, reinterpret_cast<void*>(NT_PRSTATUS), &place) != 0)
    return;
  thread.registers.assign(words, words + place.iov_len / sizeof *words);
  if (kStackPointer < thread.registers.size()) {
    thread.stack_pointer = thread.registers[kStackPointer];
  }
}

}  // namespace

Result<std::unique_ptr<Process>> Process::stop(pid_t pid) {
  if (kStackPointer == SIZE_MAX) return Error{"a search for leaks knows x86-64 and aarch64 only"};
  std::unique_ptr<Process> process(new Process(pid));
  std::string why;
  if (!process->stop_all(why)) {
    return Error{"process " + std::to_string(pid) + " cannot be looked at: " + why};
  }
  process->read_regions();
  return process;
}

bool Process::stop_thread(pid_t id) {
  if (::ptrace(PTRACE_SEIZE, id, nullptr, nullptr) != 0) return false;
  ::ptrace(PTRACE_INTERRUPT, id, nullptr, nullptr);
  int status = 0;
  if (::waitpid(id, &status, __WALL) != id || !WIFSTOPPED(status)) return true;  // it has ended
  Thread thread;
  thread.id = id;
  if (status >> 16 != PTRACE_EVENT_STOP) thread.signal = WSTOPSIG(status);
  read_registers(thread);
  threads_.push_back(std::move(thread));
  return true;
}

// Threads may start others until they are stopped: until a look finds no new one.
bool Process::stop_all(std::string& why) {
  const fs::path tasks = folder_of(pid_) + "/task";
  for (bool is_new = true; is_new;) {
    is_new = false;
    std::error_code error;
    for (fs::directory_iterator entry(tasks, error), end; !error && entry != end;
         entry.increment(error)) {
      const auto id =
          static_cast<pid_t>(std::strtol(entry->path().filename().c_str(), nullptr, 10));
      if (std::ranges::any_of(threads_, [id](const Thread& thread) { return thread.id == id; }))
        continue;
      if (stop_thread(id)) {
        is_new = true;
        continue;
      }
      if (errno == ESRCH) continue;
      why = std::strerror(errno);
      if (errno == EPERM) {
        why +=
            "; it must be yours, no other debugger may hold it, and where "
            "/proc/sys/kernel/yama/ptrace_scope is not 0, root has to ask";
      }
      return false;
    }
    if (error) {
      why = "there is no such process";
      return false;
    }
  }
  if (threads_.empty()) why = "it has no threads any more";
  return !threads_.empty();
}

void Process::let_go() {
  if (!is_stopped_) return;
  is_stopped_ = false;
  for (const Thread& thread : threads_) {
    ::ptrace(PTRACE_DETACH, thread.id, nullptr,
             reinterpret_cast<void*>(std::intptr_t{thread.signal}));
  }
}

void Process::read_regions() {
  std::ifstream maps(folder_of(pid_) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    Region region;
    char flags[8] = {};
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %7s %lx %*s %*s %n", &region.low, &region.high, flags,
                    &region.offset, &path_at) < 4) {
      continue;
    }
    region.is_readable = flags[0] == 'r';
    region.is_writable = flags[1] == 'w';
    region.is_executable = flags[2] == 'x';
    region.is_shared = flags[3] == 's';
    if (path_at > 0) region.file = line.substr(static_cast<std::size_t>(path_at));
    regions_.push_back(std::move(region));
  }
}

const Region* Process::region_of(std::uint64_t address) const {
  auto after = std::ranges::upper_bound(regions_, address, {}, &Region::low);
  if (after == regions_.begin()) return nullptr;
  --after;
  return after->contains(address) ? &*after : nullptr;
}

// Piece by piece: one that is not there fails a whole call.
bool Process::read(std::uint64_t address, void* to, std::size_t bytes) const {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  bool is_all = true;
  for (std::size_t at = 0; at < bytes;) {
    const std::size_t piece = std::min(bytes - at, kPiece);
    char* place = static_cast<char*>(to) + at;
    iovec local = {place, piece};
    iovec remote = {reinterpret_cast<void*>(address + at), piece};
    const ssize_t done = ::process_vm_readv(pid_, &local, 1, &remote, 1, 0);
    std::size_t got = done > 0 ? static_cast<std::size_t>(done) : 0;
    if (got < piece) {  // up to the next page
      is_all = false;
      const std::size_t skipped = std::min(piece, got + 4096 - (address + at + got) % 4096) - got;
      std::memset(place + got, 0, skipped);
      got += skipped;
    }
    at += got;
  }
  return is_all;
}

std::string Process::text(std::uint64_t address, std::size_t most) const {
  std::string text(most, '\0');
  const std::size_t in_page = 4096 - address % 4096;
  read(address, text.data(), std::min(most, in_page));
  if (text.find('\0') >= in_page && most > in_page) read(address, text.data(), most);
  text.resize(std::min(text.find('\0'), most));
  return text;
}

std::vector<bool> Process::touched_pages(const Range& range) const {
  const int file = ::open((folder_of(pid_) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::vector<std::uint64_t> entries((range.high - range.low) / 4096);
  const std::size_t bytes = entries.size() * sizeof(std::uint64_t);
  const auto offset = static_cast<off_t>(range.low / 4096 * sizeof(std::uint64_t));
  const ssize_t got = ::pread(file, entries.data(), bytes, offset);
  ::close(file);
  if (got != static_cast<ssize_t>(bytes)) return {};
  std::vector<bool> touched(entries.size());
  constexpr std::uint64_t kPresentOrSwapped = std::uint64_t{3} << 62;  // pagemap(5)
  for (std::size_t i = 0; i < entries.size(); ++i)
    touched[i] = (entries[i] & kPresentOrSwapped) != 0;
  return touched;
}

}  // namespace raddle::leaks
