// SPDX-License-Identifier: Apache-2.0
// Types as debug information describes them: their names, and the member at an offset.
#pragma once

#include <cstdint>
#include <string>

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {

// A variable or a part of one. A name that ends in "::" is a class whose object nobody names.
struct Variable {
  std::string name;
  const llvm::DIType* type = nullptr;  // null: not known
  bool is_capture = false;             // a lambda's: it is called as what it has captured
};

// The part of `variable` that holds all of [offset, offset + bytes): "statistics" ->
// "statistics.bytes". What is inside of the C++ library's types is not named.
Variable part_of(Variable variable, std::uint64_t offset, std::uint64_t bytes);
// What a pointer or a reference leads to; no type if `variable` is neither.
Variable target_of(Variable variable);

// The classes of a module, found by their names. Collected when first asked.
class DebugTypes {
 public:
  explicit DebugTypes(const llvm::Module& module) : module_(module) {}

  // By the name that aliasing metadata ("_ZTS7Account") or IR ("struct.Account") has for it; null
  // if there is none.
  const llvm::DICompositeType* find(llvm::StringRef name);

 private:
  void collect();

  const llvm::Module& module_;
  bool is_collected_ = false;
  llvm::StringMap<const llvm::DICompositeType*> classes_;
};

// "bank::Account"; empty for what has no name.
std::string class_name(const llvm::DICompositeType& type);
bool is_library_type(const llvm::DIType* type);
bool is_reserved_name(llvm::StringRef name);  // the implementation's own: __x, _X

}  // namespace raddle::pass
