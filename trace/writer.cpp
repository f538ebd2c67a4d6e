// SPDX-License-Identifier: Apache-2.0
#include "trace/writer.h"

#include <bit>
#include <cstring>
#include <fstream>

#include "trace/check.h"
#include "trace/checksum.h"

namespace raddle::trace {
namespace {

constexpr std::uint32_t kDefinitions =
    0xffff'ffff;  // the stream that holds strings, sites, stacks and names

std::uint64_t pack(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32);
}

}  // namespace

Writer::Writer() : next_seq_(kOrderDomains, 0) {
  std::memcpy(header_.magic, kMagic, sizeof kMagic);
  header_.version = kFormatVersion;
  header_.header_bytes = kPageBytes;
  header_.chunk_bytes = kChunkBytes;
  header_.level = 2;
  header_.ticks0 = 0;
  header_.ticks1 = header_.elapsed1_ns = header_.end_ticks = 1'000'000'000;
  header_.end_reason = static_cast<std::uint32_t>(EndReason::kExited);
  header_.is_instrumented = 1;
}

std::vector<std::uint64_t>& Writer::room(Stream& stream, std::size_t words) {
  constexpr std::size_t kMost = kChunkWords - sizeof(ChunkHeader) / 8;
  if (!stream.is_chunk_open || stream.chunks.back().size() + words > kMost) {
    stream.chunks.emplace_back();
    stream.is_chunk_open = true;
    stream.context = 0;
    stream.templates.clear();
    stream.access_templates.clear();
    stream.repeats = 0;
  }
  return stream.chunks.back();
}

void Writer::raw(std::uint32_t stream, const std::vector<std::uint64_t>& record) {
  std::vector<std::uint64_t>& chunk = room(streams_[stream], record.size());
  chunk.insert(chunk.end(), record.begin(), record.end());
  streams_[stream].repeats = 0;
}

void Writer::event(std::uint32_t stream, const Event& event, std::uint64_t context) {
  std::uint32_t seq = event.seq;
  std::uint32_t& next = next_seq_[order_domain(event.object)];
  if (seq == 0) seq = next + 1;
  if (seq > next) next = seq;
  const auto ticks = static_cast<std::uint64_t>(event.time_ns);
  const EventBody body = {.object = event.object,
                          .value = event.value,
                          .seq = seq,
                          .index = event.index,
                          .peer = event.peer,
                          .actor = event.task};
  Stream& target = streams_[stream];
  constexpr std::size_t kMostWords = 6;
  room(target, kMostWords);
  const std::size_t slot = template_slot(static_cast<std::uint8_t>(event.kind), context);
  const auto like = target.templates.find(slot);
  const bool is_like = like != target.templates.end() && like->second.kind == event.kind &&
                       like->second.context == context && ticks >= target.ticks;
  const CompactEvent compact =
      is_like ? encode(like->second.body, slot, body, ticks - target.ticks) : CompactEvent{};
  if (compact.words == 0) {
    whole_event(stream, event.kind, body, ticks, context);
  } else {
    const std::uint64_t passed = ticks - target.ticks;
    if (!compact.has_time) raw(stream, {(std::uint64_t{kTime} << 56) | passed});
    raw(stream, {compact.word, compact.word + compact.words});
  }
  target.templates[slot] = {event.kind, context, body};
  target.ticks = ticks;
}

void Writer::whole_event(std::uint32_t stream, Kind kind, const EventBody& body,
                         std::uint64_t ticks, std::uint64_t context) {
  std::vector<std::uint64_t> record = {0, ticks, pack(body.seq, body.index), context,
                                       pack(body.peer, body.actor)};
  if (body.value != 0) record.push_back(body.value);
  record[0] = make_head(static_cast<std::uint8_t>(kind), static_cast<std::uint8_t>(record.size()),
                        body.object);
  raw(stream, record);
}

void Writer::access(std::uint32_t stream, const Access& access, std::uint64_t context) {
  Stream& target = streams_[stream];
  room(target, 6);
  const bool is_short = access.count < 0x1'0000 && std::has_single_bit(access.size_bytes) &&
                        access.size_bytes <= 64 &&
                        access.stride_bytes == static_cast<std::int16_t>(access.stride_bytes);
  const Kind kind = access.is_write ? Kind::kWrite : Kind::kRead;
  const auto log2_bytes = static_cast<std::uint8_t>(std::countr_zero(access.size_bytes));
  const std::uint64_t head = make_head(static_cast<std::uint8_t>(kind), log2_bytes, access.address);
  if (is_short && access.count == 1 && compact_access(target, head, access.site, context)) return;
  if (target.context != context) {
    raw(stream, {make_head(kContext, 0, 0), context});
    target.context = context;
  }
  if (is_short) {
    const auto stride = static_cast<std::uint16_t>(access.stride_bytes);
    raw(stream, {head, pack(access.site, static_cast<std::uint32_t>(access.count) |
                                             (std::uint32_t{stride} << 16))});
    target.access_templates[access_slot(head, access.site, context)] = {head, access.site, context};
    return;
  }
  const Kind range = access.is_write ? Kind::kWriteRange : Kind::kReadRange;
  raw(stream, {make_head(static_cast<std::uint8_t>(range), 0, access.address),
               pack(access.site, access.size_bytes), access.count,
               static_cast<std::uint64_t>(access.stride_bytes)});
}

