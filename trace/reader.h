// SPDX-License-Identifier: Apache-2.0
// Opens a trace: checks it, keeps every whole record, and knows what the records refer to. merge.h
// gives its events in order.
#pragma once

#include <bitset>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "trace/control.h"
#include "trace/cut.h"
#include "trace/event.h"
#include "trace/format.h"
#include "trace/mapped_file.h"
#include "trace/result.h"

namespace raddle::trace {

class ScanAhead;
struct ChunkScan;

// A place in the source, as the compiler's pass saw it.
struct Site {
  StringId file = 0, function = 0, variable = 0;  // function is mangled
  std::uint32_t line = 0, column = 0;
  SiteId inlined_at = 0;  // the call that the compiler inlined here
};

// A name that the program gave to an object (address) or a task (id).
struct Name {
  ObjectType type{};
  std::uint64_t object = 0;
  StringId text = 0;
};

// A loaded program or library.
struct Module {
  std::uint64_t address = 0, bytes = 0;
  StringId path = 0, build_id = 0;
};

// What was unreadable.
struct Losses {
  std::uint64_t bytes = 0;
  std::uint64_t unknown_records = 0;  // of a newer version: skipped
  std::vector<std::string> notes;     // what and where; at most kMostNotes
  static constexpr std::size_t kMostNotes = 20;
};

// A stretch of whole records of one stream.
struct ChunkView {
  std::uint32_t number = 0;
  TaskId task = 0;  // the stream's task when the chunk begins
  std::span<const std::uint64_t> words;
};
struct StreamView {
  std::uint32_t id = 0;
  std::vector<ChunkView> chunks;  // by number
};

// What is wrong with the first bytes of a file, for the user; empty: it begins as a trace does.
std::string fault_of_header(const std::byte* data, std::size_t size_bytes);

// Movable; the views it gives live as long as it does. Reading is thread-safe.
class Reader {
 public:
  // Fails with a message for the user when the file cannot be opened, is empty, is not a trace, is
  // cut within its header or has another version. Damage further on is no failure: see losses().
  // With more than one thread, a large file is looked at from both ends.
  static Result<Reader> open(const std::filesystem::path& path, unsigned threads = 1);
  // What is read besides events, accesses and the numbers of stacks.
  enum class Definitions : std::uint8_t { kAll, kNone };
  // The same of a file that is open already.
  static Result<Reader> of(std::shared_ptr<const MappedFile> file,
                           Definitions definitions = Definitions::kAll);

  // The file holds another run of the process that has written the one before: reads it anew.
  // Numbers of stacks stay. With Definitions::kNone, and of a trace without a bound on its size.
  void read_again();

  // Of a trace that is still written, without streams: it learns what learn() and lose() say.
  // `header` is this side's copy, which the caller keeps up to date, `control` the recorder's own;
  // both outlive the reader.
  static Reader of_growing(const FileHeader& header, const Control& control);
  // Copies a whole definition record.
  void learn(const std::uint64_t* record, std::size_t words);
  void lose(std::uint64_t bytes, std::string note);

  const std::shared_ptr<const MappedFile>& file() const { return file_; }  // null: it is growing
  const FileHeader& header() const { return *header_; }
  // At some time a thread did not record its accesses (control.h).
  bool misses_accesses() const;
  // What was given up for a bound on the trace's size; null: nothing.
  const Cut* cut() const { return cut_; }
  // By domain; empty: nothing was.
  std::span<const std::uint32_t> counts_at_cut() const;
  const Losses& losses() const { return losses_; }
  // Which kinds of events there are, by code.
  const std::bitset<256>& kinds() const { return kinds_; }
  std::uint64_t event_count() const { return events_; }
  // Of all records.
  std::uint64_t word_count() const { return words_; }
  std::span<const StreamView> streams() const { return streams_; }

  // Since the start of the run.
  std::int64_t time_ns(std::uint64_t ticks) const {
    const double rate = file_ != nullptr ? ns_per_tick_ : ns_per_tick_of(*header_);
    if (ticks <= header_->ticks0 || rate == 0) return 0;
    const double ns = static_cast<double>(ticks - header_->ticks0) * rate;
    constexpr double kMost = 9.2e18;
    return ns < kMost ? static_cast<std::int64_t>(ns) : 0;
  }
  // Ticks that are not before any of that time: time_ns() of the next ones is later.
  std::uint64_t ticks_behind(std::int64_t time_ns) const {
    const double rate = file_ != nullptr ? ns_per_tick_ : ns_per_tick_of(*header_);
    const double ticks = rate == 0 ? 0 : (static_cast<double>(time_ns) + 1) / rate + 1;
    constexpr double kMost = 9.2e18;
    if (rate == 0 || ticks >= kMost) return ~std::uint64_t{0};
    return header_->ticks0 + static_cast<std::uint64_t>(ticks);
  }
  // Whoever has read a chunk says so: of a large trace only what is being read stays in memory.
  void leave(std::span<const std::uint64_t> words) const {
    if (file_ == nullptr || size_bytes_ < kLargeBytes || holds_what_changes_) return;
    file_->let_go(std::as_bytes(words));
  }
  // Of a word of a chunk, in bytes from the beginning of the file; 0 if the file is growing.
  std::uint64_t offset_of(const std::uint64_t* word) const {
    if (file_ == nullptr) return 0;
    return static_cast<std::uint64_t>(reinterpret_cast<const std::byte*>(word) -
                                      file_->bytes().data());
  }

