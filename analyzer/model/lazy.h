// SPDX-License-Identifier: Apache-2.0
// Lazy: a value of which most owners never need more than its default.
#pragma once

#include <memory>

namespace raddle {

// As a T, but a pointer's size until it is written to; a copy has a T of its own.
template <typename T>
class Lazy {
 public:
  Lazy() = default;
  Lazy(const Lazy& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Lazy(Lazy&&) noexcept = default;
  Lazy& operator=(const Lazy& other) {
    if (this != &other) *this = Lazy(other);
    return *this;
  }
  Lazy& operator=(Lazy&&) noexcept = default;
  ~Lazy() = default;

  const T& operator*() const { return value_ ? *value_ : kDefault; }
  const T* operator->() const { return &**this; }
  T& written() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }

 private:
  static inline const T kDefault{};
  std::unique_ptr<T> value_;
};

}  // namespace raddle
