// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;
using namespace std::chrono_literals;

namespace {

Chan<int> full() {
  auto c = make_chan<int>(1);
  c.send(1);
  return c;
}

Chan<int> closed() {
  auto c = make_chan<int>();
  c.close();
  return c;
}

std::string received(std::optional<int> value) { return value ? std::to_string(*value) : "closed"; }

// What is received in a select with a default.
std::string poll(const Chan<int>& c) {
  std::string seen;
  select(on_recv(c, [&](std::optional<int> value) { seen = received(value); }),
         otherwise([&] { seen = "default"; }));
  return seen;
}

std::string no_default_when_a_case_is_ready() {
  for (int i = 0; i < 1000; ++i) {
    if (poll(full()) == "default") return "default";
  }
  return "case";
}

std::string a_nil_case_is_never_chosen() {
  for (int i = 0; i < 1000; ++i) {
    if (select(on_recv(Chan<int>{}), on_recv(full())) == 0) return "nil";
  }
  return "other";
}

template <typename Choose>
std::string fairness(std::size_t cases, Choose choose) {
  std::vector<int> counts(cases);
  for (int i = 0; i < 10000; ++i) ++counts[static_cast<std::size_t>(choose())];
  return is_fair(counts);
}

std::string takes_only_what_it_chooses() {
  const auto a = full();
  const auto b = full();
  select(on_recv(a), on_recv(b));
  return std::to_string(a.len() + b.len());
}

std::string a_default_finds_a_waiting_sender() {
  auto c = make_chan<int>();
  go([=] { c.send(3); });
  let_others_run();
  return poll(c);
}

std::string a_default_finds_a_waiting_receiver() {
  auto c = make_chan<int>();
  go([=] { c.recv(); });
  let_others_run();
  return select(on_send(c, 3), otherwise()) == 0 ? "sent" : "default";
}

std::string two_selects_meet() {
  auto c = make_chan<int>();
  auto d = make_chan<int>();
  go([=] { select(on_send(c, 1), on_send(d, 1)); });
  return outcome_of([=] {
    let_others_run();
    select(on_recv(c), on_recv(d));
  });
}

std::string waits_in_line_with_plain_receivers() {
  auto c = make_chan<int>();
  auto history = std::make_shared<History>();
  go([=] {
    c.recv();
    history->note("plain");
  });
  let_others_run();
  go([=] {
    select(on_recv(c), on_recv(Chan<int>{}));
    history->note("select");
  });
  let_others_run();
  for (const int value : {1, 2}) {
    c.send(value);
    let_others_run();
  }
  return history->text();
}

std::string is_woken_by_close() {
  auto c = make_chan<int>();
  auto d = make_chan<int>();
  go([=] {
    let_others_run();
    d.close();
  });
  std::string seen = "open";
  select(on_recv(c), on_recv(d, [&](std::optional<int> value) { seen = received(value); }));
  return seen;
}

std::string a_waiting_send_is_ended_by_close() {
  auto c = make_chan<int>();
  go([=] {
    let_others_run();
    c.close();
  });
  return outcome_of([=] { select(on_send(c, 1), on_recv(Chan<int>{})); });
}

// One select more, with the same channel in both of its cases.
std::string receive_twice(const Chan<int>& c) {
  std::string seen;
  const auto take = [&](std::optional<int> value) { seen = received(value); };
  select(on_recv(c, take), on_recv(c, take));
  return seen;
}

std::string waits_twice_for_one_channel() {
  auto c = make_chan<int>();
  auto taken = make_chan<std::string>(2);
  go([=] {
    for (int i = 0; i < 2; ++i) taken.send(receive_twice(c));
  });
  let_others_run();
  c.send(1);
  let_others_run();
  c.send(2);
  const std::string first = *taken.recv();
  return first + " " + *taken.recv();
}

Chan<int> soon_closed() {
  auto c = make_chan<int>();
  go([=] {
    let_others_run();
    c.close();
  });
  return c;
}

std::string two_that_send_and_receive_on_one_channel_meet() {
  auto c = make_chan<int>();
  const auto both = [=] { select(on_send(c, 1), on_recv(c)); };
  go(both);
  return outcome_of(both);
}

std::string sends_and_receives_on_one_channel_with_room() {
  auto c = make_chan<int>(1);
  History history;
  for (int i = 0; i < 4; ++i) {
    select(on_send(c, 1, [&] { history.note("sent"); }),
           on_recv(c, [&](auto) { history.note("received"); }));
  }
  return history.text();
}

std::string a_closed_channel_beside_a_send_on_it() {
  bool has_thrown = false;
  bool was_closed = false;
  bool was_other = false;
  for (int i = 0; i < 200; ++i) {
    const auto c = closed();
    try {
      select(on_recv(c, [&](std::optional<int> value) { (value ? was_other : was_closed) = true; }),
             on_send(c, 1, [&] { was_other = true; }));
    } catch (const ClosedChannel&) {
      has_thrown = true;
    }
  }
  const int seen = (has_thrown ? 1 : 0) + (was_closed ? 1 : 0) + (was_other ? 1 : 0);
  return std::string(has_thrown ? "true" : "false") + " " + (was_closed ? "true" : "false") + " " +
         std::to_string(seen);
}

std::string loses_its_place_when_another_case_is_chosen() {
  auto c = make_chan<int>();
  auto d = make_chan<int>();
  auto history = std::make_shared<History>();
  go([=] {
    const int chosen = select(on_recv(c), on_recv(d));
    history->note(chosen == 0 ? "first" : "other");
  });
  let_others_run();
  go([=] {
    c.recv();
    history->note("second");
  });
  let_others_run();
  d.send(1);
  let_others_run();
  c.send(1);
  let_others_run();
  return history->text();
}

}  // namespace