  std::string_view string(StringId id) const;                               // empty if unknown
  const Site& site(SiteId id) const;                                        // all zero if unknown
  SiteId site_limit() const { return static_cast<SiteId>(sites_.size()); }  // ids are below
  StackId stack_of(std::uint64_t context) const;                            // 0 if unknown
  std::size_t stack_count() const { return stacks_.size(); }                // ids are below it
  std::span<const std::uint64_t> frames(StackId id) const;  // format.h: kStack; innermost first
  std::span<const Name> names() const { return names_; }
  std::span<const Module> modules() const { return modules_; }

 private:
  static constexpr std::size_t kLargeBytes = std::size_t{64} << 20;

  std::uint64_t offset_of(std::uint64_t chunk) const {
    return header_->header_bytes + chunk * chunk_bytes_;
  }
  Reader() = default;
  static Result<Reader> of(std::shared_ptr<const MappedFile> file, Definitions definitions,
                           bool holds_what_changes, unsigned threads);
  // 0: the header does not say.
  static double ns_per_tick_of(const FileHeader& header) {
    if (header.ticks1 <= header.ticks0) return 0;
    return static_cast<double>(header.elapsed1_ns) /
           static_cast<double>(header.ticks1 - header.ticks0);
  }
  void scan(unsigned threads);
  void scan_chunk(std::uint64_t index, ScanAhead* ahead);
  void add_chunk(const ChunkHeader& chunk, const ChunkScan& scan);
  bool has_saved_definitions(std::uint64_t index) const;
  bool is_never_used(std::uint64_t index, const ChunkHeader& chunk,
                     std::size_t available_bytes) const;
  bool is_finished() const {
    return header_->end_reason != static_cast<std::uint32_t>(EndReason::kUnknown);
  }
  bool may_change(const ChunkHeader& chunk) const;
  bool is_intact(std::uint64_t index, const ChunkHeader& chunk, std::size_t available_bytes);
  std::size_t known_words(std::span<const std::uint64_t> words) const;
  void note_end(std::uint64_t index, const ChunkHeader& chunk, std::size_t position,
                std::size_t limit_words);
  ChunkScan walk(std::uint64_t index, const ChunkHeader& chunk, std::size_t limit_words);
  void define(const std::uint64_t* record, std::size_t words);
  void define_string(std::uint64_t id, const std::uint64_t* record, std::size_t words);
  void define_stack(const std::uint64_t* record, std::size_t words);
  bool is_known_stack(const std::uint64_t* record) const;

  std::shared_ptr<const MappedFile> file_;  // null: it is growing
  const std::byte* data_ = nullptr;         // the file's
  std::size_t size_bytes_ = 0;
  const FileHeader* header_ = nullptr;
  const Control* control_ = nullptr;
  double ns_per_tick_ = 0;  // of a file, when it was read
  const Cut* cut_ = nullptr;
  std::size_t chunk_bytes_ = kChunkBytes;
  bool holds_what_changes_ = false;  // the file was unfinished, and is this reader's own
  Definitions definitions_ = Definitions::kAll;
  Losses losses_;
  std::bitset<256> kinds_;
  std::uint64_t events_ = 0;
  std::uint64_t words_ = 0;
  std::vector<StreamView> streams_;
  std::unordered_map<std::uint32_t, std::size_t> stream_index_;
  std::vector<std::string_view> strings_;
  std::vector<Site> sites_;
  std::vector<std::span<const std::uint64_t>> stacks_;
  std::unordered_map<std::uint64_t, StackId> stack_index_;
  // With Definitions::kNone: with what the first chunk began. A process says so of all of its runs.
  std::vector<std::uint64_t> known_;
  std::vector<Name> names_;
  std::vector<Module> modules_;
  std::vector<std::unique_ptr<std::uint64_t[]>> learnt_;  // what strings and stacks lie in
  std::size_t learnt_words_ = kLearntWords;               // of the last of them, in use
  static constexpr std::size_t kLearntWords = 8192;
};

}  // namespace raddle::trace
