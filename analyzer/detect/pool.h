// SPDX-License-Identifier: Apache-2.0
// Objects that are used again and again, with the memory that they have.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace raddle::detect {

// Thread-safe. A T has clear(), which makes it as new. The pool outlives what it has given.
template <typename T>
class Pool {
 public:
  // One as new; it comes back when nobody has it any more.
  std::shared_ptr<T> take() {
    return {take_spare().release(), [this](T* one) { give_back(std::unique_ptr<T>(one)); }};
  }

 private:
  std::unique_ptr<T> take_spare() {
    const std::lock_guard guard(mutex_);
    if (spare_.empty()) return std::make_unique<T>();
    std::unique_ptr<T> one = std::move(spare_.back());
    spare_.pop_back();
    return one;
  }

  void give_back(std::unique_ptr<T> one) {
    one->clear();
    const std::lock_guard guard(mutex_);
    spare_.push_back(std::move(one));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> spare_;
};

}  // namespace raddle::detect
