// SPDX-License-Identifier: Apache-2.0
// What the runs of one exploration leave to the next: how often which task operated on which
// object, which runs did something new, and where a depth-first search has come to. One mapping
// that the runs share, so that nothing is lost however a run ends. Not for two runs at once. Not
// safe from several threads at once: the policy's lock guards it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/sched/policy/search_path.h"
#include "trace/event.h"
#include "trace/experience.h"

namespace raddle::sched {

class Experience {
 public:
  // Tasks and objects beyond are not counted, decisions beyond not kept.
  static constexpr std::uint32_t kMostTasks = 1 << 12;
  static constexpr std::uint32_t kMostObjects = 1 << 12;
  static constexpr std::uint32_t kMostUses = 1 << 14;
  static constexpr std::size_t kMostDecisions = 1 << 10;
  static constexpr std::uint32_t kScale = 16;

  // How often a task operates on an object.
  struct Use {
    trace::TaskId task = 0;
    std::uint32_t now = 0;    // in this run
    std::uint32_t usual = 0;  // in earlier ones, times kScale
    std::uint32_t next = 0;   // of the same object, 1: the first
  };
  struct Object {
    std::uint64_t address = 0;
    std::uint32_t next = 0;       // of the same hash, 1: the first
    std::uint32_t first_use = 0;  // 1: the first
    std::uint32_t users = 0;
    trace::TaskId last_user = 0;  // in the run
    std::uint32_t last_use = 0;   // its operation that was this, counted in the task
    std::uint64_t run = 0;        // of the two above
  };
  // The decisions of a run that did something new.
  struct Kept {
    std::uint32_t count = 0;
    std::uint32_t new_at = 0;  // the decision behind which the last new thing came
    std::uint32_t energy = 0;  // 0: none is kept here
    std::array<std::uint32_t, kMostDecisions> choices;
  };

  // Takes up the file, which may be none yet, or of an older program: then it is begun anew. False:
  // it cannot be used.
  bool open(const char* path, std::uint64_t program) noexcept;
  // For runs that this process forks.
  bool open_shared() noexcept;

  // Takes in what the last run did.
  void begin_run() noexcept;
  void set_exhausted(bool is) noexcept { bytes_->header.is_exhausted = is ? 1 : 0; }
  const trace::ExperienceHeader& header() const noexcept { return bytes_->header; }

  // What the run does.
  void decide(std::uint32_t choice) noexcept;
  void begin(trace::TaskId parent, trace::TaskId id) noexcept;
  void operate(trace::TaskId id, const void* object) noexcept;
  void take_case(trace::TaskId id, std::size_t number) noexcept;  // of a select
  // It cannot go on, or can again.
  void block(trace::TaskId id, const void* object) noexcept;
  void unblock(trace::TaskId id, const void* object) noexcept;

  // What earlier runs did. Decisions: 0 if there were none.
  std::uint32_t usual_decisions() const noexcept { return bytes_->usual_decisions / kScale; }
  std::span<const Object> objects() const noexcept {
    return {bytes_->objects.data(), bytes_->object_count};
  }
  const Use& use(std::uint32_t number) const noexcept { return bytes_->uses[number - 1]; }
  trace::TaskId parent(trace::TaskId id) const noexcept {
    return id < kMostTasks ? bytes_->parents[id] : 0;
  }
  // The highest id there was, and 1.
  std::uint32_t task_count() const noexcept { return bytes_->task_count; }
  // One of those kept, the more energy the likelier; null: none is. `random`: any number. It costs
  // some of its energy.
  const Kept* draw(std::uint64_t random) noexcept;
  SearchPath& path() noexcept { return bytes_->path; }

 private:
  static constexpr std::size_t kHeads = 1 << 12;
  static constexpr std::size_t kSeen = 1 << 16;
  static constexpr std::size_t kMostKept = 128;

  struct Bytes {
    trace::ExperienceHeader header;
    std::uint32_t usual_decisions = 0;  // times kScale
    std::uint32_t use_count = 0;
    std::uint32_t object_count = 0;
    std::uint32_t task_count = 0;
    std::array<std::uint32_t, kHeads> heads;  // of objects, by the hash of their address
    std::array<Object, kMostObjects> objects;
    std::array<Use, kMostUses> uses;
    std::array<trace::TaskId, kMostTasks> parents;
    std::array<std::uint32_t, kMostTasks> operations;  // in this run, by task
    std::array<std::uint64_t, kMostTasks> cases;       // a hash of those its selects took in it
    std::array<std::uint64_t, kSeen / 64> seen;        // a bit by hash: a run did this
    Kept run;                                          // this one; energy: how much it did new
    std::uint64_t decisions = 0;                       // of this run
    std::uint64_t blocked = 0;                         // a hash of who cannot go on now
    std::array<Kept, kMostKept> kept;
    SearchPath path;
  };

  // Where an object and a task's use of it lie, found lately, and a part of their hash. Both stay
  // where they are.
  struct Found {
    const void* address = nullptr;
    trace::TaskId task = 0;
    Object* object = nullptr;
    Use* use = nullptr;  // null: they are too many
    std::uint64_t hash = 0;
  };
  static constexpr std::size_t kFound = 256;

  bool map(int fd) noexcept;
  const Found* find(const void* address, trace::TaskId id) noexcept;
  void see(std::uint64_t hash) noexcept;
  void keep_run() noexcept;
  Object* find(const void* address) noexcept;
  Use* find_use(Object& object, trace::TaskId id) noexcept;

  Bytes* bytes_ = nullptr;
  std::array<Found, kFound> found_{};
};

}  // namespace raddle::sched
