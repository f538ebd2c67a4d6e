// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/trace_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>

#include "runtime/hooks/hooks.h"
#include "runtime/record/checker.h"
#include "runtime/record/chunk.h"
#include "runtime/record/clock.h"
#include "runtime/record/control.h"
#include "runtime/record/disk.h"
#include "runtime/record/file_identity.h"
#include "runtime/record/hidden.h"
#include "runtime/record/kept_trace.h"
#include "runtime/record/options.h"
#include "runtime/record/record.h"
#include "runtime/record/saved_definitions.h"
#include "runtime/record/say.h"
#include "runtime/record/seldom_read_clock.h"
#include "runtime/record/spin.h"
#include "runtime/record/system_calls.h"
#include "runtime/record/trace_header.h"
#include "runtime/record/trace_limit.h"
#include "trace/checksum.h"

namespace raddle::record {
namespace {

// Reserved at once: as much as there is already, within limits.
constexpr std::uint64_t kMostExtentBytes = 16 * trace::kChunkBytes;

struct TraceFile {
  SpinLock lock;
  // Who is inside the lock: the address of its thread's state. A handler that finds itself here has
  // interrupted the holder.
  std::atomic<const void*> holder{nullptr};
  int fd = -1;            // -1: closed
  FileIdentity identity;  // of what fd leads to, unless the program has taken the number
  trace::FileHeader* header = nullptr;
  std::size_t chunk_bytes = trace::kChunkBytes;
  std::uint64_t chunks = 0;          // handed out
  std::uint64_t reserved_bytes = 0;  // of the file, on disk
  std::uint64_t start_ns = 0;
  TraceLimit limit;
  bool is_followed = false;  // chunks give way once the checker has read them
  char path[kMaxPathBytes + 32] = {};
  SavedDefinitions definitions;  // of chunks that gave way
  std::uint32_t definition_chunks = 0;
  std::uint64_t* given_up = nullptr;  // room to read one, chunk_bytes
};
constinit TraceFile g_file;

constinit KeptTrace* g_now_kept = nullptr;  // that g_file is; null: it is none of them
constinit SeldomReadClock g_clock;          // of those

class Holding {
 public:
  // Relaxed: a thread looks for its own store only.
  Holding() : is_nested_(g_file.holder.load(std::memory_order_relaxed) == &__raddle_thread) {
    if (is_nested_) return;
    g_file.lock.lock();
    g_file.holder.store(&__raddle_thread, std::memory_order_relaxed);
  }
  ~Holding() {
    if (is_nested_) return;
    g_file.holder.store(nullptr, std::memory_order_relaxed);
    g_file.lock.unlock();
  }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;

