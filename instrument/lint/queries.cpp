// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/queries.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

namespace raddle::lint {
namespace {

// What is known of a place: the ways in which control can come there.
enum : std::uint8_t { kOutside = 1, kBetween = 2 };

using Test = std::function<bool(const Operation&)>;

bool is_exit(Kind kind) {
  return kind == Kind::kReturns || kind == Kind::kThrows || kind == Kind::kEnds;
}

}  // namespace

bool is_inside(const std::vector<int>& parents, int inner, int outer) {
  while (inner != outer && inner >= 0) inner = parents[static_cast<std::size_t>(inner)];
  return inner == outer;
}

bool is_same(const Code& code, int a, int b) {
  if (a < 0 || b < 0) return false;
  if (a == b) return true;
  const int member = code.objects[static_cast<std::size_t>(a)].member;
  return member >= 0 && member == code.objects[static_cast<std::size_t>(b)].member;
}

int whole_of(const Code& code, int object) {
  while (code.objects[static_cast<std::size_t>(object)].is_part) {
    object = code.objects[static_cast<std::size_t>(object)].base;
  }
  return object;
}

std::string quoted(const Code& code, int object) {
  if (object < 0) return "it";
  return "'" + code.objects[static_cast<std::size_t>(object)].name + "'";
}

bool is_communication(Kind kind) {
  return kind == Kind::kSends || kind == Kind::kReceives || kind == Kind::kSelects ||
         kind == Kind::kWaits || kind == Kind::kJoins;
}

bool is_waiting(Kind kind) {
  return is_communication(kind) || kind == Kind::kWaitsCondition || kind == Kind::kSuspends;
}

bool belongs_to(const Code& code, int object, int function) {
  const int owner = code.objects[static_cast<std::size_t>(object)].function;
  while (function >= 0 && function != owner) {
    function = code.functions[static_cast<std::size_t>(function)].parent;
  }
  return function >= 0;
}

namespace {

using States = std::vector<std::uint8_t>;

std::uint8_t after(std::uint8_t state, const Operation& operation, const Test& begins,
                   const Test& ends) {
  if (begins(operation)) return kBetween;
  return ends(operation) ? kOutside : state;
}

// What holds at the beginning of each block; 0: control does not come there. A forward data-flow
// over sets of states, to its fix-point.
States states_of(const Function& function, const Test& begins, const Test& ends) {
  States at_begin(function.blocks.size(), 0);
  if (at_begin.empty()) return at_begin;
  at_begin[0] = kOutside;
  std::deque<int> work = {0};
  while (!work.empty()) {
    const auto block = static_cast<std::size_t>(work.front());
    work.pop_front();
    std::uint8_t state = at_begin[block];
    for (const int index : function.blocks[block].operations) {
      state = after(state, function.operations[static_cast<std::size_t>(index)], begins, ends);
    }
    for (const int next : function.blocks[block].successors) {
      std::uint8_t& known = at_begin[static_cast<std::size_t>(next)];
      if ((known | state) == known) continue;
      known |= state;
      work.push_back(next);
    }
  }
  return at_begin;
}

// The exits that are reached in `wanted` alone.
std::vector<int> exits_in(std::uint8_t wanted, const Function& function, const Test& begins,
                          const Test& ends) {
  std::vector<int> found;
  const States at_begin = states_of(function, begins, ends);
  // Several blocks may share the closing brace.
  std::map<int, std::uint8_t> at_exit;
  for (std::size_t block = 0; block < function.blocks.size(); ++block) {
    std::uint8_t state = at_begin[block];  // 0: cannot be reached
    for (const int index : function.blocks[block].operations) {
      const Operation& operation = function.operations[static_cast<std::size_t>(index)];
      if (is_exit(operation.kind)) at_exit[index] |= state;
      if (state != 0) state = after(state, operation, begins, ends);
    }
  }
  for (const auto& [index, state] : at_exit) {
    if (state == wanted) found.push_back(index);
  }
  return found;
}

}  // namespace

std::vector<int> exits_between(const Function& function, const Test& begins, const Test& ends) {
  return exits_in(kBetween, function, begins, ends);
}

std::vector<int> exits_before(const Function& function, const Test& events) {
  return exits_in(kOutside, function, events, [](const Operation&) { return false; });
}

namespace {

// The blocks that control can reach from one, and that one.
std::vector<bool> reached_from(const Function& function, int block) {
  std::vector<bool> seen(function.blocks.size(), false);
  std::deque<int> work = {block};
  while (!work.empty() && !function.blocks.empty()) {
    const auto next = static_cast<std::size_t>(work.front());
    work.pop_front();
    if (seen[next]) continue;
    seen[next] = true;
    const std::vector<int>& successors = function.blocks[next].successors;
    work.insert(work.end(), successors.begin(), successors.end());
  }
  return seen;
}

// The operations of these blocks that satisfy the test, in the order of the source.
std::vector<int> operations_in(const Function& function, const std::vector<bool>& blocks,
                               const Test& is_it) {
  std::vector<int> found;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    if (!blocks[block]) continue;
    for (const int index : function.blocks[block].operations) {
      if (is_it(function.operations[static_cast<std::size_t>(index)])) found.push_back(index);
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

bool may_recur(const Function& function, const Operation& operation) {
  if (operation.at.loop >= 0) return true;
  const auto index = static_cast<int>(&operation - function.operations.data());
  return std::ranges::any_of(function.blocks, [&](const Block& block) {
    if (std::ranges::find(block.operations, index) == block.operations.end()) return false;
    const auto own = static_cast<std::size_t>(&block - function.blocks.data());
    return std::ranges::any_of(block.successors,
                               [&](int next) -> bool { return reached_from(function, next)[own]; });
  });
}

std::vector<int> exits(const Function& function) {
  return operations_in(function, reached_from(function, 0),
                       [](const Operation& operation) { return is_exit(operation.kind); });
}

std::vector<int> jumps_between(const Function& function, const Test& begins, const Test& ends) {
  std::vector<int> found;
  const States at_begin = states_of(function, begins, ends);
  const auto changes = [&](const Operation& operation) {
    return begins(operation) || ends(operation);
  };
  const std::vector<int> pure = exits_between(function, begins, ends);
  for (std::size_t block = 0; block < function.blocks.size(); ++block) {
    std::uint8_t state = at_begin[block];
    for (const int index : function.blocks[block].operations) {
      const Operation& operation = function.operations[static_cast<std::size_t>(index)];
      if (state != 0) state = after(state, operation, begins, ends);
      if (operation.kind != Kind::kJumps || state != kBetween) continue;
      // The jump is the last of its block.
      const int next = function.blocks[block].successors.empty()
                           ? static_cast<int>(block)
                           : function.blocks[block].successors.front();
      const std::vector<bool> behind = reached_from(function, next);
      const bool is_certain = std::ranges::none_of(
          operations_in(function, behind, [](const Operation& exit) { return is_exit(exit.kind); }),
          [&](int exit) { return std::ranges::find(pure, exit) != pure.end(); });
      if (is_certain && operations_in(function, behind, changes).empty()) found.push_back(index);
    }
  }
  return found;
}

}  // namespace raddle::lint
