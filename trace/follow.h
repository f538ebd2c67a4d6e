// SPDX-License-Identifier: Apache-2.0
// Follower: the events of a trace that is still written, in the order in which merge() would give
// them.
//
// An event waits until its predecessor on its object has been seen and its time is past, so that
// the order is that of merge() but for events that no order binds and that were written down late.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "trace/chunk_walk.h"
#include "trace/followed_file.h"
#include "trace/merge.h"
#include "trace/merger.h"
#include "trace/reader.h"
#include "trace/result.h"

namespace raddle::trace {

// All members are for one thread. Memory: a chunk for each thread of the program that lives.
class Follower final : public Merger::Source {
 public:
  // As FollowedFile::open().
  static Result<std::unique_ptr<Follower>> open(const std::filesystem::path& path);

  // What the records refer to; it grows with them.
  const Reader& reader() const { return reader_; }
  const FollowedFile& file() const { return *file_; }

  // The visitor outlives the follower. Before step(), once.
  void begin(Visitor& visitor) { merger_ = std::make_unique<Merger>(reader_, visitor, *this); }
  // Visits what can be visited by now. Whether there was anything new.
  bool step();
  // Nobody writes any more: visits all that is left, over gaps. Once.
  MergeStats finish();
  // The merger's.
  bool refill(std::size_t index, Cursor& cursor) override;

 private:
  using Sight = FollowedFile::Sight;
  static constexpr std::size_t kNoIndex = ~std::size_t{0};
  struct Stream {
    StreamView view;  // the current chunk, as far as it can be visited
    std::unique_ptr<std::uint64_t[]> words;
    ChunkWalk walk;
    std::size_t index = kNoIndex;   // of the merger; none while nothing is there
    std::uint32_t next_number = 0;  // of the chunk behind the current one
    bool is_complete = true;        // all of the current chunk is there
    bool is_entered = true;         // its cursor knows the current chunk
    bool is_idle = false;           // its cursor is at the end
    bool has_open = false;          // of the last look
    Sight open;
    std::map<std::uint32_t, Sight> sealed;  // by number; not taken yet
  };

  explicit Follower(std::unique_ptr<FollowedFile> file);
  void look();
  bool extend(Stream& stream);
  bool begin_chunk(Stream& stream);
  bool take_sealed(Stream& stream, Sight sight);
  bool take_open(Stream& stream);
  void show(Stream& stream, std::size_t end);
  void wake(Stream& stream);
  void release(Stream& stream);
  void update_header();

  std::unique_ptr<FollowedFile> file_;
  FileHeader header_;
  Reader reader_;
  std::unique_ptr<Merger> merger_;
  std::map<std::uint32_t, Stream> streams_;  // by number
  std::vector<Stream*> touched_;             // by the last look
  std::vector<Stream*> by_index_;            // of the merger; null: free
  std::vector<std::size_t> free_;
  std::vector<std::unique_ptr<std::uint64_t[]>> spare_;
  std::uint64_t slack_ticks_ = 0;
  bool is_over_ = false;
};

}  // namespace raddle::trace
