// SPDX-License-Identifier: Apache-2.0
// Accesses that are decoded later than their events, by others, or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "trace/access_decoder.h"
#include "trace/event.h"
#include "trace/reader.h"

namespace raddle::trace {

// The records between two events of a stream, in one chunk, as they lie in the trace.
struct AccessWords {
  std::uint32_t stream = 0;  // index into Reader::streams()
  std::uint32_t chunk = 0;   // index into StreamView::chunks
  TaskId task = 0;           // whose accesses they are
  std::uint32_t count = 0;   // of accesses
  const std::uint64_t* begin = nullptr;
  const std::uint64_t* end = nullptr;
};

// Decodes stretches of a reader's streams later than they were found, each stream's in order, and
// without those that nobody asks for. All members are for one thread.
template <typename Form>
class LateDecodersOf {
 public:
  using Made = typename Form::Made;

  // The reader and the form outlive it.
  LateDecodersOf(const Reader& reader, Form& form)
      : reader_(&reader), form_(&form), streams_(reader.streams().size()) {}

  // Has accesses made in what room() says, a span of kBatch at least, and calls took(their number)
  // behind each time; until that returns false.
  template <typename Room, typename Took>
  void visit(const AccessWords& words, Room&& room, Took&& took) {
    std::unique_ptr<Stream>& stream = streams_[words.stream];
    if (stream == nullptr) stream = std::make_unique<Stream>(*reader_);
    if (words.chunk != stream->chunk) enter(*stream, words);
    const std::uint64_t*& position = stream->position;
    while (position < words.begin) stream->decoder.fill(position, words.begin, *form_, room());
    while (position < words.end) {
      if (!took(stream->decoder.fill(position, words.end, *form_, room()))) return;
    }
    // What a stream needs that goes on.
    const std::vector<ChunkView>& chunks = reader_->streams()[words.stream].chunks;
    const std::span<const std::uint64_t> last = chunks.back().words;
    if (words.end == last.data() + last.size()) stream.reset();
  }

 private:
  struct Stream {
    explicit Stream(const Reader& reader) : decoder(reader) {}
    AccessDecoderOf<Form> decoder;
    std::uint32_t chunk = ~std::uint32_t{0};
    const std::uint64_t* position = nullptr;
  };

  void enter(Stream& stream, const AccessWords& words) {
    const std::vector<ChunkView>& chunks = reader_->streams()[words.stream].chunks;
    if (stream.chunk < chunks.size()) reader_->leave(chunks[stream.chunk].words);
    stream.chunk = words.chunk;
    stream.position = chunks[words.chunk].words.data();
    stream.decoder.enter_chunk();
  }

  const Reader* reader_;
  Form* form_;
  std::vector<std::unique_ptr<Stream>> streams_;  // null: not begun, or at its end
};

}  // namespace raddle::trace
