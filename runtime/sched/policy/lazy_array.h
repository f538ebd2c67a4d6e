// SPDX-License-Identifier: Apache-2.0
// An array that never moves and costs memory only where it is used: what decides about the
// program's threads must not allocate by the program's means.
#pragma once

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <type_traits>

namespace raddle::sched {

// Elements begin as zero bytes, which must be a T{}.
template <typename T>
class LazyArray {
 public:
  static_assert(std::is_trivially_destructible_v<T>);

  // By bare system calls: what is kept here is none of the program's memory.
  explicit LazyArray(std::size_t capacity) : capacity_(capacity) {
    const long address = ::syscall(SYS_mmap, 0, bytes(), PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == -1) capacity_ = 0;
    if (address != -1) elements_ = reinterpret_cast<T*>(address);
  }
  ~LazyArray() {
    if (capacity_ != 0) ::syscall(SYS_munmap, elements_, bytes());
  }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  std::size_t capacity() const { return capacity_; }  // 0: there is no memory
  T& operator[](std::size_t i) { return elements_[i]; }
  T* data() const { return elements_; }

 private:
  static constexpr std::size_t kElementBytes = sizeof(T);  // NOLINT(bugprone-sizeof-expression)

  std::size_t bytes() const { return capacity_ * kElementBytes; }

  T* elements_ = nullptr;
  std::size_t capacity_;
};

}  // namespace raddle::sched
