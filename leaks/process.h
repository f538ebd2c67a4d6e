// SPDX-License-Identifier: Apache-2.0
// Another process, stopped, with its memory and registers, as a debugger sees it: ptrace(2),
// process_vm_readv(2) and proc(5). It goes on when this object goes.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "trace/result.h"

namespace raddle::leaks {

struct Range {
  std::uint64_t low = 0, high = 0;
  bool contains(std::uint64_t address) const { return address >= low && address < high; }
};

// A mapping.
struct Region : Range {
  bool is_readable = false;
  bool is_writable = false;
  bool is_executable = false;
  bool is_shared = false;
  std::uint64_t offset = 0;  // in the file
  std::string file;          // or "[heap]" and the like; empty: anonymous
};

struct Thread {
  pid_t id = 0;
  int signal = 0;  // what it was about to get; it still will
  std::vector<std::uint64_t> registers;
  std::uint64_t stack_pointer = 0;
};

class Process {
 public:
  // Stops it. Fails, with a message for the user, where that is not allowed. To be used on one
  // thread.
  static Result<std::unique_ptr<Process>> stop(pid_t pid);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() { let_go(); }
  void let_go();  // it goes on; what was read stays

  pid_t id() const { return pid_; }
  const std::vector<Region>& regions() const { return regions_; }
  const std::vector<Thread>& threads() const { return threads_; }
  const Region* region_of(std::uint64_t address) const;

  // False, and zeros, where there is nothing to read.
  bool read(std::uint64_t address, void* to, std::size_t bytes) const;
  template <typename T>
  T get(std::uint64_t address) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    read(address, &value, sizeof value);
    return value;
  }
  std::string text(std::uint64_t address, std::size_t most = 256) const;
  // Whether pages were ever touched, one flag a page. Empty: the kernel does not say.
  std::vector<bool> touched_pages(const Range& range) const;

  // What the mapping of a shared object or a program takes, from its first byte on.
  Range module_at(std::uint64_t base) const;
  std::uint64_t bias_of(std::uint64_t base) const;
  // The address of an exported symbol of the module whose file is mapped from `base` on.
  std::optional<std::uint64_t> symbol(std::uint64_t base, const char* name) const;

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  bool stop_thread(pid_t thread);
  bool stop_all(std::string& why);
  void read_regions();

  pid_t pid_;
  bool is_stopped_ = true;
  std::vector<Region> regions_;  // by address
  std::vector<Thread> threads_;
};

}  // namespace raddle::leaks
