// SPDX-License-Identifier: Apache-2.0
// channel-misuse: send on closed, close of closed or nil, nil for ever, and a close that nothing
// orders with a send: in another schedule that send is one on a closed channel.
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detectors.h"

namespace raddle::detect {

namespace {

using order::Epoch;
using order::ObjectNumber;
using order::Order;
using trace::Effect;
using trace::Event;
using trace::Misuse;

// A send reads the channel's state, a close writes it.
struct Send {
  Epoch epoch;
  Party party;
};
struct Channel {
  std::vector<Send> sends;  // the latest of each slot, those ordered before a newer one left out
  Party close;
  bool is_closed = false;
  bool is_reported = false;
};

class ChannelMisuse final : public Detector {
 public:
  bool wants(Effect effect) const override {
    return effect == Effect::kSends || effect == Effect::kMeets || effect == Effect::kCloses ||
           effect == Effect::kMisuses || effect == Effect::kDestroys;
  }
  void see(const Event& event, const Order& order, Findings& findings) override;

 private:
  void see_send(const Event& event, TaskId sender, const Order& order);
  void see_close(const Event& event, const Order& order, Findings& findings);
  void see_misuse(const Event& event, const Order& order, Findings& findings);
  std::unordered_map<ObjectNumber, Channel> channels_;
};

void ChannelMisuse::see(const Event& event, const Order& order, Findings& findings) {
  if (trace::object_type_of(event.kind) != trace::ObjectType::kChannel) return;
  switch (trace::effect_of(event.kind)) {
    case Effect::kSends:
      return see_send(event, event.task, order);
    case Effect::kMeets:
      return see_send(event, event.index == 1 ? event.task : event.peer, order);
    case Effect::kCloses:
      return see_close(event, order, findings);
    case Effect::kMisuses:
      return see_misuse(event, order, findings);
    case Effect::kDestroys:
      channels_.erase(order.object());
      return;
    default:  // the other effects neither read nor write a channel's state
      return;
  }
}

void ChannelMisuse::see_send(const Event& event, TaskId sender, const Order& order) {
  if (order.object() == 0 || !order.knows(sender)) return;
  Channel& channel = channels_[order.object()];
  const Epoch epoch = order.epoch_of(sender);
  std::erase_if(channel.sends, [&](const Send& send) {
    return send.epoch.slot == epoch.slot || order.is_before(send.epoch, sender);
  });
  Send send{epoch, {}};
  send.party.task = sender;
  send.party.action = "sends on";
  send.party.object = order.object();
  send.party.stack = event.stack;
  send.party.time_ns = event.time_ns;
  channel.sends.push_back(std::move(send));
}

void ChannelMisuse::see_close(const Event& event, const Order& order, Findings& findings) {
  Channel& channel = channels_[order.object()];
  channel.close = party_of(event, order);
  channel.is_closed = true;
  for (const Send& send : channel.sends) {
    if (order.is_before(send.epoch, event.task) || channel.is_reported) continue;
    channel.is_reported = true;
    const std::uint64_t key =
        key_of(FindingKind::kChannelMisuse, send.party.stack, event.stack, 1000);
    if (!findings.is_new(key)) continue;
    Draft draft;
    draft.finding.kind = FindingKind::kChannelMisuse;
    draft.finding.certainty = Certainty::kCertain;
    draft.finding.parties = {channel.close, send.party};
    draft.finding.is_unordered = true;
    draft.tell = [](Finding& f, const Run& run) {
      f.title = "close of " + object_text(run, f.parties[0].object) + " is not ordered with a send";
      f.why =
          "nothing makes the close wait for the send: in another schedule the send is on a "
          "closed channel";
      f.hint = "let the sender close, or close only after all senders are known to be done";
    };
    findings.add(std::move(draft));
  }
  channel.sends.clear();
}

std::string_view action_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::kSendOnClosed:
      return "sends on closed";
    case Misuse::kCloseOfClosed:
      return "closes again";
    case Misuse::kCloseOfNil:
      return "closes a nil channel";
    case Misuse::kNilForever:
      return "uses a nil channel for ever";
    case Misuse::kNegativeCounter:
    case Misuse::kReuseBeforeWaitReturned:
    case Misuse::kUnlockOfUnlocked:
    case Misuse::kUnlockByOther:
    case Misuse::kDestroyedWhileLocked:
    case Misuse::kRelockBySelf:
      break;
  }
  return "misuses";
}

void ChannelMisuse::see_misuse(const Event& event, const Order& order, Findings& findings) {
  const auto misuse = static_cast<Misuse>(event.index);
  if (misuse == Misuse::kNilForever) findings.explain(event.task);
  Channel* channel = nullptr;
  if (order.object() != 0) channel = &channels_[order.object()];
  if (channel != nullptr) channel->is_reported = true;
  const StackId close_stack = channel != nullptr ? channel->close.stack : 0;
  if (!findings.is_new(
          key_of(FindingKind::kChannelMisuse, event.stack, close_stack, event.index))) {
    return;
  }
  Draft draft;
  draft.finding.kind = FindingKind::kChannelMisuse;
  draft.finding.certainty = Certainty::kCertain;
  draft.finding.parties = {party_of(event, order)};
  draft.finding.parties[0].action = action_of(misuse);
  if (channel != nullptr && channel->is_closed) draft.finding.parties.push_back(channel->close);
  draft.tell = [misuse](Finding& f, const Run& run) {
    const std::string name = object_text(run, f.parties[0].object);
    if (misuse == Misuse::kSendOnClosed) {
      f.title = "send on closed " + name;
      f.why = "a closed channel takes no more values";
      f.hint = "close only after the last send, and only from one place";
    } else if (misuse == Misuse::kCloseOfClosed) {
      f.title = "close of closed " + name;
      f.why = "a channel can be closed once";
      f.hint = "let one task own the close, or use channel<T>()'s owning ends";
    } else if (misuse == Misuse::kCloseOfNil) {
      f.title = "close of a nil channel";
      f.why = "a nil channel has nothing to close";
      f.hint = "make the channel with make_chan before it is used";
    } else {
      f.title = "a nil channel is used for ever";
      f.why = "a nil channel is never ready: the task can never run again";
      f.hint = "make the channel with make_chan before it is used";
    }
  };
  findings.add(std::move(draft));
}

}  // namespace

std::unique_ptr<Detector> make_channel_misuse() { return std::make_unique<ChannelMisuse>(); }

}  // namespace raddle::detect
