// SPDX-License-Identifier: Apache-2.0
#include "trace/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace raddle::trace {
namespace {

struct Closing {
  int fd;
  ~Closing() { ::close(fd); }
};

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& what) { return Error{path.string() + ": " + what}; };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(std::strerror(errno));
  const Closing closing{fd};
  struct stat status{};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return fail("not a regular file");
  std::shared_ptr<MappedFile> file(new MappedFile(path));
  if (status.st_size == 0) return std::shared_ptr<const MappedFile>(std::move(file));
  const auto size_bytes = static_cast<std::size_t>(status.st_size);
  void* data = ::mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) return fail(std::strerror(errno));
  file->bytes_ = {static_cast<const std::byte*>(data), size_bytes};
  return std::shared_ptr<const MappedFile>(std::move(file));
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::let_go(std::span<const std::byte> part) const {
  constexpr std::uintptr_t kPageMask = 4095;  // the least; where pages are larger, it is not taken
  const auto begin = (reinterpret_cast<std::uintptr_t>(part.data()) + kPageMask) & ~kPageMask;
  const auto end = reinterpret_cast<std::uintptr_t>(part.data() + part.size()) & ~kPageMask;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

bool MappedFile::hold(std::span<const std::byte> part, std::size_t head_bytes) const {
  void* copy =
      ::mmap(nullptr, part.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) return true;  // without memory it goes on as before
  std::memcpy(copy, part.data(), part.size());
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (std::memcmp(copy, part.data(), head_bytes) != 0) {
    ::munmap(copy, part.size());
    return false;
  }
  void* place = const_cast<std::byte*>(part.data());
  if (::mremap(copy, part.size(), part.size(), MREMAP_MAYMOVE | MREMAP_FIXED, place) == MAP_FAILED)
    ::munmap(copy, part.size());
  return true;
}

}  // namespace raddle::trace
