// SPDX-License-Identifier: Apache-2.0
#include "bank_run.h"

#include <string>
#include <utility>

namespace raddle::viewer {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kEnd = 6612 * kMs;

// Adds to a run, one thing at a time; times in milliseconds.
class Script {
 public:
  Script() {
    run_.program = "./transfer_test";
    run_.command = "./transfer_test --accounts 2 --rounds 40";
    run_.duration_ns = kEnd;
    run_.end_reason = trace::EndReason::kHung;
    run_.is_instrumented = true;
    run_.has_accesses = true;
    run_.events = 1'240'311;
    run_.accesses = 48'120'004;
    run_.tasks.resize(1);
    run_.objects.resize(1);
    run_.stacks.resize(1);
  }

  StackId stack(std::vector<std::pair<std::string, std::string>> frames) {
    Stack s;
    for (auto& [function, place] : frames) {
      const std::size_t colon = place.find(':');
      Frame f;
      f.function = function;
      f.file = "src/" + place.substr(0, colon);
      f.line = static_cast<std::uint32_t>(std::stoul(place.substr(colon + 1)));
      f.is_library = function.starts_with("raddle::") || function.starts_with("std::");
      s.frames.push_back(f);
    }
    run_.stacks.push_back(s);
    return static_cast<StackId>(run_.stacks.size() - 1);
  }

  TaskId task(std::string name, std::int64_t begin_ms, StackId created_at) {
    Task t;
    t.id = static_cast<TaskId>(run_.tasks.size());
    t.name = std::move(name);
    t.is_main = t.id == 1;
    t.is_thread = t.is_main;
    t.creator = t.is_main ? 0 : 1;
    t.created_at = created_at;
    t.begin_ns = begin_ms * kMs;
    t.end_ns = kEnd;
    t.has_started = true;
    run_.tasks.push_back(t);
    return t.id;
  }

  ObjectId object(trace::ObjectType type, std::string name, StackId created_at,
                  std::uint64_t capacity = 0) {
    Object o;
    o.type = type;
    o.name = std::move(name);
    o.created_at = created_at;
    o.capacity = capacity;
    o.operations = 40;
    run_.objects.push_back(o);
    return static_cast<ObjectId>(run_.objects.size() - 1);
  }

  void span(TaskId task, std::int64_t begin_ms, State state, ObjectId object = 0,
            StackId stack = 0) {
    run_.tasks[task].spans.push_back({begin_ms * kMs, state, object, stack});
  }
  void moment(TaskId task, std::int64_t time_ms, trace::Kind kind, ObjectId object) {
    run_.tasks[task].moments.push_back({time_ms * kMs, kind, object, 0, 0});
  }
  void end(TaskId task, std::int64_t time_ms) {
    run_.tasks[task].has_ended = true;
    run_.tasks[task].end_ns = time_ms * kMs;
  }
  void hold(ObjectId object, TaskId task, std::int64_t begin_ms, std::int64_t end_ms) {
    run_.objects[object].holdings.push_back({begin_ms * kMs, end_ms * kMs, task, false});
  }
  void fill(ObjectId object, std::int64_t time_ms, std::uint32_t values) {
    run_.objects[object].fills.push_back({time_ms * kMs, values});
  }

  Run& run() { return run_; }

