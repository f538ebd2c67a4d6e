// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;

namespace {

std::string receive(const Chan<int>& c) {
  const auto value = c.recv();
  return value ? std::to_string(*value) : "closed";
}

Chan<int> filled(std::size_t capacity, std::initializer_list<int> values) {
  auto c = make_chan<int>(capacity);
  for (const int value : values) c.send(value);
  return c;
}

Chan<int> closed(Chan<int> c) {
  c.close();
  return c;
}

std::string all_of(const Chan<int>& c, int count) {
  History history;
  for (int i = 0; i < count; ++i) history.note(receive(c));
  return history.text();
}

std::string sizes(const Chan<int>& c) {
  return std::to_string(c.len()) + " " + std::to_string(c.cap());
}

std::string an_unbuffered_send_returns_after_its_receive() {
  auto c = make_chan<int>();
  auto history = std::make_shared<History>();
  go([=] {
    c.send(1);
    history->note("sent");
  });
  let_others_run();
  history->note("receiving");
  c.recv();
  let_others_run();
  return history->text();
}

std::string a_waiting_sender_fills_the_freed_slot() {
  auto c = make_chan<int>(1);
  go([=] {
    c.send(1);
    c.send(2);
  });
  let_others_run();
  c.recv();
  return std::to_string(c.len());
}

std::string waiting_senders_are_served_in_their_order() {
  auto c = make_chan<int>();
  for (int i = 1; i <= 3; ++i) {
    go([=] { c.send(i); });
    let_others_run();
  }
  return all_of(c, 3);
}

std::string waiting_receivers_are_served_in_their_order() {
  auto c = make_chan<int>();
  auto history = std::make_shared<History>();
  for (int i = 1; i <= 3; ++i) {
    go([=] { history->note(std::to_string(i) + "=" + receive(c)); });
    let_others_run();
  }
  for (int i = 1; i <= 3; ++i) {
    c.send(i);
    let_others_run();
  }
  return history->text();
}

std::string close_wakes_all_receivers() {
  auto c = make_chan<int>();
  auto history = std::make_shared<History>();
  for (int i = 0; i < 3; ++i) {
    go([=] { history->note(receive(c)); });
  }
  let_others_run();
  c.close();
  let_others_run();
  return history->text();
}

std::string a_waiting_send_is_closed() {
  auto c = make_chan<int>();
  go([=] {
    let_others_run();
    c.close();
  });
  return outcome_of([=] {
    c.send(1);
    let_others_run();
  });
}

std::string close_ends_a_range() {
  History history;
  for (const int value : closed(filled(2, {1, 2}))) history.note(std::to_string(value));
  return history.text();
}

std::string a_value_sent_before_is_not_lost() {
  auto c = make_chan<int>();
  go([=] {
    c.send(5);
    c.close();
  });
  let_others_run();
  return all_of(c, 2);
}

}  // namespace

std::vector<Row> channel_rows() {
  const Chan<int> none;
  return {
      {"channel.send_without_a_receiver",
       [] { return outcome_of([] { make_chan<int>().send(1); }); }},
      {"channel.recv_without_a_sender", [] { return outcome_of([] { make_chan<int>().recv(); }); }},
      {"channel.an_unbuffered_send_returns_after_its_receive",
       an_unbuffered_send_returns_after_its_receive},
      {"channel.send_with_room", [] { return outcome_of([] { filled(1, {1}); }); }},
      {"channel.send_when_full", [] { return outcome_of([] { filled(1, {1, 2}); }); }},
      {"channel.recv_when_empty", [] { return outcome_of([] { make_chan<int>(1).recv(); }); }},
      {"channel.values_come_in_the_order_of_their_sends",
       [] { return all_of(filled(3, {1, 2, 3}), 3); }},
      {"channel.a_waiting_sender_fills_the_freed_slot", a_waiting_sender_fills_the_freed_slot},
      {"channel.waiting_senders_are_served_in_their_order",
       waiting_senders_are_served_in_their_order},
      {"channel.waiting_receivers_are_served_in_their_order",
       waiting_receivers_are_served_in_their_order},
      {"channel.len_and_cap",
       [] { return sizes(make_chan<int>()) + " " + sizes(filled(3, {1, 2})); }},
      {"channel.copies_are_the_same_channel",
       [] {
         const auto a = filled(1, {7});
         const auto b =
             a;  // NOLINT(performance-unnecessary-copy-initialization): a copy is what is tested
         return receive(b);
       }},
      {"nil.send", [=] { return outcome_of([=] { none.send(1); }); }},
      {"nil.recv", [=] { return outcome_of([=] { none.recv(); }); }},
      {"nil.close", [=] { return outcome_of([=] { none.close(); }); }},
      {"nil.len_and_cap", [=] { return sizes(none); }},
      {"nil.range",
       [=] {
         return outcome_of([=] {
           for ([[maybe_unused]] const int value : none) {
           }
         });
       }},
      {"closed.close_again", [] { return outcome_of([] { closed(make_chan<int>()).close(); }); }},
      {"closed.send", [] { return outcome_of([] { closed(make_chan<int>()).send(1); }); }},
      {"closed.send_with_room",
       [] { return outcome_of([] { closed(make_chan<int>(1)).send(1); }); }},
      {"closed.recv", [] { return receive(closed(make_chan<int>())); }},
      {"closed.recv_again",
       [] {
         const auto c = closed(make_chan<int>());
         c.recv();
         return receive(c);
       }},
      {"closed.is_drained_first", [] { return all_of(closed(filled(2, {1, 2})), 3); }},
      {"closed.len_counts_what_is_left",
       [] { return std::to_string(closed(filled(2, {1})).len()); }},
      {"closed.wakes_all_receivers", close_wakes_all_receivers},
      {"closed.a_waiting_send", a_waiting_send_is_closed},
      {"closed.ends_a_range", close_ends_a_range},
      {"closed.a_value_sent_before_is_not_lost", a_value_sent_before_is_not_lost},
  };
}

}  // namespace semantics
