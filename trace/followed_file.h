// SPDX-License-Identifier: Apache-2.0
// FollowedFile: chunks of a trace that another process is writing.
//
// The recorder fills an open chunk in place, copies it to another place when it is full, and
// empties the first (docs/trace-format.md). Both can be seen at once, or the emptying half done:
// what is taken from an open chunk counts only if its header still says the same afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "trace/control.h"
#include "trace/cut.h"
#include "trace/format.h"
#include "trace/result.h"

namespace raddle::trace {

// All members are for one thread.
class FollowedFile {
 public:
  // Where a chunk is, and what of it.
  struct Sight {
    std::uint64_t place = 0;
    std::uint32_t stream = 0;
    std::uint32_t number = 0;
    bool is_sealed = false;
  };

  // Fails, for the user, if the file is no trace, has a bound that waits for nobody, or is followed
  // by another process already.
  static Result<std::unique_ptr<FollowedFile>> open(const std::filesystem::path& path);
  FollowedFile(const FollowedFile&) = delete;
  FollowedFile& operator=(const FollowedFile&) = delete;
  ~FollowedFile();

  // The recorder's own: fields may change at any time.
  const FileHeader& header() const { return *header_; }
  const Control& control() const;
  std::uint64_t inode() const { return inode_; }
  std::size_t chunk_words() const { return chunk_bytes_ / 8; }

  // The chunks that are there and have not been taken, in the order of their places. Valid until
  // the next call.
  std::span<const Sight> look();

  // Copies the records of a sealed chunk to `words`, which has room for chunk_words(); returns how
  // many words they are, and the task with which it begins. Less than 0: the copy is not whole, or
  // the chunk is damaged.
  std::ptrdiff_t take_sealed(const Sight& sight, std::uint64_t* words, std::uint32_t& task);
  // Copies what an open chunk has from the word `walked` on, which is the beginning of a record or
  // of none yet; and if there is an event, or `is_over`, what it has from `final` on, before that.
  // Returns where it ends. Less than 0: it is open no more.
  std::ptrdiff_t take_open(const Sight& sight, std::uint64_t* words, std::size_t final,
                           std::size_t walked, bool is_over, std::uint32_t& task) const;
  // The chunk is not needed any more: its place may be used again.
  void give_back(const Sight& sight);
  // Says in the file that something was found, for the program's exit status.
  void mark_findings() const;

 private:
  FollowedFile() = default;
  const ChunkHeader* chunk(std::uint64_t place) const;
  const Cut& cut() const;
  bool look_at(std::uint64_t place, Sight& sight) const;

  int fd_ = -1;
  const std::byte* data_ = nullptr;
  const FileHeader* header_ = nullptr;
  std::size_t header_bytes_ = 0;
  std::size_t chunk_bytes_ = 0;
  std::uint64_t inode_ = 0;
  bool gives_back_ = false;
  std::vector<Sight> sights_;
  std::uint64_t first_untaken_ = 0;  // without a bound no place is used again
  // By place. With a bound until the recorder gives one up: then it may be used again.
  std::vector<bool> is_taken_;
  std::uint64_t given_up_bytes_ = 0;  // of the last look
};

}  // namespace raddle::trace
