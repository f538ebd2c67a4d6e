// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/policy/schedule_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "runtime/record/program_fingerprint.h"
#include "runtime/record/say.h"
#include "runtime/record/system_calls.h"

namespace raddle::sched {

namespace {

// Room for a million decisions, sparse on disk until used.
constexpr std::size_t kMostBytes = sizeof(trace::ScheduleHeader) + (std::size_t{8} << 20);

[[noreturn]] void refuse(std::string_view what, const char* path, std::string_view why) noexcept {
  record::say({"raddle: ", what, " the schedule ", path, ": ", why});
  ::_exit(2);
}

}  // namespace

void ScheduleFile::map(int fd, std::size_t bytes, bool is_writable, const char* path) noexcept {
  const int protection = is_writable ? PROT_READ | PROT_WRITE : PROT_READ;
  void* memory = ::mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) refuse("cannot map", path, ::strerrordesc_np(errno));
  fd_ = fd;
  bytes_ = bytes;
  header_ = static_cast<trace::ScheduleHeader*>(memory);
  decisions_ = reinterpret_cast<trace::Decision*>(header_ + 1);
}

void ScheduleFile::create(const char* path, const Terms& terms) noexcept {
  const int fd = record::open_file(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || ::ftruncate(fd, kMostBytes) != 0) {
    refuse("cannot write", path, ::strerrordesc_np(errno));
  }
  map(fd, kMostBytes, true, path);
  header_->version = trace::kScheduleVersion;
  header_->program = record::program_fingerprint();
  begin_again(terms);
  header_->magic = trace::kScheduleMagic;
}

void ScheduleFile::begin_again(const Terms& terms) noexcept {
  is_inexact_ = false;
  header_->count = header_->is_inexact = 0;
  header_->seed = terms.seed;
  header_->accesses = terms.has_accesses ? 1 : 0;
  header_->rounds = terms.rounds;
}

void ScheduleFile::close() noexcept {
  if (header_ == nullptr) return;
  ::munmap(header_, bytes_);
  ::close(fd_);
  *this = ScheduleFile();
}

void ScheduleFile::open(const char* path) noexcept {
  const int fd = record::open_file(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) refuse("cannot read", path, ::strerrordesc_np(errno));
  struct stat status{};
  ::fstat(fd, &status);
  const auto bytes = static_cast<std::size_t>(status.st_size);
  if (bytes < sizeof(trace::ScheduleHeader)) refuse("cannot read", path, "it is no schedule");
  map(fd, bytes, false, path);
  const bool is_ours = header_->magic == trace::kScheduleMagic &&
                       header_->version == trace::kScheduleVersion &&
                       header_->count <= (bytes - sizeof *header_) / sizeof *decisions_;
  if (!is_ours)
    refuse("cannot read", path,
           "it is no schedule, or one of another version of raddle; explore the program again");
  if (header_->program != record::program_fingerprint()) {
    refuse("cannot replay", path,
           "it is of another program, or of another build of it; explore this build again");
  }
}

// The number last: what is there without it does not count.
void ScheduleFile::append(const trace::Decision& decision) noexcept {
  if (header_ == nullptr) return;
  if ((header_->count + 1) * sizeof decision + sizeof *header_ > bytes_) return mark_inexact();
  decisions_[header_->count] = decision;
  asm volatile("" ::: "memory");
  ++header_->count;
}

void ScheduleFile::mark_inexact() noexcept {
  is_inexact_ = true;
  if (header_ != nullptr) header_->is_inexact = 1;
}

}  // namespace raddle::sched