 private:
  bool is_nested_;
};

std::uint64_t offset_of(std::uint64_t chunk) {
  return g_file.header->header_bytes + chunk * g_file.chunk_bytes;
}

bool leads_to_trace(const TraceFile& file) { return identity_of(file.fd) == file.identity; }

// Reserves up to the end of the next chunk, an extent at a time while the disk has one.
bool reserve_next(TraceFile& file) {
  const std::uint64_t needed = offset_of(file.chunks + 1);
  const std::uint64_t extent =
      file.limit.exists() ? 0 : std::min(file.reserved_bytes, kMostExtentBytes);
  for (const std::uint64_t to : {std::max(file.reserved_bytes + extent, needed), needed}) {
    if (needed <= file.reserved_bytes) break;
    if (reserve_on_disk(file.fd, file.reserved_bytes, to) == 0) file.reserved_bytes = to;
  }
  return needed <= file.reserved_bytes;
}

void calibrate(const TraceFile& file) {
  const Moment now = g_now_kept != nullptr ? g_clock.now() : moment();
  file.header->ticks1 = now.ticks;
  file.header->elapsed1_ns = now.ns - file.start_ns;
}

void stop(const TraceFile& file, trace::StopReason reason, std::string_view why) {
  file.header->stop_reason = static_cast<std::uint32_t>(reason);
  set_level(Level::kOff);
  say({"raddle: ", why, ": recording has stopped, the program goes on"});
}

bool may_grow(const TraceFile& file) { return file.fd >= 0 && file.header->stop_reason == 0; }

bool may_write(const TraceFile& file) {
  if (!may_grow(file)) return false;
  if (leads_to_trace(file)) return true;
  stop(file, trace::StopReason::kClosed, "the program has closed the descriptor of its trace");
  return false;
}

// `place`: one more than before, or one that was given up.
void count_chunk(TraceFile& file, std::uint64_t place) {
  if (place == file.chunks) ++file.chunks;
  calibrate(file);
  file.header->chunk_count = file.chunks;
}

bool add_zeros(TraceFile& file) {
  const std::uint64_t offset = offset_of(file.chunks);
  return reserve_next(file) && write_zeros(file.fd, offset, offset + file.chunk_bytes) == 0;
}

trace::ChunkHeader* map_chunk(const TraceFile& file, std::uint64_t place) {
  void* memory = ::mmap(nullptr, file.chunk_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.fd,
                        static_cast<off_t>(offset_of(place)));
  return memory == MAP_FAILED ? nullptr : static_cast<trace::ChunkHeader*>(memory);
}

// Of the recorder's own stream, 0, and behind the limit's other chunks.
trace::ChunkHeader* new_definition_chunk() noexcept {
  TraceFile& file = g_file;
  if (file.definition_chunks >= file.limit.most_definition_chunks() || !add_zeros(file)) {
    return nullptr;
  }
  trace::ChunkHeader* chunk = map_chunk(file, file.chunks);
  if (chunk == nullptr) return nullptr;
  count_chunk(file, file.chunks);
  begin_chunk(chunk, 0, file.definition_chunks++, 0);
  return chunk;
}

// Takes the oldest chunk out of the trace, but for what others refer to. Its place, which holds no
// chunk then; less than 0: the file cannot be read.
std::int64_t give_way(TraceFile& file) {
  const std::uint32_t place = file.limit.take_oldest();
  const std::uint64_t offset = offset_of(place);
  const ssize_t got = read_file_at(file.fd, offset, file.given_up, file.chunk_bytes);
  if (got != static_cast<ssize_t>(file.chunk_bytes)) return -1;
  const auto& old = *reinterpret_cast<const trace::ChunkHeader*>(file.given_up);
  const auto* records = reinterpret_cast<const std::uint64_t*>(&old + 1);
  if (old.used_bytes >= sizeof old && old.used_bytes <= file.chunk_bytes) {
    file.definitions.keep(records, file.given_up + old.used_bytes / 8, file.chunk_bytes,
                          new_definition_chunk);
    file.limit.count_given_up(old.used_bytes);
  }
  const std::uint64_t no_magic = 0;
  return write_at(file.fd, offset, &no_magic, sizeof no_magic) == 0 ? place : -1;
}

constexpr std::int64_t kNotYet = -2;

// Where the next chunk goes; less than 0: nowhere, or not yet, for the checker has to read an old
// one first. Within the trace's limit its bytes may be those of an old chunk, but for the magic.
std::int64_t take_place(TraceFile& file) {
  const auto is_full = [&] { return file.limit.is_reached(file.chunks - file.definition_chunks); };
  while (is_full()) {
    if (file.is_followed && !is_read(file.fd, offset_of(file.limit.oldest()))) return kNotYet;
    const std::int64_t place = give_way(file);
    if (place < 0 || !is_full()) return place;
    // It had little. Where the file system cannot make holes, its bytes stay.
    free_on_disk(file.fd, offset_of(static_cast<std::uint64_t>(place)), file.chunk_bytes);
    file.limit.add_free(static_cast<std::uint32_t>(place));
  }
  const std::int64_t free = file.limit.take_free();
  if (free >= 0) return free;
  return reserve_next(file) ? static_cast<std::int64_t>(file.chunks) : -1;
}

trace::Control* control_of(trace::FileHeader* header) {
  return reinterpret_cast<trace::Control*>(reinterpret_cast<char*>(header) + trace::kControlOffset);
}

// The next one, if an earlier run has left it; else null.
trace::ChunkHeader* kept_chunk() {
  if (g_now_kept == nullptr) return nullptr;
  trace::ChunkHeader* chunk = g_now_kept->chunk(g_file.chunks);
  if (chunk == nullptr) return nullptr;
  chunk->place = static_cast<std::uint32_t>(g_file.chunks);
  g_file.header->chunk_count = ++g_file.chunks;
  return chunk;
}

void use_control(const TraceFile& file) {
  g_control = control_of(file.header);
  *g_control = {};
}

void drop(KeptTrace& kept) {
  if (kept.fd >= 0 && g_control == control_of(kept.header)) leave_control();
  kept.drop();
}

// As open_trace() and new_chunk() would have left it.
void use_again(KeptTrace& kept, std::uint32_t level) {
  g_file.fd = kept.fd;
  g_file.identity = kept.identity;
  g_file.header = kept.header;
  g_file.limit.end();
  g_file.chunk_bytes = kept.header->chunk_bytes;
  g_file.chunks = 0;
  g_file.reserved_bytes = kept.reserved_bytes;
  kept.clear(level);
  trace::FileHeader& header = *kept.header;
  const Moment start = g_clock.now();
  header.ticks1 = start.ticks + (header.ticks1 - header.ticks0);  // a tick is as long as it was
  header.ticks0 = start.ticks;
  g_file.start_ns = start.ns;
  use_control(g_file);
}

}  // namespace

std::size_t chunk_bytes() noexcept { return g_file.chunk_bytes; }
bool is_trace_limited() noexcept { return g_file.limit.exists(); }

namespace {

bool begin_limit(TraceFile& file, std::uint64_t bytes, bool is_followed) {
  void* room = map_hidden(file.chunk_bytes);
  if (room == nullptr) return false;
  file.given_up = static_cast<std::uint64_t*>(room);
  auto* cut =
      reinterpret_cast<trace::Cut*>(reinterpret_cast<char*>(file.header) + trace::kPageBytes);
  file.is_followed = is_followed;
  cut->is_followed = is_followed ? 1 : 0;
  return file.limit.begin(bytes, file.chunk_bytes, cut);
}

}  // namespace

bool open_trace(const char* path, std::uint32_t level, std::size_t chunk_bytes,
                std::uint64_t limit_bytes, bool is_followed) noexcept {
  const auto fail = [path](int error) {
    say({"raddle: cannot write the trace ", path, ": ", ::strerrordesc_np(error),
         "; choose another place with trace=FILE or raddle run -o FILE"});
    return false;
  };
  int fd = create_file(path, g_file.path);
  if (fd < 0) return fail(errno);
  fd = move_out_of_the_way(fd);
  g_file.identity = identity_of(fd);
  const std::size_t header_bytes =
      limit_bytes == 0 ? trace::kPageBytes : trace::kHeaderBytesWithCut;
  int error = reserve_on_disk(fd, 0, header_bytes);
  if (error == 0) error = write_zeros(fd, 0, header_bytes);
  if (error != 0) {
    close_file(fd);
    return fail(error);
  }
  void* page = ::mmap(nullptr, header_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) {
    close_file(fd);
    return fail(errno);
  }
  g_file.fd = fd;
  g_file.chunk_bytes = chunk_bytes_within(limit_bytes, chunk_bytes);
  g_file.header = static_cast<trace::FileHeader*>(page);
  g_file.header->header_bytes = static_cast<std::uint32_t>(header_bytes);
  g_file.reserved_bytes = header_bytes;
  g_file.limit.end();
  g_file.is_followed = false;
  if (limit_bytes != 0 && !begin_limit(g_file, limit_bytes, is_followed)) return fail(ENOMEM);
  const Moment start = moment();  // long before the first chunk, whose moment is the other one
  g_file.header->ticks0 = start.ticks;
  g_file.start_ns = start.ns;
  fill_header(*g_file.header, static_cast<std::uint32_t>(g_file.chunk_bytes), level);
  use_control(g_file);
  calibrate(g_file);
  return true;
}

const char* trace_path() noexcept { return g_file.path; }

void stop_following() noexcept {
  const Holding holding;
  g_file.is_followed = false;
  if (g_file.limit.exists()) g_file.limit.stop_following();
}
bool has_told_findings() noexcept { return g_file.limit.exists() && g_file.limit.has_findings(); }

bool begin_trace_again(const char* path, std::uint32_t level, std::size_t chunk_bytes) noexcept {
  KeptTrace* kept = find_kept_trace(path);
  {
    const Holding holding;
    if (kept != nullptr && kept->is_fit(chunk_bytes)) {
      use_again(*kept, level);
      g_now_kept = kept;
      return true;
    }
    g_now_kept = nullptr;
    if (kept == nullptr) kept = &make_room_for_kept_trace();
    drop(*kept);
  }
  ::unlink(path);
  g_file.chunks = 0;
  if (!open_trace(path, level, chunk_bytes, 0, false)) return false;
  std::strncpy(kept->path, path, sizeof kept->path - 1);
  kept->fd = g_file.fd;
  kept->identity = g_file.identity;
  kept->header = g_file.header;
  g_now_kept = kept;
  return true;
}

namespace {

// Of a thread that needs a place while the checker has not read enough: the program is held back,
// so that nothing is lost, but never for good.
void hold_back(Patience& patience) {
  std::uint64_t taken = 0;
  int fd = -1;
  {
    const Holding holding;
    taken = g_file.limit.taken();
    fd = g_file.fd;
  }
  const Patience::Verdict verdict = patience.wait(taken, fd);
  if (verdict == Patience::Verdict::kGoOn) return;
  bool is_first = false;  // of the threads that come to this
  {
    const Holding holding;
    is_first = g_file.is_followed && may_grow(g_file);
    if (is_first && verdict == Patience::Verdict::kTooLong) {
      stop(g_file, trace::StopReason::kChecker, "the checker has not moved for half a minute");
    }
  }
  if (!is_first || verdict == Patience::Verdict::kTooLong) return;
  stop_following();
  say(
      {"raddle: the checker has ended too early: what comes now is not checked while the program "
       "runs; the newest part of the trace is kept in ",
       g_file.path});
}

enum class Outcome : std::uint8_t { kDone, kMapped, kNever, kNotYet };

Outcome try_new_chunk(std::uint32_t stream, std::uint32_t number, std::uint32_t task,
                      trace::ChunkHeader*& made) {
  const Holding holding;
  if (!may_grow(g_file)) return Outcome::kNever;
  if (trace::ChunkHeader* chunk = kept_chunk()) {
    begin_chunk(chunk, stream, number, task);
    made = chunk;
    return Outcome::kDone;
  }
  if (!may_write(g_file)) return Outcome::kNever;
  const std::int64_t place = take_place(g_file);
  if (place == kNotYet) return Outcome::kNotYet;
  const std::uint64_t offset = offset_of(static_cast<std::uint64_t>(place));
  if (place < 0 || write_zeros(g_file.fd, offset, offset + g_file.chunk_bytes) != 0) {
    stop(g_file, trace::StopReason::kDiskFull, "no room on disk for the trace");
    return Outcome::kNever;
  }
  trace::ChunkHeader* chunk = map_chunk(g_file, static_cast<std::uint64_t>(place));
  if (chunk == nullptr) {
    stop(g_file, trace::StopReason::kInternal, "no memory for the trace");
    return Outcome::kNever;
  }
  count_chunk(g_file, static_cast<std::uint64_t>(place));
  chunk->place = static_cast<std::uint32_t>(place);
  const std::uint64_t index = g_file.chunks - 1;
  if (g_now_kept != nullptr && index < KeptTrace::kMostChunks) g_now_kept->chunks[index] = chunk;
  begin_chunk(chunk, stream, number, task);
  made = chunk;
  return Outcome::kMapped;
}

Outcome try_copy(trace::ChunkHeader& sealed, const trace::ChunkHeader* chunk) {
  const Holding holding;
  if (!may_write(g_file)) return Outcome::kNever;
  const std::int64_t place = take_place(g_file);
  if (place == kNotYet) return Outcome::kNotYet;
  sealed.place = static_cast<std::uint32_t>(place);
  if (place < 0 || !write_copy(g_file.fd, offset_of(sealed.place), sealed, chunk + 1)) {
    stop(g_file, trace::StopReason::kDiskFull, "no room on disk for the trace");
    return Outcome::kNever;
  }
  count_chunk(g_file, sealed.place);
  g_file.limit.add_sealed(sealed.place, sealed.used_bytes);
  return Outcome::kDone;
}

}  // namespace

trace::ChunkHeader* new_chunk(std::uint32_t stream, std::uint32_t number,
                              std::uint32_t task) noexcept {
  trace::ChunkHeader* chunk = nullptr;
  Patience patience;
  Outcome outcome = Outcome::kNotYet;
  while ((outcome = try_new_chunk(stream, number, task, chunk)) == Outcome::kNotYet) {
    hold_back(patience);
  }
  // One call instead of a fault for each page. An old kernel refuses; then the faults come.
  if (outcome == Outcome::kMapped) ::madvise(chunk, g_file.chunk_bytes, MADV_POPULATE_WRITE);
  return chunk;
}

bool renew_chunk(trace::ChunkHeader* chunk, std::uint64_t used_bytes, std::uint32_t task) noexcept {
  trace::ChunkHeader sealed = *chunk;
  sealed.used_bytes = used_bytes;
  sealed.checksum = trace::checksum_of(sealed, chunk + 1, used_bytes - sizeof sealed);
  Patience patience;
  Outcome outcome = Outcome::kNotYet;
  while ((outcome = try_copy(sealed, chunk)) == Outcome::kNotYet) hold_back(patience);
  if (outcome == Outcome::kNever) return false;
  empty_chunk(chunk, g_file.chunk_bytes);
  begin_chunk(chunk, sealed.stream, sealed.number + 1, task);
  return true;
}

void close_chunk(trace::ChunkHeader* chunk, std::uint64_t used_bytes) noexcept {
  if (are_traces_kept()) {
    const Holding holding;
    const bool is_of_this_run = g_now_kept != nullptr && g_now_kept->has(chunk);
    if (is_of_this_run || is_kept(chunk)) return seal(chunk, used_bytes);
  }
  const std::uint32_t place = chunk->place;  // once it is sealed, a checker may mark it as read
  seal(chunk, used_bytes);
  // A hundred thousand threads that do little must not take a hundred thousand chunks of disk.
  // Where the file system cannot make holes, they do.
  const std::uint64_t kept =
      (used_bytes + trace::kPageBytes - 1) / trace::kPageBytes * trace::kPageBytes;
  if (kept < g_file.chunk_bytes) {
    ::madvise(reinterpret_cast<char*>(chunk) + kept, g_file.chunk_bytes - kept, MADV_REMOVE);
  }
  ::munmap(chunk, g_file.chunk_bytes);
  if (!g_file.limit.exists()) return;
  const Holding holding;
  if (g_file.fd >= 0) g_file.limit.add_sealed(place, used_bytes);
}

void mark_fork() noexcept { g_file.header->is_fork = 1; }

void mark_instrumented() noexcept {
  if (g_file.header != nullptr) g_file.header->is_instrumented = 1;
}

std::uint64_t& words_of_definitions() noexcept { return g_now_kept->definition_words; }

bool has_trace_grown() noexcept { return g_now_kept == nullptr || g_now_kept->has_grown; }

bool is_trace_open() noexcept { return g_file.fd >= 0; }

bool finish_trace(trace::EndReason reason, std::int32_t code) noexcept {
  const Holding holding;
  if (g_file.fd < 0) return false;
  g_file.definitions.finish();
  calibrate(g_file);
  g_file.header->end_ticks = g_file.header->ticks1;
  // Of a status the rest of the world sees eight bits (wait(2)).
  g_file.header->end_code = reason == trace::EndReason::kExited ? code & 0xff : code;
  g_file.header->end_reason = static_cast<std::uint32_t>(reason);
  if (g_now_kept != nullptr) {
    g_now_kept->end(g_file.chunks, g_file.reserved_bytes);
    g_file.fd = -1;
    return true;
  }
  // Chunks of threads that still run stay mapped and inside the file: what they write is kept, and
  // harmless.
  if (leads_to_trace(g_file)) {
    [[maybe_unused]] const int ignored =
        ::ftruncate(g_file.fd, static_cast<off_t>(offset_of(g_file.chunks)));
    close_file(g_file.fd);
  }
  g_file.fd = -1;
  return true;
}

void forget_trace() noexcept {
  if (g_file.fd >= 0 && leads_to_trace(g_file)) close_file(g_file.fd);  // no lock: one thread
  g_file.fd = -1;
  g_file.header = nullptr;
  new (&g_file.lock) SpinLock;
  g_file.holder.store(nullptr, std::memory_order_relaxed);
  g_file.chunks = g_file.reserved_bytes = 0;
  g_file.is_followed = false;
  leave_control();
  g_file.limit.end();
  g_file.definitions.forget();
  g_file.definition_chunks = 0;
}

}  // namespace raddle::record