std::vector<Row> select_rows() {
  return {
      {"select.default_when_nothing_is_ready", [] { return poll(make_chan<int>()); }},
      {"select.no_default_when_a_case_is_ready", no_default_when_a_case_is_ready},
      {"select.without_cases", [] { return outcome_of([] { select(); }); }},
      {"select.of_nil_channels",
       [] { return outcome_of([] { select(on_recv(Chan<int>{}), on_send(Chan<int>{}, 1)); }); }},
      {"select.a_nil_case_is_never_chosen", a_nil_case_is_never_chosen},
      {"select.a_closed_channel_is_ready", [] { return poll(closed()); }},
      {"select.a_send_on_a_closed_channel",
       [] { return outcome_of([] { select(on_send(closed(), 1), otherwise()); }); }},
      {"select.is_fair_among_two",
       [] { return fairness(2, [] { return select(on_recv(full()), on_recv(full())); }); }},
      {"select.is_fair_among_sends_and_receives",
       [] {
         return fairness(4, [] {
           return select(on_recv(full()), on_send(make_chan<int>(1), 1), on_recv(closed()),
                         on_send(make_chan<int>(1), 1));
         });
       }},
      {"select.is_fair_although_one_channel_is_there_twice",
       [] {
         return fairness(2, [] {
           const auto c = full();
           return select(on_recv(c), on_recv(c));
         });
       }},
      {"select.takes_only_what_it_chooses", takes_only_what_it_chooses},
      {"select.a_default_finds_a_waiting_sender", a_default_finds_a_waiting_sender},
      {"select.a_default_finds_a_waiting_receiver", a_default_finds_a_waiting_receiver},
      {"select.does_not_meet_itself",
       [] {
         auto c = make_chan<int>();
         return outcome_of([=] { select(on_send(c, 1), on_recv(c)); });
       }},
      {"select.two_selects_meet", two_selects_meet},
      {"select.waits_in_line_with_plain_receivers", waits_in_line_with_plain_receivers},
      {"select.a_time_out_ends_it",
       [] {
         return select(on_recv(make_chan<int>()), on_timeout(1ms)) == 1 ? "time-out" : "case";
       }},
      {"select.is_woken_by_close", is_woken_by_close},
      {"select.a_waiting_send_is_ended_by_close", a_waiting_send_is_ended_by_close},
      {"select.waits_twice_for_one_channel", waits_twice_for_one_channel},
      {"select.that_waits_twice_for_one_channel_is_woken_by_close",
       [] { return receive_twice(soon_closed()); }},
      {"select.two_that_send_and_receive_on_one_channel_meet",
       two_that_send_and_receive_on_one_channel_meet},
      {"select.sends_and_receives_on_one_channel_with_room",
       sends_and_receives_on_one_channel_with_room},
      {"select.a_waiting_receive_and_send_are_woken_by_close",
       [] {
         return outcome([c = soon_closed()] {
           std::string seen = "nil";
           select(on_recv(c, [&](std::optional<int> value) { seen = received(value); }),
                  on_send(Chan<int>{}, 1));
           return seen;
         });
       }},
      {"select.a_closed_channel_beside_a_send_on_it", a_closed_channel_beside_a_send_on_it},
      {"select.loses_its_place_when_another_case_is_chosen",
       loses_its_place_when_another_case_is_chosen},
  };
}

}  // namespace semantics
