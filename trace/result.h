// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or a message that says what is wrong, where and what to do. For bad input,
// never for our own bugs.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace raddle {

struct Error {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTBEGIN(google-explicit-constructor): `return value;` and `return Error{...};` read best.
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)
  bool ok() const { return std::holds_alternative<T>(state_); }
  const std::string& error() const { return std::get<Error>(state_).message; }
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace raddle
