// SPDX-License-Identifier: Apache-2.0
// Writing to a file that may reach the end of its disk or of what the process may write: each
// answers with an errno, 0 for none, and never with a signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace raddle::record {

// Room on disk for the bytes from `from` to `to`. A file system that cannot reserve answers 0.
int reserve_on_disk(int fd, std::uint64_t from, std::uint64_t to) noexcept;

// The contrary, of a range that nobody needs: it reads as zeros then. A file system that cannot do
// that keeps it as it is.
void free_on_disk(int fd, std::uint64_t offset, std::uint64_t bytes) noexcept;

// A new file at `path`, or if there is one, at the path with the process' number behind it, or that
// and another number. Returns a descriptor, and in `made` which path it is; -1 with errno: none.
int create_file(const char* path, std::span<char> made) noexcept;

// All of the bytes, at `offset`.
int write_at(int fd, std::uint64_t offset, const void* data, std::size_t bytes) noexcept;

// Makes the pages of a range present, in the kernel's memory, and where the file system cannot
// reserve also on disk. Pages that were written cost a quarter of those first met through a
// mapping.
int write_zeros(int fd, std::uint64_t from, std::uint64_t to) noexcept;

}  // namespace raddle::record
