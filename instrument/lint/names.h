// SPDX-License-Identifier: Apache-2.0
// What the names of raddle, the standard library and pthread mean to the checks.
#pragma once

#include <clang/AST/Decl.h>
#include <clang/AST/Type.h>

#include <optional>
#include <string>

#include "instrument/lint/code.h"

namespace raddle::lint {

// Namespaces and classes with `::` between, without template arguments and inline namespaces.
std::string plain_name(const clang::NamedDecl& declaration);

// What a call of it does; nullopt: nothing that has a name here.
std::optional<Kind> kind_of(const clang::FunctionDecl& callee);

// Of a kStarts.
Life life_of(const clang::FunctionDecl& callee);

// A callback that one of these takes runs before the call returns.
bool runs_in_place(const clang::FunctionDecl& callee);

Type type_of(clang::QualType type);

// A Context, a pointer to one, or one in a container, std::optional or smart pointer.
bool holds_context(clang::QualType type);

}  // namespace raddle::lint
