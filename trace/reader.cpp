// SPDX-License-Identifier: Apache-2.0
#include "trace/reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "trace/checksum.h"
#include "trace/chunk_scan.h"
#include "trace/control.h"
#include "trace/records.h"
#include "trace/scan_ahead.h"

namespace raddle::trace {
namespace {

constexpr std::size_t kChunkHeaderWords = sizeof(ChunkHeader) / 8;
constexpr std::size_t kWorthThread = std::size_t{8} << 20;  // bytes of a file

Error error(const std::filesystem::path& path, const std::string& what) {
  return Error{path.string() + ": " + what};
}

std::uint32_t low_half(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
std::uint32_t high_half(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }

std::string at(std::uint64_t chunk, std::uint64_t offset) {
  return "chunk " + std::to_string(chunk) + " (byte " + std::to_string(offset) + ")";
}

bool is_all_zero(std::span<const std::uint64_t> words) {
  return std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; });
}

// Puts the chunks of a stream in order. A process that was killed while it copied a full chunk
// leaves it twice, one of the two maybe emptied already.
void drop_copies(std::vector<ChunkView>& chunks) {
  std::stable_sort(chunks.begin(), chunks.end(), [](const ChunkView& a, const ChunkView& b) {
    return a.number != b.number ? a.number < b.number : a.words.size() > b.words.size();
  });
  const auto is_copy = [](const ChunkView& a, const ChunkView& b) { return a.number == b.number; };
  chunks.erase(std::unique(chunks.begin(), chunks.end(), is_copy), chunks.end());
}

}  // namespace

std::string fault_of_header(const std::byte* data, std::size_t size_bytes) {
  if (std::memcmp(data, kMagic, std::min(sizeof kMagic, size_bytes)) != 0 ||
      size_bytes < sizeof kMagic) {
    return "not a raddle trace; a trace is what `raddle run` writes";
  }
  if (size_bytes < kPageBytes) {
    return "cut within its header (" + std::to_string(size_bytes) + " of " +
           std::to_string(kPageBytes) + " bytes): nothing can be read; record it again";
  }
  FileHeader header;
  std::memcpy(&header, data, sizeof header);
  if (header.version != kFormatVersion) {
    return "written in format version " + std::to_string(header.version) +
           ", and this raddle reads version " + std::to_string(kFormatVersion) +
           "; record it again, or use the raddle that wrote it";
  }
  if (!std::has_single_bit(header.chunk_bytes) || header.chunk_bytes < kLeastChunkBytes ||
      header.chunk_bytes > kMostChunkBytes ||
      (header.header_bytes != kPageBytes && header.header_bytes != kHeaderBytesWithCut)) {
    return "its header is damaged (impossible sizes): nothing can be read; record it again";
  }
  if (size_bytes < header.header_bytes) {
    return "cut before its first chunk: nothing can be read; record it again";
  }
  return {};
}

Result<Reader> Reader::open(const std::filesystem::path& path, unsigned threads) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file.ok()) return Error{file.error() + "; a trace is what `raddle run` writes"};
  return of(std::move(file.value()), Definitions::kAll, true, threads);
}

Result<Reader> Reader::of(std::shared_ptr<const MappedFile> file, Definitions definitions) {
  return of(std::move(file), definitions, false, 1);
}

Result<Reader> Reader::of(std::shared_ptr<const MappedFile> file, Definitions definitions,
                          bool holds_what_changes, unsigned threads) {
  const std::filesystem::path& path = file->path();
  Reader reader;
  reader.data_ = file->bytes().data();
  reader.size_bytes_ = file->bytes().size();
  reader.file_ = file;
  reader.definitions_ = definitions;
  if (reader.size_bytes_ == 0) {
    return error(path, "empty: no trace was written; was the program ended before it began?");
  }
  if (std::string fault = fault_of_header(reader.data_, reader.size_bytes_); !fault.empty()) {
    return error(path, fault);
  }
  reader.header_ = reinterpret_cast<const FileHeader*>(reader.data_);
  reader.control_ = reinterpret_cast<const Control*>(reader.data_ + kControlOffset);
  reader.chunk_bytes_ = reader.header_->chunk_bytes;
  reader.holds_what_changes_ = holds_what_changes && !reader.is_finished();
  if (reader.header_->header_bytes == kHeaderBytesWithCut) {
    const auto* cut = reinterpret_cast<const Cut*>(reader.data_ + kPageBytes);
    if (cut->number != 0) reader.cut_ = cut;
  }
  reader.scan(threads);
  return Result<Reader>(std::move(reader));
}

