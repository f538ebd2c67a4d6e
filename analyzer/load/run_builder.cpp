// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/run_builder.h"

#include <algorithm>
#include <utility>

namespace raddle::load {

using trace::Effect;
using trace::Event;
using trace::ObjectType;

namespace {

constexpr TaskId kMain = 1;                       // events.def: TaskSpawn
constexpr std::uint32_t kMostStreams = 1u << 20;  // a damaged one must not take all memory

State state_of_wait(const Event& event) {
  switch (trace::object_type_of(event.kind)) {
    case ObjectType::kChannel:
      return State::kChannel;
    case ObjectType::kSelect:
      return State::kSelect;
    case ObjectType::kMutex:
    case ObjectType::kRwMutex:
      return State::kMutex;
    case ObjectType::kTimer:
      return State::kSleep;
    case ObjectType::kTask:
    case ObjectType::kWaitGroup:
    case ObjectType::kOnce:
    case ObjectType::kCond:
    case ObjectType::kSemaphore:
    case ObjectType::kBarrier:
    case ObjectType::kContext:
    case ObjectType::kAtomic:
    case ObjectType::kMemory:
    case ObjectType::kRun:
    case ObjectType::kAddress:
      return State::kSync;
  }
  return State::kSync;
}

bool is_wait(Effect effect) { return effect == Effect::kWaits || effect == Effect::kWaitsToSend; }

}  // namespace

// Whether all that is to be told of it without a timeline is that its task waits no more.
bool RunBuilder::is_brief(const Event& event, Effect effect) const {
  if (with_timeline_ || event.task >= run_.tasks.size() || run_.tasks[event.task].id == 0) {
    return false;
  }
  switch (effect) {
    case Effect::kTakes:
    case Effect::kGives:
    case Effect::kTakesShared:
    case Effect::kGivesShared:
    case Effect::kExchanges:
    case Effect::kSends:
    case Effect::kAcquires:
    case Effect::kReleases:
    case Effect::kCounts:
    case Effect::kAtomicReads:
    case Effect::kAtomicWrites:
    case Effect::kAtomicUpdates:
    case Effect::kAllocates:
    case Effect::kFrees:
    case Effect::kDiscards:
      return !lanes_.is_waiting(event.task);
    default:  // others' tasks, or what the task is from then on
      return false;
  }
}

Task& RunBuilder::task(TaskId id) {
  if (id >= kMostTasks) id = 0;
  if (id >= run_.tasks.size()) {
    run_.tasks.resize(id + 1);
  }
  Task& task = run_.tasks[id];
  if (task.id == 0 && id != 0) {
    task.id = id;
    task.is_main = id == kMain;
    task.is_thread = task.is_main;
    task.begin_ns = run_.duration_ns;
    task.end_ns = -1;
    if (with_timeline_) task.spans.push_back({task.begin_ns, State::kRunning, 0, 0});
  }
  return task;
}

Object& RunBuilder::object(const Event& event, ObjectId id) {
  if (id < run_.objects.size() && run_.objects[id].address != 0) return run_.objects[id];
  if (id >= run_.objects.size()) {
    run_.objects.resize(id + 1);
    tracks_.resize(id + 1);
  }
  Object& object = run_.objects[id];
  if (id == 0 || object.address != 0) return object;
  const ObjectType type = trace::object_type_of(event.kind);
  object.type = type;
  object.address = event.object;
  object.created_at = event.stack;
  if (trace::effect_of(event.kind) == Effect::kCreates) {
    object.creator = event.task;
    if (type == ObjectType::kChannel) object.capacity = event.value;
  }
  const auto t = static_cast<std::size_t>(type);
  if (t >= made_of_type_.size()) made_of_type_.resize(t + 1);
  object.name = std::string(trace::name_of(type)) + " " + std::to_string(++made_of_type_[t]);
  return object;
}

void RunBuilder::accesses(TaskId id, std::size_t count) {
  run_.accesses += count;
  if (id < run_.tasks.size() && run_.tasks[id].has_started && !lanes_.is_waiting(id)) return;
  Task& t = task(id);
  t.has_started = true;
  if (lanes_.is_waiting(t.id)) {
    lanes_[t.id].is_waiting = false;
    set_state(t.id, State::kRunning, run_.duration_ns, 0, 0);
  }
}

// A hang's task is the watchdog.
bool RunBuilder::is_of_task(const Event& event) {
  return event.task != 0 && event.task < kMostTasks &&
         trace::effect_of(event.kind) != Effect::kHangs;
}

void RunBuilder::event(const Event& event, ObjectId object_id) {
  ++run_.events;
  run_.duration_ns = std::max(run_.duration_ns, event.time_ns);
  const Effect effect = trace::effect_of(event.kind);
  if (object_id != 0) {
    Object& o = object(event, object_id);
    ++(is_wait(effect) ? o.waits : o.operations);
  }
  if (is_brief(event, effect) || !is_of_task(event)) return;
  task(event.task);
  if (effect == Effect::kForks) fork(event);
  if (event.kind == trace::Kind::kKernelSleep) sleep(event);
  Task& t = run_.tasks[event.task];
  if (effect == Effect::kBegins) t.has_started = true;
  if (effect == Effect::kEnds) {
    t.has_ended = true;
    t.end_ns = event.time_ns;
  }
  follow_states(event, object_id);
  if (effect == Effect::kEnds) lanes_.end(event.task);
  if (!with_timeline_) return;
  if (object_id != 0) follow_object(event, object_id);
  mark(event, object_id);
}

void RunBuilder::sleep(const Event& event) {
  constexpr std::size_t kMost = 50;
  const auto is_same = [&](const Sleep& known) {
    return known.call == event.index && known.stack == event.stack;
  };
  if (sleeps_.size() == kMost || std::ranges::any_of(sleeps_, is_same)) return;
  sleeps_.push_back({event.task, event.index, event.stack});
}

void RunBuilder::fork(const Event& event) {
  const auto child = static_cast<TaskId>(event.object);
  if (child == 0) return;
  Task& created = task(child);
  created.creator = event.task;
  created.created_at = event.stack;
  created.begin_ns = event.time_ns;
  created.is_thread = (event.index & trace::kThread) != 0;
  lanes_[created.id].is_worker = (event.index & trace::kWorker) != 0;
  if (lanes_[created.id].is_worker) created.name = "raddle's worker";
  if (!with_timeline_) return;
  const bool is_worker = lanes_[created.id].is_worker;
  created.spans = {{event.time_ns, is_worker ? State::kIdle : State::kRunnable, 0, 0}};
}

void RunBuilder::set_state(TaskId id, State state, std::int64_t time_ns, ObjectId object,
                           StackId stack) {
  if (!with_timeline_ || lanes_[id].is_worker) return;
  TimedList<Span>& spans = run_.tasks[id].spans;
  const Span span = {time_ns, state, object, stack};
  if (spans.empty()) return spans.push_back(span);
  const Span last = spans.back();
  if (last.what() == span.what()) return;
  if (last.begin_ns < time_ns) return spans.push_back(span);
  spans.pop_back();  // nothing is seen of it
  spans.push_back({last.begin_ns, state, object, stack});
}

void RunBuilder::begin_wait(const Event& event, ObjectId object) {
  Lane& lane = lanes_[event.task];
  lane.wait_ns = event.time_ns;
  lane.wait_value = event.value;
  lane.wait_kind = event.kind;
  lane.wait_object = object;
  lane.is_waiting = true;
  set_state(event.task, state_of_wait(event), event.time_ns, object, event.stack);
}

// As Order::end_wait: any event of the task but giving up the mutex of a condition's wait, and
// memory that the runtime uses for a task.
void RunBuilder::end_wait(TaskId id, const Event& event) {
  if (!lanes_.is_waiting(id)) return;
  Lane& lane = lanes_[id];
  const Task& task = run_.tasks[id];
  if (trace::is_of_memory(trace::effect_of(event.kind)) && task.creator != 0 && !task.is_thread) {
    return;
  }
  if (trace::effect_of(event.kind) == Effect::kGives && event.object == lane.wait_value &&
      trace::object_type_of(lane.wait_kind) == ObjectType::kCond) {
    return;
  }
  lane.is_waiting = false;
  if (lane.wait_object != 0) {
    run_.objects[lane.wait_object].waited_ns += event.time_ns - lane.wait_ns;
  }
}

// Whoever ran on the stream until now has yielded, unless it was said what became of it.
void RunBuilder::resume(TaskId id, const Event& event) {
  lanes_[id].is_suspended = false;
  lanes_[id].stream = event.stream;
  if (event.stream >= kMostStreams) return;
  if (event.stream >= resumed_.size()) resumed_.resize(event.stream + 1);
  const TaskId before = std::exchange(resumed_[event.stream], id);
  if (before == id || before == 0) return;
  if (run_.tasks[before].is_thread || run_.tasks[before].has_ended) return;
  Lane& lane = lanes_[before];
  const bool has_gone = lane.is_suspended || lane.is_waiting;
  if (has_gone || lane.stream != event.stream) return;
  lane.is_suspended = true;
  set_state(before, State::kRunnable, event.time_ns, 0, 0);
}

void RunBuilder::follow_states(const Event& event, ObjectId object) {
  const Effect effect = trace::effect_of(event.kind);
  if (effect == Effect::kOffers) return;
  if (effect == Effect::kSuspends) {
    lanes_[event.task].is_suspended = true;
    if (!lanes_[event.task].is_waiting)
      set_state(event.task, State::kRunnable, event.time_ns, 0, 0);
    return;
  }
  if (effect == Effect::kWakes || effect == Effect::kResumes) {
    if (event.object == 0 || event.object >= kMostTasks) return;
    const auto other = static_cast<TaskId>(event.object);
    task(other);
    end_wait(other, event);
    const bool runs = effect == Effect::kResumes;
    if (runs) {
      resume(other, event);
    } else {
      lanes_[other].is_suspended = true;
    }
    set_state(other, runs ? State::kRunning : State::kRunnable, event.time_ns, 0, 0);
    if (other != event.task && !runs) end_wait(event.task, event);
    return;
  }
  if ((effect == Effect::kMeets || effect == Effect::kSignals) && event.peer != 0) {
    task(event.peer);
    end_wait(event.peer, event);
  }
  end_wait(event.task, event);
  if (effect == Effect::kBegins && (event.index & trace::kBeginsHere) != 0)
    resume(event.task, event);
  if (is_wait(effect)) {
    begin_wait(event, object);
  } else if (!lanes_[event.task].is_suspended && !lanes_[event.task].is_waiting &&
             effect != Effect::kEnds && is_own(event)) {
    set_state(event.task, State::kRunning, event.time_ns, 0, 0);
  }
}

// Whether a task did it by itself, and not another one for it, whose stream it is.
bool RunBuilder::is_own(const Event& event) const {
  if (run_.tasks[event.task].is_thread || event.stream >= resumed_.size()) return true;
  const TaskId runs = resumed_[event.stream];
  return runs == 0 || runs == event.task;
}

void RunBuilder::take(const Event& event, ObjectId object, bool is_shared) {
  Track& track = tracks_[object];
  HoldingList& holdings = run_.objects[object].holdings;
  for (std::size_t i = 0; i < track.open.size(); ++i) {
    if (holdings[track.open[i]].task != event.task) continue;
    ++track.depth[i];
    return;
  }
  track.open.push_back(static_cast<std::uint32_t>(holdings.size()));
  track.depth.push_back(1);
  holdings.push_back({event.time_ns, Holding::kOpen, event.task, is_shared});
}

void RunBuilder::give(const Event& event, ObjectId object) {
  Track& track = tracks_[object];
  HoldingList& holdings = run_.objects[object].holdings;
  track.last_giver = event.task;
  for (std::size_t i = 0; i < track.open.size(); ++i) {
    if (holdings[track.open[i]].task != event.task) continue;
    if (--track.depth[i] > 0) return;
    holdings.set_end(track.open[i], event.time_ns);
    track.open.erase(track.open.begin() + static_cast<std::ptrdiff_t>(i));
    track.depth.erase(track.depth.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void RunBuilder::fill(const Event& event, ObjectId object, bool is_send) {
  Track& track = tracks_[object];
  if (is_send) {
    ++track.fill;
    if (event.index < (1u << 20)) {
      if (event.index >= track.senders.size()) track.senders.resize(event.index + 1);
      track.senders[event.index] = event.task;
    }
  } else if (track.fill > 0) {
    --track.fill;
  }
  run_.objects[object].fills.push_back({event.time_ns, track.fill});
}

void RunBuilder::follow_object(const Event& event, ObjectId object) {
  switch (trace::effect_of(event.kind)) {
    case Effect::kTakes:
      return take(event, object, false);
    case Effect::kTakesShared:
      return take(event, object, true);
    case Effect::kGives:
    case Effect::kGivesShared:
      return give(event, object);
    case Effect::kSends:
      return fill(event, object, true);
    case Effect::kExchanges:
      return fill(event, object, false);
    case Effect::kReleases:
    case Effect::kCloses:
      tracks_[object].last_giver = event.task;
      return;
    default:  // the others neither hold nor fill
      return;
  }
}

// Who the other end of the viewer's arrow is.
TaskId RunBuilder::peer_of(const Event& event, ObjectId object) const {
  switch (trace::effect_of(event.kind)) {
    case Effect::kForks:
    case Effect::kJoins:
    case Effect::kWakes:
    case Effect::kDetaches:
      return static_cast<TaskId>(event.object);
    case Effect::kTakes:
    case Effect::kTakesShared:
    case Effect::kAcquires:
    case Effect::kAcquiresClose:
      return object != 0 ? tracks_[object].last_giver : event.peer;
    case Effect::kExchanges: {
      if (object == 0 || event.index >= tracks_[object].senders.size()) return 0;
      return tracks_[object].senders[event.index];
    }
    default:
      return event.peer;
  }
}

void RunBuilder::mark(const Event& event, ObjectId object) {
  switch (trace::effect_of(event.kind)) {
    case Effect::kForks:
    case Effect::kBegins:
    case Effect::kJoins:
    case Effect::kEnds:
    case Effect::kWakes:
    case Effect::kTakes:
    case Effect::kGives:
    case Effect::kTakesShared:
    case Effect::kGivesShared:
    case Effect::kExchanges:
    case Effect::kSends:
    case Effect::kMeets:
    case Effect::kCloses:
    case Effect::kAcquiresClose:
    case Effect::kAcquires:
    case Effect::kReleases:
    case Effect::kGivesPermits:
    case Effect::kTakesPermit:
    case Effect::kArrives:
    case Effect::kLeaves:
    case Effect::kSignals:
    case Effect::kNotifies:
    case Effect::kCounts:
    case Effect::kMisuses:
    case Effect::kPanics:
    case Effect::kFinishes:
    case Effect::kHangs:
    case Effect::kLoses:
    case Effect::kSpins:
      run_.tasks[event.task].moments.push_back(
          {event.time_ns, event.kind, object, peer_of(event, object), event.stack});
      return;
    default:  // accesses, memory and what only concerns the task itself
      return;
  }
}

namespace {

// Where streams contradict each other, the first span may begin behind the task's end.
void begin_before_end(Task& task) {
  if (task.spans.empty() || task.spans.front().begin_ns <= task.end_ns) return;
  TimedList<Span> spans;
  for (Span span : task.spans) {
    if (spans.empty()) span.begin_ns = task.end_ns;
    spans.push_back(span);
  }
  task.spans = std::move(spans);
}

}  // namespace

Run RunBuilder::finish() {
  for (Task& t : run_.tasks) {
    if (t.end_ns < 0 || !t.has_ended) t.end_ns = run_.duration_ns;
    begin_before_end(t);
  }
  lanes_.for_each([this](const Lane& lane) {
    if (!lane.is_waiting || lane.wait_object == 0) return;
    run_.objects[lane.wait_object].waited_ns += run_.duration_ns - lane.wait_ns;
  });
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    for (const std::uint32_t open : tracks_[i].open) {
      run_.objects[i].holdings.set_end(open, run_.duration_ns);
    }
  }
  if (run_.tasks.empty()) run_.tasks.emplace_back();
  if (run_.objects.empty()) run_.objects.emplace_back();
  return std::move(run_);
}

}  // namespace raddle::load
