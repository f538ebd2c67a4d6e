// SPDX-License-Identifier: Apache-2.0
#include "trace/followed_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include "trace/checksum.h"
#include "trace/reader.h"
#include "trace/records.h"

namespace raddle::trace {
namespace {

constexpr std::size_t kMappedBytes = std::size_t{1} << 38;  // of addresses, whatever the file has
constexpr std::size_t kChunkHeaderWords = sizeof(ChunkHeader) / 8;

// Acquire: whoever sees a record's first word, or that a chunk is none or another one now, sees
// what the recorder stored before it.
template <typename T>
T load(const T& field) {
  return __atomic_load_n(&field, __ATOMIC_ACQUIRE);
}

bool is_same_open(const ChunkHeader& chunk, const FollowedFile::Sight& sight) {
  // What was copied before stays before: these loads must not be done earlier.
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return load(chunk.magic) == kChunkMagic && load(chunk.stream) == sight.stream &&
         load(chunk.number) == sight.number && load(chunk.used_bytes) == 0;
}

}  // namespace

Result<std::unique_ptr<FollowedFile>> FollowedFile::open(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& what) { return Error{path.string() + ": " + what}; };
  std::unique_ptr<FollowedFile> file(new FollowedFile);
  file->fd_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file->fd_ < 0) file->fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file->fd_ < 0) return fail(std::strerror(errno));
  struct stat status{};
  if (::fstat(file->fd_, &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail("not a regular file; a trace is what `raddle run` writes");
  }
  file->inode_ = status.st_ino;
  std::vector<std::byte> first(
      std::min<std::size_t>(static_cast<std::size_t>(status.st_size), kHeaderBytesWithCut));
  if (::pread(file->fd_, first.data(), first.size(), 0) != static_cast<ssize_t>(first.size())) {
    return fail("cannot be read");
  }
  if (const std::string fault = fault_of_header(first.data(), first.size()); !fault.empty()) {
    return fail(fault);
  }
  void* data = ::mmap(nullptr, kMappedBytes, PROT_READ, MAP_SHARED | MAP_NORESERVE, file->fd_, 0);
  if (data == MAP_FAILED) return fail(std::strerror(errno));
  file->data_ = static_cast<const std::byte*>(data);
  file->header_ = reinterpret_cast<const FileHeader*>(file->data_);
  file->header_bytes_ = file->header_->header_bytes;
  file->chunk_bytes_ = file->header_->chunk_bytes;
  if (file->header_bytes_ == kPageBytes)
    return Result<std::unique_ptr<FollowedFile>>(std::move(file));
  file->gives_back_ = true;
  if (load(file->cut().is_followed) == 0) {
    return fail(
        "has a trace_limit: what is given up could not be read in time; start the program "
        "with RADDLE_OPTIONS=check=online");
  }
  if (::flock(file->fd_, LOCK_EX | LOCK_NB) != 0) {
    return fail("another process follows it already");
  }
  return Result<std::unique_ptr<FollowedFile>>(std::move(file));
}

FollowedFile::~FollowedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), kMappedBytes);
  if (fd_ >= 0) ::close(fd_);
}

const Control& FollowedFile::control() const {
  return *reinterpret_cast<const Control*>(data_ + kControlOffset);
}

const Cut& FollowedFile::cut() const { return *reinterpret_cast<const Cut*>(data_ + kPageBytes); }

const ChunkHeader* FollowedFile::chunk(std::uint64_t place) const {
  return reinterpret_cast<const ChunkHeader*>(data_ + header_bytes_ + place * chunk_bytes_);
}

bool FollowedFile::look_at(std::uint64_t place, Sight& sight) const {
  const ChunkHeader& there = *chunk(place);
  if (load(there.magic) != kChunkMagic) return false;
  const std::uint64_t used_bytes = load(there.used_bytes);
  sight = {place, load(there.stream), load(there.number), used_bytes != 0};
  if (sight.stream == 0 && gives_back_) return false;  // it was read in its own place before
  // One without records may be about to be emptied.
  const bool is_none = used_bytes == sizeof there || load(there.place) == kReadPlace;
  return load(there.magic) == kChunkMagic && !(sight.is_sealed && is_none);
}