void Reader::read_again() {
  losses_ = {};
  kinds_.reset();
  events_ = words_ = 0;
  streams_.clear();
  stream_index_.clear();
  scan(1);
}

Reader Reader::of_growing(const FileHeader& header, const Control& control) {
  Reader reader;
  reader.header_ = &header;
  reader.control_ = &control;
  reader.chunk_bytes_ = header.chunk_bytes;
  reader.size_bytes_ = std::size_t{1} << 30;  // what ids are plausible follows from it
  reader.strings_.resize(1);
  reader.sites_.resize(1);
  reader.stacks_.resize(1);
  return reader;
}

void Reader::learn(const std::uint64_t* record, std::size_t words) {
  if (code_of(record[0]) == kStack && is_known_stack(record)) return;
  if (learnt_words_ + words > kLearntWords) {
    learnt_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(kLearntWords));
    learnt_words_ = 0;
  }
  std::uint64_t* copy = learnt_.back().get() + learnt_words_;
  std::copy_n(record, words, copy);
  learnt_words_ += words;
  define(copy, words);
}

bool Reader::is_known_stack(const std::uint64_t* record) const {
  return stack_index_.contains(record[1]);
}

bool Reader::misses_accesses() const { return control_->are_missed != 0; }

std::span<const std::uint32_t> Reader::counts_at_cut() const {
  if (cut_ == nullptr) return {};
  return cut_->counts[cut_->number % 2];
}

void Reader::lose(std::uint64_t bytes, std::string note) {
  losses_.bytes += bytes;
  if (losses_.notes.size() < Losses::kMostNotes) losses_.notes.push_back(std::move(note));
}

void Reader::scan(unsigned threads) {
  ns_per_tick_ = ns_per_tick_of(*header_);
  strings_.resize(1);
  sites_.resize(1);
  if (stacks_.empty()) stacks_.resize(1);
  // What was given up first: of two names, the later one holds.
  for (std::uint64_t i = 0; cut_ != nullptr && offset_of(i) < size_bytes_; ++i) {
    if (has_saved_definitions(i)) scan_chunk(i, nullptr);
  }
  std::optional<ScanAhead> ahead;
  const bool is_whole = is_finished() && cut_ == nullptr;
  if (threads > 1 && is_whole && size_bytes_ >= kWorthThread) {
    ahead.emplace(*file_, header_->header_bytes, chunk_bytes_);
  }
  for (std::uint64_t i = 0; offset_of(i) < size_bytes_; ++i) {
    if (!has_saved_definitions(i)) scan_chunk(i, ahead ? &*ahead : nullptr);
  }
  const std::uint64_t promised = offset_of(header_->chunk_count);
  if (header_->chunk_count < (std::uint64_t{1} << 40) && promised > size_bytes_) {
    lose(promised - size_bytes_, "the file is cut: " + std::to_string(size_bytes_) + " of " +
                                     std::to_string(promised) + " bytes are there");
  }
  for (StreamView& stream : streams_) {
    drop_copies(stream.chunks);
  }
}

bool Reader::has_saved_definitions(std::uint64_t index) const {
  const std::uint64_t offset = offset_of(index);
  if (cut_ == nullptr || size_bytes_ - offset < sizeof(ChunkHeader)) return false;
  const auto& chunk = *reinterpret_cast<const ChunkHeader*>(data_ + offset);
  return chunk.magic == kChunkMagic && chunk.stream == 0;
}

