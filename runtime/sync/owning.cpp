// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdint>

#include "raddle/channel.h"
#include "runtime/sync/note.h"

namespace raddle::detail {

using sync::note;
using trace::Kind;

struct SenderCount {
  std::atomic<std::uint32_t> senders{1};
};

SenderCount* make_sender_count() { return new SenderCount; }

void add_sender(SenderCount* count) noexcept {
  count->senders.fetch_add(1, std::memory_order_relaxed);  // made from another sender
}

bool drop_sender(SenderCount* count) noexcept {
  note(Kind::kReleaseAddress, count);
  // acq_rel: the last one closes the channel after all that the others sent.
  if (count->senders.fetch_sub(1, std::memory_order_acq_rel) != 1) return false;
  note(Kind::kAcquireAddress, count);
  delete count;
  return true;
}

}  // namespace raddle::detail