std::span<const FollowedFile::Sight> FollowedFile::look() {
  sights_.clear();
  const std::uint64_t most = (kMappedBytes - header_bytes_) / chunk_bytes_;
  const std::uint64_t count = std::min(load(header_->chunk_count), most);
  is_taken_.resize(std::max<std::size_t>(is_taken_.size(), count));
  if (gives_back_ && load(cut().given_up_bytes) != given_up_bytes_) {
    given_up_bytes_ = load(cut().given_up_bytes);
    is_taken_.assign(is_taken_.size(), false);
    first_untaken_ = 0;
  }
  while (first_untaken_ < count && is_taken_[first_untaken_]) ++first_untaken_;
  for (std::uint64_t place = first_untaken_; place < count; ++place) {
    Sight sight;
    if (is_taken_[place]) continue;
    if (look_at(place, sight)) sights_.push_back(sight);
  }
  return sights_;
}

std::ptrdiff_t FollowedFile::take_sealed(const Sight& sight, std::uint64_t* words,
                                         std::uint32_t& task) {
  ChunkHeader header;
  const ChunkHeader& there = *chunk(sight.place);
  std::memcpy(&header, &there, sizeof header);
  if (header.magic != kChunkMagic || header.stream != sight.stream ||
      header.number != sight.number || header.used_bytes < sizeof header ||
      header.used_bytes > chunk_bytes_) {
    return -1;
  }
  const std::uint64_t bytes = header.used_bytes - sizeof header;
  std::memcpy(words, &there + 1, bytes);
  if (checksum_of(header, words, bytes) != header.checksum) return -1;
  task = header.task;
  return static_cast<std::ptrdiff_t>(bytes / 8);
}

std::ptrdiff_t FollowedFile::take_open(const Sight& sight, std::uint64_t* words, std::size_t final,
                                       std::size_t walked, bool is_over,
                                       std::uint32_t& task) const {
  const ChunkHeader& there = *chunk(sight.place);
  const auto* live = reinterpret_cast<const std::uint64_t*>(&there + 1);
  const std::size_t limit = chunk_words() - kChunkHeaderWords;
  std::size_t end = walked;
  bool has_event = is_over;
  while (end < limit) {
    const std::uint64_t head = load(live[end]);
    if (head == 0) break;
    const RecordShape shape = shape_of(head);
    if (shape.words == 0 || end + shape.words > limit) break;
    has_event = has_event || shape.record_class == RecordClass::kEvent ||
                shape.record_class == RecordClass::kCompactEvent;
    end += shape.words;
  }
  for (std::size_t i = has_event ? final : walked; i < end; ++i)
    words[i] = __atomic_load_n(&live[i], __ATOMIC_RELAXED);
  task = load(there.task);
  return is_same_open(there, sight) ? static_cast<std::ptrdiff_t>(end) : -1;
}

void FollowedFile::give_back(const Sight& sight) {
  is_taken_[sight.place] = true;
  if (!gives_back_) return;
  const std::uint64_t offset =
      header_bytes_ + sight.place * chunk_bytes_ + offsetof(ChunkHeader, place);
  // A recorder that does not learn of it waits its time, and goes on.
  [[maybe_unused]] const ssize_t done =
      ::pwrite(fd_, &kReadPlace, sizeof kReadPlace, static_cast<off_t>(offset));
}

void FollowedFile::mark_findings() const {
  if (!gives_back_) return;
  constexpr std::uint64_t kYes = 1;
  // If it cannot be said, the checker's own status says it, unless it is killed.
  [[maybe_unused]] const ssize_t done =
      ::pwrite(fd_, &kYes, sizeof kYes, kPageBytes + offsetof(Cut, has_findings));
}

}  // namespace raddle::trace
