// SPDX-License-Identifier: Apache-2.0
// Reads single expressions: what is called, on what, with which lambda.
#pragma once

#include <clang/AST/ExprCXX.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "instrument/lint/code.h"
#include "instrument/lint/objects.h"

namespace raddle::lint {

struct Call {
  Kind kind = Kind::kCalls;
  const clang::Expr* object = nullptr;  // what it is called on, or its first argument
  const clang::Expr* order = nullptr;   // of kStoresRelaxed: the memory order
  const clang::Expr* stored = nullptr;  // ... and the value
  const clang::Expr* handle = nullptr;  // of kStarts: the group, the container or the pthread_t
  std::vector<const clang::Expr*> arguments;
  Life life = Life::kFree;
  bool stores_true = false;
  bool has_predicate = false;
  bool runs_in_place = false;
};

// What a call, or the construction of a thread, does; nullopt: it is none, or it cannot even throw.
std::optional<Call> call_of(const clang::Expr& expression);

// What `=`, `+=`, `++` and their kin change; null: the expression is none of them.
const clang::Expr* assigned(const clang::Expr& expression);

// `&x`, std::ref(x) and their kin.
bool takes_address(const clang::Expr& value);

// `true`, or C's 0.
bool is_success(const clang::Expr& value);

// `new T`, or what a unique_ptr releases.
bool makes_new(const clang::Expr& value);

// The lambda that an argument is; null: it is none.
const clang::LambdaExpr* lambda_in(const clang::Expr& argument);

// What runs when a lambda is called. Of a generic one the instance, if there is just one; else
// null.
const clang::CXXMethodDecl* called(const clang::LambdaExpr& lambda);

// make_chan<T>() and make_chan<T>(0).
bool makes_unbuffered(const clang::Expr& value);

enum class GuardWay : std::uint8_t { kLocks, kAdopts, kLater };
GuardWay guard_way(const clang::CXXConstructExpr& made);

// Adds each variable and member that the expression mentions.
void objects_read(const clang::Expr* expression, Objects& objects, std::vector<int>& out);

}  // namespace raddle::lint
