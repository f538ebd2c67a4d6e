// SPDX-License-Identifier: Apache-2.0
// Reads what holds a task: a group, a handle, a container of handles.
#pragma once

#include <clang/AST/ExprCXX.h>

#include "instrument/lint/code.h"

namespace raddle::lint {

// Something of this type may tell that a task has ended.
bool can_tell_end(Type type);

// The variable or member behind subscripts, dereferences and at(): `tasks` of `&tasks[i]`. Null:
// it is none.
const clang::Expr* holder_in(const clang::Expr* expression);

// push_back() and its kin on a container of handles.
bool keeps_handle(const clang::CXXMemberCallExpr& call);

// The group, the container or the pthread_t through which what this call starts can be waited for.
// Null: the call returns or makes the handle.
const clang::Expr* holder_of_start(const clang::Expr& start);

// What this expression gives something to, or looks at, without waiting for what it holds: the
// group of go(), the container of push_back() or size(), the target of an assignment. Null:
// nothing.
const clang::Expr* only_filled(const clang::Expr& expression);

}  // namespace raddle::lint