// Whether a chunk without magic is none: reserved on disk and not handed out (a copy may have been
// under way), zeros because its thread was killed at the first step, or given up.
bool Reader::is_never_used(std::uint64_t index, const ChunkHeader& chunk,
                           std::size_t available_bytes) const {
  const bool was_handed_out = index < header_->chunk_count;
  const auto* words = reinterpret_cast<const std::uint64_t*>(&chunk + 1);
  if (cut_ != nullptr || (!was_handed_out && !is_finished())) return true;
  return !(was_handed_out && is_finished()) &&
         is_all_zero({words, (available_bytes - sizeof chunk) / 8});
}

// The recorder goes on: it fills the chunk, empties it and begins another one there; within a bound
// on the trace's size it does so with full ones.
bool Reader::may_change(const ChunkHeader& chunk) const {
  return holds_what_changes_ && (chunk.used_bytes == 0 || cut_ != nullptr);
}

bool Reader::is_intact(std::uint64_t index, const ChunkHeader& chunk, std::size_t available_bytes) {
  if (chunk.magic == 0 && is_never_used(index, chunk, available_bytes)) return false;
  if (chunk.magic != kChunkMagic) {
    lose(available_bytes, at(index, offset_of(index)) + ": not the start of a chunk; skipped");
    return false;
  }
  if (chunk.used_bytes == 0 || chunk.used_bytes > available_bytes) {
    if (chunk.used_bytes <= chunk_bytes_)
      return true;  // unfinished, or cut: what is there is checked record by record
    lose(available_bytes, at(index, offset_of(index)) + ": impossible length; skipped");
    return false;
  }
  const std::uint64_t sum = chunk.used_bytes < sizeof chunk
                                ? ~chunk.checksum
                                : checksum_of(chunk, &chunk + 1, chunk.used_bytes - sizeof chunk);
  if (sum == chunk.checksum) return true;
  lose(available_bytes, at(index, offset_of(index)) + ": checksum differs; skipped");
  return false;
}

void Reader::scan_chunk(std::uint64_t index, ScanAhead* ahead) {
  const std::uint64_t offset = offset_of(index);
  const std::size_t available = std::min<std::size_t>(chunk_bytes_, size_bytes_ - offset);
  if (available < sizeof(ChunkHeader)) {
    lose(available, at(index, offset) + ": cut within its header");
    return;
  }
  const auto& chunk = *reinterpret_cast<const ChunkHeader*>(data_ + offset);
  const ScanAhead::Scanned* scanned = ahead == nullptr ? nullptr : ahead->take(index);
  if (scanned != nullptr) {
    const auto* words = reinterpret_cast<const std::uint64_t*>(&chunk);
    for (const auto& [position, length] : scanned->definitions) define(words + position, length);
    note_end(index, chunk, scanned->scan.words, chunk.used_bytes / 8);
    return add_chunk(chunk, scanned->scan);
  }
  // Its recorder has begun the next one in its place: a copy stands elsewhere, or did not exist
  // when the file was opened.
  if (may_change(chunk) && !file_->hold({data_ + offset, available}, sizeof chunk)) return;
  if (!is_intact(index, chunk, available)) return;
  const std::size_t limit =
      chunk.used_bytes == 0 ? available : std::min<std::size_t>(chunk.used_bytes, available);
  add_chunk(chunk, walk(index, chunk, limit / 8));
  leave({reinterpret_cast<const std::uint64_t*>(&chunk), limit / 8});
}

void Reader::add_chunk(const ChunkHeader& chunk, const ChunkScan& scan) {
  words_ += scan.words;
  events_ += scan.events;
  kinds_ |= scan.kinds;
  losses_.unknown_records += scan.unknown_records;
  const auto [entry, is_new] = stream_index_.try_emplace(chunk.stream, streams_.size());
  if (is_new) streams_.push_back({chunk.stream, {}});
  const auto* begin = reinterpret_cast<const std::uint64_t*>(&chunk);
  streams_[entry->second].chunks.push_back(
      {chunk.number, chunk.task, {begin + kChunkHeaderWords, begin + scan.words}});
}

// How many words are those that known_ says.
std::size_t Reader::known_words(std::span<const std::uint64_t> words) const {
  const bool are_there =
      known_.size() <= words.size() && std::equal(known_.begin(), known_.end(), words.begin());
  return are_there ? known_.size() : 0;
}

