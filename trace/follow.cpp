// SPDX-License-Identifier: Apache-2.0
#include "trace/follow.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "trace/ticks.h"

namespace raddle::trace {
namespace {

// How late a thread may be to write down an event whose time it has read. One that is later than
// that, because it lost its processor in between, comes behind events of others that it has nothing
// to do with.
constexpr double kSlackNs = 2e6;
// The header's own measure of the clock changes while the run goes on: times must not.
constexpr std::uint64_t kLongEnoughNs = 20'000'000;

// In place of the header's.
void calibrate(FileHeader& header) {
  const Moment first = moment();
  Moment second = first;
  while (second.ns - first.ns < kLongEnoughNs / 4) second = moment();
  header.ticks1 = header.ticks0 + (second.ticks - first.ticks);
  header.elapsed1_ns = second.ns - first.ns;
}

}  // namespace

Result<std::unique_ptr<Follower>> Follower::open(const std::filesystem::path& path) {
  Result<std::unique_ptr<FollowedFile>> file = FollowedFile::open(path);
  if (!file.ok()) return Error{file.error()};
  return Result<std::unique_ptr<Follower>>(
      std::unique_ptr<Follower>(new Follower(std::move(file.value()))));
}

Follower::Follower(std::unique_ptr<FollowedFile> file)
    : file_(std::move(file)),
      header_(file_->header()),
      reader_(Reader::of_growing(header_, file_->control())) {
  if (header_.elapsed1_ns < kLongEnoughNs) calibrate(header_);
  const double ticks_per_ns = static_cast<double>(header_.ticks1 - header_.ticks0) /
                              static_cast<double>(std::max<std::uint64_t>(header_.elapsed1_ns, 1));
  slack_ticks_ = static_cast<std::uint64_t>(kSlackNs * ticks_per_ns);
}

bool Follower::step() {
  const std::uint64_t seen_until = ticks() - slack_ticks_;
  look();
  bool is_new = false;
  for (Stream* stream : touched_) is_new = extend(*stream) || is_new;
  is_new = merger_->run_until(seen_until) || is_new;
  for (Stream* stream : touched_) release(*stream);
  return is_new;
}

MergeStats Follower::finish() {
  update_header();
  look();
  is_over_ = true;
  for (auto& [id, stream] : streams_) extend(stream);
  constexpr std::uint64_t kAnyTime = std::numeric_limits<std::uint64_t>::max();
  do {
    merger_->run_until(kAnyTime);
  } while (merger_->skip_one_gap());
  for (std::size_t i = 0; i < by_index_.size(); ++i) {
    if (by_index_[i] != nullptr) merger_->close(i);
  }
  return merger_->stats();
}

// What has changed since the beginning, but for the clock's measure.
void Follower::update_header() {
  const std::uint64_t ticks1 = header_.ticks1;
  const std::uint64_t elapsed1_ns = header_.elapsed1_ns;
  std::memcpy(&header_, &file_->header(), sizeof header_);
  header_.ticks1 = ticks1;
  header_.elapsed1_ns = elapsed1_ns;
}

void Follower::look() {
  for (Stream* stream : touched_) stream->has_open = false;
  touched_.clear();
  for (const Sight& sight : file_->look()) {
    Stream& stream = streams_[sight.stream];
    stream.view.id = sight.stream;
    // The current one may be open still, and sealed ones before it are copies.
    const std::uint32_t current = stream.next_number - (stream.is_complete ? 0 : 1);
    if (sight.number < current) continue;
    if (sight.is_sealed) {
      stream.sealed.insert_or_assign(sight.number, sight);
    } else if (!stream.has_open || stream.open.number < sight.number) {
      stream.open = sight;
      stream.has_open = true;
    }
    if (touched_.empty() || touched_.back() != &stream) touched_.push_back(&stream);
  }
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  std::sort(touched_.begin(), touched_.end(),
            [](const Stream* a, const Stream* b) { return a->view.id < b->view.id; });
}

// Gets what is new of the stream's current chunk, or its next one. Whether there is something.
bool Follower::extend(Stream& stream) {
  if (!stream.is_complete) {
    const auto sealed = stream.sealed.find(stream.next_number - 1);
    const bool is_open = stream.has_open && stream.open.number == stream.next_number - 1;
    bool has_more = false;
    if (sealed != stream.sealed.end()) {
      has_more = take_sealed(stream, sealed->second);
    } else if (is_open) {
      has_more = take_open(stream);
    } else if (is_over_) {
      stream.is_complete = true;  // it is nowhere any more: damage
    }
    if (has_more) wake(stream);
    return has_more;
  }
  if (stream.index != kNoIndex && !stream.is_idle) return false;
  if (!begin_chunk(stream)) return false;
  wake(stream);
  return true;
}

void Follower::wake(Stream& stream) {
  if (stream.index == kNoIndex) {
    if (free_.empty()) {
      free_.push_back(by_index_.size());
      by_index_.push_back(nullptr);
    }
    stream.index = free_.back();
    free_.pop_back();
    by_index_[stream.index] = &stream;
    stream.is_idle = false;
    stream.is_entered = true;
    merger_->begin(stream.index, stream.view);
    return;
  }
  Cursor& cursor = merger_->cursor(stream.index);
  if (!std::exchange(stream.is_entered, true)) {
    cursor.begin_next();
  } else {
    cursor.see_more();
  }
  if (!std::exchange(stream.is_idle, false)) return;
  merger_->resume(stream.index);
}

// The merger's, at the end of what the stream's view has.
bool Follower::refill(std::size_t index, Cursor& cursor) {
  Stream& stream = *by_index_[index];
  if (stream.is_complete && begin_chunk(stream)) {
    cursor.begin_next();
    stream.is_entered = true;
    return true;
  }
  stream.is_idle = true;
  return false;
}

// Begins the next chunk, if something of it is there.
bool Follower::begin_chunk(Stream& stream) {
  auto sealed = stream.sealed.find(stream.next_number);
  // Where one is missing, the next one there is.
  if (sealed == stream.sealed.end() && is_over_)
    sealed = stream.sealed.upper_bound(stream.next_number);
  const bool is_open = stream.has_open && (stream.open.number == stream.next_number || is_over_);
  if (sealed == stream.sealed.end() && !is_open) return false;
  const Sight sight = sealed != stream.sealed.end() ? sealed->second : stream.open;
  if (sight.number < stream.next_number) return false;
  if (stream.words == nullptr && !spare_.empty()) {
    stream.words = std::move(spare_.back());
    spare_.pop_back();
  }
  if (stream.words == nullptr) {
    stream.words = std::make_unique_for_overwrite<std::uint64_t[]>(file_->chunk_words());
  }
  stream.view.chunks.assign(1, {sight.number, 0, {stream.words.get(), std::size_t{0}}});
  stream.walk = {};
  stream.next_number = sight.number + 1;
  stream.is_complete = stream.is_entered = false;
  return sight.is_sealed ? take_sealed(stream, sight) : take_open(stream);
}

// The rest of the current chunk. False: the copy is not whole yet.
bool Follower::take_sealed(Stream& stream, const Sight sight) {
  std::uint32_t task = 0;
  const std::ptrdiff_t words = file_->take_sealed(sight, stream.words.get(), task);
  if (words < 0 && !is_over_) return false;
  stream.is_complete = true;
  std::size_t end = stream.walk.final_words();
  if (words >= 0) {
    stream.view.chunks[0].task = task;
    end = stream.walk.go_on(stream.words.get(), static_cast<std::size_t>(words), reader_);
  }
  if (words < 0 || end < static_cast<std::size_t>(words)) {
    reader_.lose((file_->chunk_words() - end) * 8,
                 "chunk " + std::to_string(sight.number) + " of stream " +
                     std::to_string(sight.stream) + " is damaged; the rest of it is skipped");
  }
  show(stream, end);
  file_->give_back(sight);
  stream.sealed.erase(sight.number);
  return true;
}

// What is new and final of the current chunk, which is open.
bool Follower::take_open(Stream& stream) {
  std::uint32_t task = 0;
  const std::size_t before = stream.walk.final_words();
  const std::ptrdiff_t words = file_->take_open(stream.open, stream.words.get(), before,
                                                stream.walk.walked_words(), is_over_, task);
  if (words < 0) return false;
  stream.view.chunks[0].task = task;
  const std::size_t whole =
      stream.walk.go_on(stream.words.get(), static_cast<std::size_t>(words), reader_);
  // Nobody changes its last accesses any more.
  const std::size_t end = is_over_ ? whole : stream.walk.final_words();
  if (is_over_) stream.is_complete = true;
  const bool has_more = end > before || is_over_;
  show(stream, end);
  return has_more;
}

void Follower::show(Stream& stream, std::size_t end) {
  stream.view.chunks[0].words = {stream.words.get(), end};
}

// The stream may have ended: its place is another's until it goes on.
void Follower::release(Stream& stream) {
  const bool has_next = stream.has_open || !stream.sealed.empty();
  if (stream.index == kNoIndex || !stream.is_complete || !stream.is_idle || has_next) return;
  merger_->close(stream.index);
  by_index_[stream.index] = nullptr;
  free_.push_back(stream.index);
  stream.index = kNoIndex;
  if (spare_.size() < 64) spare_.push_back(std::move(stream.words));
  stream.words.reset();
}

}  // namespace raddle::trace