 private:
  Run run_;
};

Party party(TaskId task, std::string action, ObjectId object, StackId stack, std::int64_t ms) {
  Party p;
  p.task = task;
  p.action = std::move(action);
  p.object = object;
  p.stack = stack;
  p.time_ns = ms * kMs;
  return p;
}

Finding deadlock(Script& s, StackId spawn) {
  const StackId home = s.stack({{"bank::Account::Account(long)", "bank.h:14"}});
  const ObjectId a = s.object(trace::ObjectType::kMutex, "A", home);
  const ObjectId b = s.object(trace::ObjectType::kMutex, "B", home);
  const TaskId t2 = s.task("worker", 3800, spawn);
  const TaskId t3 = s.task("worker", 3810, spawn);
  const std::string transfer = "bank::transfer(bank::Account&, bank::Account&, long)";
  const auto wait_at = [&](const char* lambda) {
    return s.stack({{"raddle::Mutex::lock()", "mutex.h:40"},
                    {"std::unique_lock<raddle::Mutex>::lock()", "unique_lock.h:139"},
                    {transfer, "transfer.cc:34"},
                    {"bank::worker_loop(raddle::Chan<Job>)", "pool.cc:88"},
                    {lambda, "main.cc:19"}});
  };
  const StackId first_lock = s.stack({{transfer, "transfer.cc:31"}});
  const StackId w2 = wait_at("main::{lambda()#1}::operator()() const");
  const StackId w3 = wait_at("main::{lambda()#2}::operator()() const");
  s.span(t2, 3800, State::kRunning);
  s.span(t2, 4180, State::kChannel, 0);
  s.span(t2, 4250, State::kRunning);
  s.moment(t2, 4252, trace::Kind::kMutexLock, a);
  s.span(t2, 4520, State::kMutex, b, w2);
  s.span(t3, 3810, State::kSleep);
  s.span(t3, 4100, State::kRunning);
  s.span(t3, 4320, State::kRunnable);
  s.span(t3, 4360, State::kRunning);
  s.moment(t3, 4361, trace::Kind::kMutexLock, b);
  s.span(t3, 4600, State::kMutex, a, w3);
  s.hold(a, t2, 4252, 6612);
  s.hold(b, t3, 4361, 6612);
  Finding f;
  f.kind = FindingKind::kDeadlock;
  f.certainty = Certainty::kCertain;
  f.title = "deadlock of 2 tasks and 2 mutexes";
  f.parties = {party(t2, "waits to lock", b, w2, 4520), party(t3, "waits to lock", a, w3, 4600)};
  f.parties[0].held = {{a, first_lock, 4252 * kMs, false}};
  f.parties[1].held = {{b, first_lock, 4361 * kMs, false}};
  f.edges = {{0, b, 1}, {1, a, 0}};
  f.why =
      "Each task holds the mutex that the other one waits for, and no third task can unlock "
      "either of them.";
  f.hint = "Lock both at once with std::scoped_lock lock(x.mu, y.mu), or always in the same order.";
  return f;
}

Finding race(Script& s, StackId spawn) {
  const TaskId t4 = s.task("audit", 3900, spawn);
  const TaskId t5 = s.task("deposit", 3900, spawn);
  const StackId read =
      s.stack({{"bank::snapshot()", "audit.cc:12"}, {"bank::audit()", "audit.cc:30"}});
  const StackId write =
      s.stack({{"bank::deposit(long)", "bank.cc:77"}, {"bank::worker_loop()", "pool.cc:91"}});
  s.span(t4, 3900, State::kRunning);
  s.span(t4, 4220, State::kSelect, 0, read);
  s.span(t4, 4300, State::kRunning);
  s.span(t4, 4700, State::kRunnable);
  s.span(t4, 4740, State::kRunning);
  s.end(t4, 4790);
  s.span(t5, 3900, State::kChannel);
  s.span(t5, 4120, State::kRunning);
  s.span(t5, 4450, State::kChannel);
  s.span(t5, 4600, State::kRunning);
  s.end(t5, 4780);
  Finding f;
  f.kind = FindingKind::kDataRace;
  f.certainty = Certainty::kCertain;
  f.title = "data race on bank::total_";
  f.parties = {party(t5, "writes 8 bytes", 0, write, 4380),
               party(t4, "reads 8 bytes", 0, read, 4470)};
  f.parties[0].is_write = true;
  for (Party& p : f.parties) {
    p.object_text = "bank::total_ at 0x55d0c8a4";
    p.address = 0x55d0c8a4;
  }
  const ObjectId ledger = s.object(trace::ObjectType::kMutex, "ledger", write);
  s.hold(ledger, t5, 4370, 4392);
  f.parties[0].held = {{ledger, write, 4370 * kMs, false}};
  f.why = "Nothing orders the two accesses: the reader never locks a mutex that the writer holds.";
  f.hint = "Guard bank::total_ with one mutex in both places, or make it a std::atomic.";
  f.count = 41;
  f.last_common_ns = 3900 * kMs;
  return f;
}

Finding leak(Script& s, StackId spawn) {
  const ObjectId resp = s.object(trace::ObjectType::kChannel, "resp", spawn);
  const TaskId t6 = s.task("fetch", 4000, spawn);
  const TaskId t7 = s.task("caller", 4000, spawn);
  const StackId send = s.stack({{"raddle::Chan<Response>::send(Response)", "chan.h:90"},
                                {"http::get(std::string)", "get.cc:52"}});
  const StackId wait = s.stack({{"http::with_timeout()", "timeout.cc:17"}});
  s.span(t6, 4000, State::kRunning);
  s.span(t6, 4150, State::kRunnable);
  s.span(t6, 4200, State::kChannel, resp, send);
  s.run().objects[resp].creator = t7;
  s.span(t7, 4000, State::kRunning);
  s.span(t7, 4050, State::kSelect, 0, wait);
  s.span(t7, 4160, State::kRunning);
  s.end(t7, 4210);
  Finding f;
  f.kind = FindingKind::kTaskLeak;
  f.certainty = Certainty::kProved;
  f.title = "task fetch can never finish its send on resp";
  f.parties = {party(t6, "waits to send on", resp, send, 4200)};
  f.why = "The only receiver, T7 caller, ended at 4.21 s; no other task can reach the channel.";
  f.hint = "Give the channel capacity 1, or select on ctx.done() in the sender.";
  return f;
}

Finding misuse(Script& s, StackId spawn) {
  const ObjectId out = s.object(trace::ObjectType::kChannel, "out", spawn, 4);
  const TaskId t8 = s.task("closer", 4000, spawn);
  const TaskId t9 = s.task("stage", 4000, spawn);
  const StackId send = s.stack({{"pipeline::emit(int)", "pipeline.cc:41"}});
  const StackId close = s.stack({{"pipeline::stop()", "pipeline.cc:66"}});
  s.span(t8, 4000, State::kRunning);
  s.span(t8, 4350, State::kMutex, 1);
  s.span(t8, 4400, State::kRunning);
  s.moment(t8, 4470, trace::Kind::kChannelClose, out);
  s.end(t8, 4555);
  s.span(t9, 4000, State::kChannel, out);
  s.span(t9, 4300, State::kRunning);
  s.moment(t9, 4330, trace::Kind::kChannelSend, out);
  s.end(t9, 4640);
  for (int i = 0; i < 4; ++i) s.fill(out, 4330 + i * 30, static_cast<std::uint32_t>(i + 1));
  s.fill(out, 4480, 2);
  Finding f;
  f.kind = FindingKind::kChannelMisuse;
  f.certainty = Certainty::kCertain;
  f.title = "send on closed channel out";
  f.parties = {party(t9, "sends on closed", out, send, 4630),
               party(t8, "closes", out, close, 4470)};
  f.why = "The channel was closed 160 ms before the send.";
  f.hint = "Let the sender close the channel, after its last send.";
  return f;
}

}  // namespace

