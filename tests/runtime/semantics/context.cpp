// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <stdexcept>

#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;
using namespace std::chrono_literals;

namespace {

// With Go's words. Read as a program does: first whether it is done, then why.
std::string ended(const Context& context) {
  bool is_done = false;
  select(on_recv(context.done(), [&](bool) { is_done = true; }), otherwise());
  if (!is_done) return "goes on";
  return context.err() == ContextError::kCanceled ? "context canceled"
                                                  : "context deadline exceeded";
}

std::string why(const Context& context) {
  const std::exception_ptr found = cause(context);
  if (!found) return "none";
  try {
    std::rethrow_exception(found);
  } catch (const std::exception& e) {
    return e.what();
  }
}

std::string text(bool value) { return value ? "true" : "false"; }

std::string number(std::optional<int> value) { return value ? std::to_string(*value) : "none"; }

auto past() { return std::chrono::steady_clock::now() - 1s; }

std::string of_cancel(int times) {
  auto [context, cancel] = with_cancel(background());
  for (int i = 0; i < times; ++i) cancel();
  return ended(context);
}

std::string cancel_ends_children() {
  auto [parent, cancel] = with_cancel(background());
  auto [child, stop] = with_cancel(with_value(parent, "k", 1));
  cancel();
  return ended(child);
}

std::string a_childs_cancel_leaves_the_parent() {
  auto [parent, stop] = with_cancel(background());
  auto [child, cancel] = with_cancel(parent);
  cancel();
  return ended(parent) + ", " + ended(child);
}

std::string a_child_of_an_ended_parent() {
  auto [parent, cancel] = with_cancel(background());
  cancel();
  auto [child, stop] = with_cancel(parent);
  return ended(child);
}

std::string a_time_out() {
  auto [context, cancel] = with_timeout(background(), 1ms);
  context.done().recv();
  return ended(context);
}

std::string a_cancel_after_the_deadline() {
  auto [context, cancel] = with_deadline(background(), past());
  cancel();
  return ended(context);
}

std::string a_later_deadline_than_the_parents() {
  auto [parent, stop] = with_timeout(background(), 1h);
  auto [child, cancel] = with_timeout(parent, 2h);
  return text(parent.deadline() == child.deadline());
}

std::string the_nearest_value_counts() {
  const Context outer = with_value(background(), "k", 1);
  const Context inner = with_value(outer, "k", 2);
  return number(outer.value<int>("k")) + " " + number(inner.value<int>("k"));
}

std::string a_cause() {
  auto [context, cancel] = with_cancel_cause(background());
  cancel(std::runtime_error("enough"));
  return ended(context) + ", " + why(context);
}

std::string the_first_cause_counts() {
  auto [context, cancel] = with_cancel_cause(background());
  cancel(std::runtime_error("first"));
  cancel(std::runtime_error("second"));
  return why(context);
}

std::string a_child_has_its_parents_cause() {
  auto [parent, cancel] = with_cancel_cause(background());
  auto [child, stop] = with_cancel(parent);
  cancel(std::runtime_error("enough"));
  return why(child);
}

std::string the_cause_of_a_cancel_without_one() {
  auto [context, cancel] = with_cancel(background());
  cancel();
  return why(context);
}

std::string a_cause_of_the_time_out() {
  auto [context, cancel] =
      with_timeout(background(), 1ms, std::make_exception_ptr(std::runtime_error("slow")));
  context.done().recv();
  return ended(context) + ", " + why(context);
}

std::string after_func_runs_when_it_ends() {
  auto [context, cancel] = with_cancel(background());
  History history;
  after_func(context, [&] { history.note("ran"); });
  let_others_run();
  history.note("cancel");
  cancel();
  let_others_run();
  return history.text();
}

std::string after_func_of_an_ended_one() {
  auto [context, cancel] = with_cancel(background());
  cancel();
  History history;
  after_func(context, [&] { history.note("ran"); });
  let_others_run();
  return history.text();
}

std::string after_func_stopped_in_time() {
  auto [context, cancel] = with_cancel(background());
  History history;
  auto after = after_func(context, [&] { history.note("ran"); });
  const bool first = after.stop();
  const bool second = after.stop();
  cancel();
  let_others_run();
  return text(first) + " " + text(second) + history.text();
}

std::string after_func_stopped_too_late() {
  auto [context, cancel] = with_cancel(background());
  auto after = after_func(context, [] {});
  cancel();
  return text(after.stop());
}

std::string without_cancel_keeps_values_only() {
  auto [parent, cancel] = with_cancel(with_value(background(), "k", 1));
  const Context child = without_cancel(parent);
  cancel();
  return ended(child) + ", " + number(child.value<int>("k"));
}

std::exception_ptr error(const char* what) {
  return std::make_exception_ptr(std::runtime_error(what));
}

std::string a_cancel_for_no_reason() {
  auto [context, cancel] = with_cancel_cause(background());
  cancel(std::exception_ptr{});
  return ended(context) + ", " + why(context);
}

std::string a_child_that_ended_before_keeps_its_cause() {
  auto [parent, cancel_parent] = with_cancel_cause(background());
  auto [child, cancel] = with_cancel_cause(parent);
  cancel(error("the child's"));
  cancel_parent(error("the parent's"));
  return why(child) + ", " + why(parent);
}

std::string a_cancel_before_the_deadline_hides_its_cause() {
  auto [context, cancel] = with_timeout(background(), 1h, error("slow"));
  cancel();
  return ended(context) + ", " + why(context);
}

std::string without_cancel_has_no_cause_and_no_deadline() {
  auto [parent, cancel] = with_deadline(background(), past(), error("slow"));
  const Context child = without_cancel(parent);
  return text(!cause(child)) + " " + text(child.deadline().has_value()) + " " +
         text(child.done().is_nil());
}

std::string a_child_of_one_without_cancel_ends_by_itself() {
  auto [parent, cancel_parent] = with_cancel(background());
  auto [child, cancel] = with_cancel(without_cancel(parent));
  cancel_parent();
  const std::string before = ended(child);
  cancel();
  return before + ", " + ended(child);
}

std::string after_func_of_one_that_never_ends() {
  auto after = after_func(background(), [] {});
  const bool first = after.stop();
  return text(first) + " " + text(after.stop());
}

std::string every_after_func_runs() {
  auto [context, cancel] = with_cancel(background());
  auto [child, stop] = with_cancel(context);
  int ran = 0;
  for (int i = 0; i < 3; ++i) after_func(context, [&] { ++ran; });
  after_func(child, [&] { ++ran; });
  cancel();
  let_others_run();
  return std::to_string(ran);
}

std::string a_child_has_its_parents_deadline() {
  auto [parent, cancel] = with_timeout(background(), 1h);
  auto [child, stop] = with_cancel(parent);
  return text(child.deadline() == parent.deadline());
}

}  // namespace

