// SPDX-License-Identifier: Apache-2.0
// MappedFile: a regular file in memory, to be read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>

#include "trace/result.h"

namespace raddle::trace {

// What others write to the file while it is mapped shows. Reading is thread-safe.
class MappedFile {
 public:
  // Fails if there is no regular file at `path`, or it cannot be mapped; says which.
  static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }
  // Gives the memory of a part back, which will hardly be read soon; it can be.
  void let_go(std::span<const std::byte> part) const;
  // What others write to these pages from now on does not show: they are a copy, which stays in
  // memory. False, and nothing is done, if its first `head_bytes` changed while it was made. For
  // one thread, before others read.
  bool hold(std::span<const std::byte> part, std::size_t head_bytes) const;

 private:
  explicit MappedFile(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
  std::span<const std::byte> bytes_;
};

}  // namespace raddle::trace
