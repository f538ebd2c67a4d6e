// SPDX-License-Identifier: Apache-2.0
// Tasks of a running program that wait for something which nobody can use any more to wake them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "trace/result.h"

namespace raddle::leaks {

struct LostTask {
  std::uint32_t id = 0;
  std::string name;
  std::string action;                  // "waits to receive from"
  std::uint8_t kind = 0;               // the event's that would have told of the wait
  std::vector<std::uint64_t> objects;  // that it waits for; empty: nothing at all
  std::vector<std::uint64_t> frames;   // return addresses, innermost first
};

struct Module {
  std::string file;
  std::uint64_t low = 0, high = 0;
  std::uint64_t bias = 0;  // between its addresses and those in the file
};

struct Snapshot {
  std::string program;
  std::string command;
  pid_t process = 0;
  std::size_t tasks = 0;    // all of them
  std::size_t waiting = 0;  // for something, the lost ones included
  std::vector<LostTask> lost;
  std::vector<Module> modules;
  double stopped_s = 0;  // for so long the program stood still
};

// Stops the process, looks through its memory and lets it go on. Fails, with a message for the
// user, if it cannot be looked at or has no tasks of raddle's. To be called by another process.
Result<Snapshot> find(pid_t process);

}  // namespace raddle::leaks
