// SPDX-License-Identifier: Apache-2.0
// A task that refers to a variable of a function, or of a block or loop in it, that does not wait
// for the task.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// A start, in its function.
struct Start {
  const Code& code;
  const Function& function;
  int index;  // of the function
  std::size_t place;

  const Operation& operation() const { return function.operations[place]; }
  const Function* task() const {
    const int task = operation().task;
    return task < 0 ? nullptr : &code.functions[static_cast<std::size_t>(task)];
  }
  const Object& object(int number) const { return code.objects[static_cast<std::size_t>(number)]; }
  bool has_after(auto is_it) const {
    return std::any_of(function.operations.begin() + static_cast<std::ptrdiff_t>(place) + 1,
                       function.operations.end(), is_it);
  }
  // Whether a place stands where what was declared at `region` lives.
  bool is_within(Surroundings at, Surroundings region) const {
    return is_inside(function.loops, at.loop, region.loop) &&
           is_inside(function.scopes, at.scope, region.scope);
  }
};

bool is_whole_function(Surroundings region) { return region.loop < 0 && region.scope <= 0; }

// Whether the variable's block names what may tell the end of the task, other than to start another
// or to keep it.
bool is_named(const Start& start, int object, Surroundings region) {
  const Object& named = start.object(object);
  return std::ranges::any_of(start.function.mentions, [&](const Mention& mention) {
    const bool is_it = mention.object < 0 ? named.member >= 0 && named.base < 0
                                          : is_same(start.code, mention.object, object);
    return is_it && start.is_within(mention.at, region);
  });
}

// Whether the task can reach it.
bool has(const Start& start, int object) {
  while (start.object(object).base >= 0) object = start.object(object).base;
  const bool is_everybodys = start.object(object).function < 0;
  const auto is_it = [&](const Capture& capture) { return capture.object == object; };
  return is_everybodys || std::ranges::any_of(start.operation().arguments, is_it) ||
         (start.task() != nullptr && std::ranges::any_of(start.task()->captures, is_it));
}

// Some other lambda has it, and may wait through it whenever it is called.
bool is_handed_out(const Start& start, int object) {
  for (std::size_t i = 0; i < start.code.functions.size(); ++i) {
    const Function& other = start.code.functions[i];
    if (other.is_task || other.parent < 0) continue;
    bool is_around = false;
    for (int around = start.index; around >= 0;
         around = start.code.functions[static_cast<std::size_t>(around)].parent) {
      is_around = is_around || around == static_cast<int>(i);
    }
    const auto is_it = [&](const Capture& capture) { return capture.object == object; };
    if (!is_around && std::ranges::any_of(other.captures, is_it)) return true;
  }
  return false;
}

// A flag that the function looks at, which the task may set when it no longer needs the rest.
bool shares_flag(const Start& start, Surroundings region) {
  const bool is_looked_at =
      std::ranges::any_of(start.function.mentions, [&](const Mention& mention) {
        if (mention.object < 0 || start.object(mention.object).type != Type::kAtomic) return false;
        return start.is_within(mention.at, region) && has(start, mention.object);
      });
  if (is_looked_at || start.task() == nullptr) return is_looked_at;
  return std::ranges::any_of(start.task()->captures, [&](const Capture& capture) {
    return start.object(capture.object).type == Type::kAtomic &&
           is_handed_out(start, capture.object);
  });
}

bool is_awaited(const Start& start, Surroundings region) {
  return start.has_after([&](const Operation& operation) {
    return is_waiting(operation.kind) && start.is_within(operation.at, region);
  });
}

// The holder lives on when the variable's block ends, so that nobody waits there unless it is
// written there.
bool outlives(const Start& start, int holder, Surroundings region) {
  while (start.object(holder).base >= 0) holder = start.object(holder).base;
  const Object& object = start.object(holder);
  const bool is_local = object.function == start.index && !object.is_reference;
  if (is_local) return !start.is_within(object.declared, region);
  if (object.function >= 0 || object.member >= 0) return true;
  // Any function may wait for what is global.
  return !start.has_after([&](const Operation& operation) {
    return operation.kind == Kind::kCalls && start.is_within(operation.at, region);
  });
}

// Whether the task may still run when the block ends in which the variable is declared.
bool may_go_on(const Start& start, Surroundings region) {
  const Operation& operation = start.operation();
  if (operation.life == Life::kFree || operation.is_returned) return true;
  const bool is_detached =
      operation.life == Life::kJoined &&
      start.has_after([](const Operation& other) { return other.kind == Kind::kDetaches; });
  if (is_detached) return true;
  // What nobody holds in sight is joined by whoever does; what a block holds is waited for by it.
  const int holder = operation.holder;
  return holder >= 0 && outlives(start, holder, region) && !is_named(start, holder, region) &&
         !is_handed_out(start, holder);
}

// Whether a copy would do: the task does not write to it.
bool is_only_read(const Start& start, int object) {
  return start.task() != nullptr &&
         std::ranges::none_of(start.task()->operations, [&](const Operation& operation) {
           return operation.kind == Kind::kWrites && operation.object == object;
         });
}

void look_at(const Start& start, const Capture& capture, Warnings& warnings) {
  if (!capture.by_reference) return;
  const Object& object = start.object(whole_of(start.code, capture.object));
  if (object.base >= 0 || object.function != start.index || object.is_reference) return;
  const Surroundings region = object.declared;
  // main's variables live until the process ends.
  if (is_whole_function(region) && start.function.name == "main") return;
  if (shares_flag(start, region) || is_awaited(start, region) || !may_go_on(start, region)) return;
  Warning warning;
  warning.place = capture.place;
  warning.text = "the task refers to '" + object.name + "', which ";
  if (region.loop >= 0) {
    warning.text += "the loop changes or destroys while the task runs";
  } else if (is_whole_function(region)) {
    warning.text += "is gone when this function returns, and nothing here waits for the task";
  } else {
    warning.text += "is gone when its block ends, and nothing there waits for the task";
  }
  warning.text += "; capture it by value, or wait";
  warning.notes = {{object.place, "'" + object.name + "' lives here"},
                   {start.operation().range.begin, "the task starts here"}};
  if (capture.ampersand.last != 0 && object.type == Type::kOther &&
      is_only_read(start, capture.object)) {
    warning.fixes = {{capture.ampersand, ""}};
  }
  warnings.push_back(std::move(warning));
}

}  // namespace

void find_outlived_capture(const Code& code, Warnings& warnings) {
  for (std::size_t index = 0; index < code.functions.size(); ++index) {
    const Function& function = code.functions[index];
    for (std::size_t i = 0; i < function.operations.size(); ++i) {
      if (function.operations[i].kind != Kind::kStarts) continue;
      const Start start{code, function, static_cast<int>(index), i};
      for (const Capture& argument : start.operation().arguments) {
        look_at(start, argument, warnings);
      }
      if (start.task() == nullptr) continue;
      for (const Capture& capture : start.task()->captures) look_at(start, capture, warnings);
    }
  }
}

}  // namespace raddle::lint