bool Writer::compact_access(Stream& stream, std::uint64_t head, SiteId site,
                            std::uint64_t context) {
  const std::size_t slot = access_slot(head, site, context);
  const auto found = stream.access_templates.find(slot);
  if (found == stream.access_templates.end()) return false;
  AccessTemplate& like = found->second;
  if (like.site != site || like.context != context || (like.head ^ head) >> 48 != 0) return false;
  const std::int64_t distance = compact::extend<48>(head - like.head);
  std::vector<std::uint64_t>& chunk = stream.chunks.back();
  if (distance != 0) {
    if (!is_near(distance)) return false;
    chunk.push_back(access_like(slot, distance));
    stream.repeats = 0;
  } else if (stream.repeats == 0 || stream.repeats == kMostRepeats) {
    chunk.push_back(repeat(slot, 0));
    stream.repeats = 1;
  } else {
    chunk.back() |= repeat(slot, stream.repeats++);
  }
  like.head = head;
  return true;
}

void Writer::begin_stream(std::uint32_t stream, TaskId task) { streams_[stream].task = task; }

void Writer::end_chunk(std::uint32_t stream) { streams_[stream].is_chunk_open = false; }

StringId Writer::string(std::string_view text) {
  if (text.empty()) return 0;
  if (const auto known = strings_.find(text); known != strings_.end()) return known->second;
  const auto id = static_cast<StringId>(strings_.size() + 1);
  std::vector<std::uint64_t> record(2 + (text.size() + 7) / 8);
  RADDLE_CHECK(record.size() <= kMaxRecordWords);
  record[0] = make_head(kString, static_cast<std::uint8_t>(record.size()), id);
  record[1] = text.size();
  std::memcpy(record.data() + 2, text.data(), text.size());
  raw(kDefinitions, record);
  strings_.emplace(text, id);
  return id;
}

SiteId Writer::site(std::string_view file, std::uint32_t line, std::string_view function,
                    std::string_view variable, SiteId inlined_at) {
  const SiteId id = ++sites_;
  const StringId file_id = string(file);
  const StringId function_id = string(function);
  raw(kDefinitions, {make_head(kSite, 4, id), pack(file_id, function_id), pack(line, 1),
                     pack(inlined_at, string(variable))});
  return id;
}

void Writer::stack(std::uint64_t context, const std::vector<std::uint64_t>& frames) {
  std::vector<std::uint64_t> record = {
      make_head(kStack, static_cast<std::uint8_t>(frames.size() + 2), frames.size()), context};
  record.insert(record.end(), frames.begin(), frames.end());
  raw(kDefinitions, record);
}

void Writer::name(ObjectType type, std::uint64_t object, std::string_view text) {
  const StringId id = string(text);
  raw(kDefinitions, {make_head(kName, 2, object), pack(static_cast<std::uint32_t>(type), id)});
}

std::string Writer::bytes() const {
  std::string file(kPageBytes, '\0');
  std::uint64_t count = 0;
  for (const auto& [id, stream] : streams_) {
    std::uint32_t number = 0;
    for (const auto& words : stream.chunks) {
      ChunkHeader chunk{};
      chunk.magic = kChunkMagic;
      chunk.stream = id;
      chunk.number = number++;
      chunk.used_bytes = sizeof chunk + words.size() * 8;
      chunk.task = stream.task;
      chunk.checksum = checksum_of(chunk, words.data(), words.size() * 8);
      const std::size_t start = file.size();
      file.resize(start + kChunkBytes);
      std::memcpy(file.data() + start, &chunk, sizeof chunk);
      std::memcpy(file.data() + start + sizeof chunk, words.data(), words.size() * 8);
      ++count;
    }
  }
  FileHeader header = header_;
  header.chunk_count = count;
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

void Writer::save(const std::filesystem::path& path) const {
  const std::string all = bytes();
  std::ofstream(path, std::ios::binary).write(all.data(), static_cast<std::streamsize>(all.size()));
}

}  // namespace raddle::trace