std::vector<Row> context_rows() {
  return {
      {"context.background", [] { return ended(background()); }},
      {"context.cancel", [] { return of_cancel(0) + ", " + of_cancel(1); }},
      {"context.cancel_twice", [] { return of_cancel(2); }},
      {"context.cancel_ends_children", cancel_ends_children},
      {"context.a_childs_cancel_leaves_the_parent", a_childs_cancel_leaves_the_parent},
      {"context.a_child_of_an_ended_parent", a_child_of_an_ended_parent},
      {"context.a_time_out", a_time_out},
      {"context.a_deadline_in_the_past",
       [] {
         auto [context, cancel] = with_deadline(background(), past());
         return ended(context);
       }},
      {"context.a_cancel_after_the_deadline", a_cancel_after_the_deadline},
      {"context.a_later_deadline_than_the_parents", a_later_deadline_than_the_parents},
      {"context.deadline_of_one_without", [] { return text(background().deadline().has_value()); }},
      {"context.the_nearest_value_counts", the_nearest_value_counts},
      {"context.a_value_that_is_not_there",
       [] { return text(!with_value(background(), "k", 1).value<int>("other")); }},
      {"context.a_cause", a_cause},
      {"context.the_first_cause_counts", the_first_cause_counts},
      {"context.a_child_has_its_parents_cause", a_child_has_its_parents_cause},
      {"context.the_cause_of_a_cancel_without_one", the_cause_of_a_cancel_without_one},
      {"context.no_cause_before_the_end", [] { return text(!cause(background())); }},
      {"context.a_cause_of_the_time_out", a_cause_of_the_time_out},
      {"context.after_func_runs_when_it_ends", after_func_runs_when_it_ends},
      {"context.after_func_of_an_ended_one", after_func_of_an_ended_one},
      {"context.after_func_stopped_in_time", after_func_stopped_in_time},
      {"context.after_func_stopped_too_late", after_func_stopped_too_late},
      {"context.without_cancel", without_cancel_keeps_values_only},
      {"context.a_cancel_for_no_reason", a_cancel_for_no_reason},
      {"context.a_child_that_ended_before_keeps_its_cause",
       a_child_that_ended_before_keeps_its_cause},
      {"context.a_cancel_before_the_deadline_hides_its_cause",
       a_cancel_before_the_deadline_hides_its_cause},
      {"context.without_cancel_has_no_cause_and_no_deadline",
       without_cancel_has_no_cause_and_no_deadline},
      {"context.a_child_of_one_without_cancel_ends_by_itself",
       a_child_of_one_without_cancel_ends_by_itself},
      {"context.after_func_of_one_that_never_ends", after_func_of_one_that_never_ends},
      {"context.every_after_func_runs", every_after_func_runs},
      {"context.a_child_has_its_parents_deadline", a_child_has_its_parents_deadline},
  };
}

}  // namespace semantics
