// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/dealer.h"

#include <algorithm>
#include <span>
#include <utility>

namespace raddle::detect {

namespace {

constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << kBlockBits;

// Whether its elements lie side by side, in not too many blocks.
bool may_be_cut(const Large& large) {
  constexpr std::uint64_t kMost = 4096 * kBlockBytes;
  const auto forth = static_cast<std::uint64_t>(large.stride_bytes);
  const std::uint64_t stride = std::min(forth, -forth);
  if (large.count > 1 && (stride == 0 || stride >= kBlockBytes)) return false;
  if (large.bytes > kMost || large.count > kMost) return false;
  const std::uint64_t extent = large.bytes + (large.count - 1) * stride;
  return extent <= kMost && large.address >= extent && large.address + extent <= kMostAddress;
}

// How many elements from this one on lie in its block, if there are as many.
std::uint64_t elements_in_block(const Large& large) {
  if (large.stride_bytes == 0) return 1;
  const std::uint64_t begin = large.address & (kBlockBytes - 1);
  if (large.stride_bytes < 0) return 1 + begin / static_cast<std::uint64_t>(-large.stride_bytes);
  const std::uint64_t room = kBlockBytes - large.bytes - begin;
  return 1 + room / static_cast<std::uint64_t>(large.stride_bytes);
}

}  // namespace

Dealer::Dealer(std::vector<Take> takers, Places& places)
    : places_(places), scribe_(decoded_, places_) {
  for (Take& take : takers) hands_.emplace_back().take = std::move(take);
}

void Dealer::read(const trace::Reader& reader) { decoders_.emplace(reader, scribe_); }

void Dealer::open(Hand& hand) {
  hand.dealt = 0;
  hand.accesses = &nobodys_;
  if (!hand.take) return;
  hand.log = pool_.take();
  hand.log->source = log_;
  hand.accesses = &hand.log->accesses;
}

void Dealer::pass_on(Hand& hand) {
  if (hand.log != nullptr && !hand.accesses->actors.empty()) hand.take(std::move(hand.log));
  hand.log = nullptr;
}

// It may go on: then it is one more actor.
void Dealer::end_actor(Hand& hand, const Actor& actor) {
  Accesses& accesses = *hand.accesses;
  if (accesses.list.size() == hand.dealt) return;
  accesses.actors.push_back(actor);
  accesses.end_actor();
  hand.dealt = accesses.list.size();
  if (!accesses.is_full()) return;
  pass_on(hand);
  open(hand);
}

void Dealer::deal(const std::shared_ptr<AccessLog>& log) {
  log_ = log;
  Accesses& accesses = log->accesses;
  for (Hand& hand : hands_) open(hand);
  if (is_single() && log->words.empty()) {
    std::swap(*hands_[0].accesses, accesses);
  } else {
    std::size_t next = 0;
    for (const Actor& actor : accesses.actors) {
      if (actor.words == Actor::kNoWords) {
        deal(actor, {accesses.list.data() + next, actor.end - next}, accesses.large);
      } else {
        decode(actor, log->words[actor.words]);
      }
      next = actor.end;
      for (Hand& hand : hands_) end_actor(hand, actor);
    }
  }
  for (Hand& hand : hands_) pass_on(hand);
  log_ = nullptr;
}

void Dealer::deal(const Actor& actor, std::span<const LoggedAccess> batch,
                  const std::vector<Large>& large) {
  const auto count = static_cast<unsigned>(hands_.size());
  batch_size_ = batch.size();
  for (Hand& hand : hands_) hand.next = hand.accesses->list.room(batch_size_).data();
  for (const LoggedAccess& access : batch) {
    const std::uint64_t address = access.address();
    const std::uint64_t bytes = access.bytes();
    if (bytes == 0) [[unlikely]] {
      deal(large[address], access);
    } else if (!is_in_block(address, bytes)) [[unlikely]] {
      deal(Large{.address = address, .bytes = bytes, .kind = access.kind()}, access);
    } else {
      *hands_[share_of(address, count)].next++ = access;
    }
  }
  for (Hand& hand : hands_) {
    if (!hand.take) continue;
    LoggedAccesses& list = hand.accesses->list;
    list.put(static_cast<std::size_t>(hand.next - (list.data() + list.size())));
    if (hand.accesses->is_full()) end_actor(hand, actor);
  }
}

// One that is in one block is its share's; what is left each share takes its part of.
void Dealer::deal(const Large& large, const LoggedAccess& access) {
  if (large.is_in_block()) {
    const unsigned share = share_of(large.address, static_cast<unsigned>(hands_.size()));
    return give(hands_[share], large, access);
  }
  if (large.work == Work::kAccess && may_be_cut(large)) return deal_in_pieces(large, access);
  for (Hand& hand : hands_) give(hand, large, access);
}

void Dealer::deal_in_pieces(const Large& large, const LoggedAccess& access) {
  Large piece = large;
  for (std::uint64_t i = 0; i < large.count; i += piece.count) {
    piece.address = large.address + i * static_cast<std::uint64_t>(large.stride_bytes);
    piece.bytes = large.bytes;
    piece.count = 1;
    if (is_in_block(piece.address, piece.bytes)) {
      piece.count = std::min(large.count - i, elements_in_block(piece));
      deal(piece, access);
      continue;
    }
    cut(piece.address, large.bytes, [&](std::uint64_t address, std::uint64_t bytes) {
      piece.address = address;
      piece.bytes = bytes;
      deal(piece, access);
    });
  }
}

// While a batch is dealt.
void Dealer::give(Hand& hand, const Large& large, const LoggedAccess& access) {
  if (!hand.take) return;
  LoggedAccesses& list = hand.accesses->list;
  list.put(static_cast<std::size_t>(hand.next - (list.data() + list.size())));
  hand.accesses->push_back(large, access.origin, access.position);
  hand.next = list.room(batch_size_).data();
}

// Of one share, straight to where they are checked.
void Dealer::decode(const Actor& actor, const trace::AccessWords& words) {
  scribe_.begin(0);
  if (!is_single()) {
    decoders_->visit(
        words, [this] { return decoded_.list.room(trace::kBatch); },
        [&](std::size_t count) {
          deal(actor, {decoded_.list.data(), count}, decoded_.large);
          decoded_.large.clear();
          return true;
        });
    return;
  }
  Hand& hand = hands_[0];
  scribe_.write_to(*hand.accesses);
  decoders_->visit(
      words, [&] { return hand.accesses->list.room(trace::kBatch); },
      [&](std::size_t count) {
        hand.accesses->list.put(count);
        if (!hand.accesses->is_full()) return true;
        end_actor(hand, actor);
        scribe_.write_to(*hand.accesses);
        return true;
      });
}

}  // namespace raddle::detect