// Collects definitions on the way.
ChunkScan Reader::walk(std::uint64_t index, const ChunkHeader& chunk, std::size_t limit_words) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(&chunk);
  std::size_t begin = kChunkHeaderWords;
  if (index == 0) begin += known_words({words + begin, limit_words - begin});
  std::size_t end = begin;  // of the definitions with which it begins
  const ChunkScan scan =
      scan_records(words, begin, limit_words, [&](std::size_t position, std::size_t length) {
        define(words + position, length);
        if (position == end) end += length;
      });
  if (index == 0 && definitions_ == Definitions::kNone) {
    known_.assign(words + kChunkHeaderWords, words + end);
  }
  note_end(index, chunk, scan.words, limit_words);
  return scan;
}

// Whole chunks say how long they are; unfinished ones end with zeros. Behind the end a torn record
// may lie, its first word still zero: no loss that anybody could have avoided.
void Reader::note_end(std::uint64_t index, const ChunkHeader& chunk, std::size_t position,
                      std::size_t limit_words) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(&chunk);
  const std::span<const std::uint64_t> rest(words + position, limit_words - position);
  const bool is_torn =
      !rest.empty() && (chunk.used_bytes != 0 || rest[0] != 0 ||
                        !is_all_zero(rest.subspan(std::min(rest.size(), kMaxRecordWords))));
  if (is_torn) {
    lose(rest.size_bytes(), at(index, offset_of(index) + position * 8) +
                                ": no record here; the rest of the chunk is skipped");
  }
}

void Reader::define(const std::uint64_t* record, std::size_t words) {
  if (definitions_ == Definitions::kNone && code_of(record[0]) != kStack) return;
  const std::uint64_t low = low_of(record[0]);
  // Each id has a record of its own, which the end of a cut file may have held.
  constexpr std::uint64_t kAlwaysPlausible = 1 << 20;
  const bool is_plausible_id =
      low > 0 && low <= std::max<std::uint64_t>(size_bytes_ / 8, kAlwaysPlausible);
  switch (code_of(record[0])) {
    case kString:
      if (is_plausible_id) define_string(low, record, words);
      return;
    case kSite:
      if (!is_plausible_id || words < 4) return;
      if (low >= sites_.size()) sites_.resize(low + 1);
      sites_[low] = {low_half(record[1]), high_half(record[1]), high_half(record[3]),
                     low_half(record[2]), high_half(record[2]), low_half(record[3])};
      return;
    case kStack:
      define_stack(record, words);
      return;
    case kName:
      if (low_half(record[1]) > static_cast<std::uint32_t>(ObjectType::kAddress)) return;
      names_.push_back({static_cast<ObjectType>(low_half(record[1])), low, high_half(record[1])});
      return;
    case kModule:
      if (words >= 3)
        modules_.push_back({low, record[1], low_half(record[2]), high_half(record[2])});
      return;
    default:
      ++losses_.unknown_records;
  }
}

void Reader::define_string(std::uint64_t id, const std::uint64_t* record, std::size_t words) {
  if (record[1] > (words - 2) * 8) return;
  if (id >= strings_.size()) strings_.resize(id + 1);
  strings_[id] = {reinterpret_cast<const char*>(record + 2), record[1]};
}

void Reader::define_stack(const std::uint64_t* record, std::size_t words) {
  if (record[1] == 0) return;  // means: unknown
  const auto id = static_cast<StackId>(stacks_.size());
  if (!stack_index_.try_emplace(record[1], id).second) return;  // each thread writes it once
  stacks_.emplace_back(record + 2, words - 2);
}

std::string_view Reader::string(StringId id) const {
  return id < strings_.size() ? strings_[id] : std::string_view{};
}

const Site& Reader::site(SiteId id) const { return sites_[id < sites_.size() ? id : 0]; }

StackId Reader::stack_of(std::uint64_t context) const {
  const auto found = stack_index_.find(context);
  return found == stack_index_.end() ? 0 : found->second;
}

std::span<const std::uint64_t> Reader::frames(StackId id) const {
  return id < stacks_.size() ? stacks_[id] : std::span<const std::uint64_t>{};
}

}  // namespace raddle::trace