Analysis bank_run(unsigned idle_tasks) {
  Script s;
  const StackId main_stack = s.stack({{"main", "main.cc:24"}});
  const StackId spawn = s.stack({{"raddle::go", "go.h:20"}, {"main", "main.cc:19"}});
  const TaskId main = s.task("main", 0, 0);
  s.span(main, 0, State::kRunning);
  s.span(main, 4050, State::kRunnable);
  s.span(main, 4080, State::kRunning);
  Analysis analysis;
  analysis.findings = {deadlock(s, spawn), race(s, spawn), leak(s, spawn), misuse(s, spawn)};
  const ObjectId wg = s.object(trace::ObjectType::kWaitGroup, "wg", main_stack);
  s.span(main, 4120, State::kSync, wg, main_stack);
  for (unsigned i = 0; i < idle_tasks; ++i) {
    const TaskId task = s.task("pool", 200 + 37 * i, spawn);
    s.span(task, 200 + 37 * i, State::kRunning);
    s.span(task, 1500 + 71 * i, State::kChannel);
    s.span(task, 3000 + 53 * i, State::kRunning);
    s.span(task, 4000 + 41 * (i % 9), State::kIdle);
  }
  for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
    analysis.findings[i].id = static_cast<std::uint32_t>(i + 1);
    analysis.findings[i].fingerprint = "00000000deadbee" + std::to_string(i);
  }
  analysis.run = std::move(s.run());
  return analysis;
}

}  // namespace raddle::viewer
