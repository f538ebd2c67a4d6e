// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/debug_types.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DebugInfo.h"

namespace raddle::pass {
namespace {

constexpr unsigned kDeepest = 16;  // members of members

// Without typedefs, const and the like.
const llvm::DIType* plain(const llvm::DIType* type) {
  while (const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type)) {
    switch (derived->getTag()) {
      case llvm::dwarf::DW_TAG_typedef:
      case llvm::dwarf::DW_TAG_const_type:
      case llvm::dwarf::DW_TAG_volatile_type:
      case llvm::dwarf::DW_TAG_restrict_type:
      case llvm::dwarf::DW_TAG_atomic_type:
        type = derived->getBaseType();
        break;
      default:
        return type;
    }
  }
  return type;
}

bool is_class(const llvm::DICompositeType& type) {
  return type.getTag() == llvm::dwarf::DW_TAG_class_type ||
         type.getTag() == llvm::dwarf::DW_TAG_structure_type ||
         type.getTag() == llvm::dwarf::DW_TAG_union_type;
}

const llvm::DICompositeType* as_class(const llvm::DIType* type) {
  const auto* composite = llvm::dyn_cast_or_null<llvm::DICompositeType>(plain(type));
  return composite != nullptr && is_class(*composite) ? composite : nullptr;
}

bool is_named_root(const Variable& variable) {
  return llvm::StringRef(variable.name).ends_with("::");
}

// The member or base class that holds all of [offset, offset + bytes).
const llvm::DIDerivedType* member_at(const llvm::DICompositeType& type, std::uint64_t offset,
                                     std::uint64_t bytes) {
  for (const llvm::DINode* element : type.getElements()) {
    const auto* member = llvm::dyn_cast_or_null<llvm::DIDerivedType>(element);
    if (member == nullptr || member->isStaticMember()) continue;
    const bool is_part = member->getTag() == llvm::dwarf::DW_TAG_member ||
                         member->getTag() == llvm::dwarf::DW_TAG_inheritance;
    if (!is_part || member->isVirtual()) continue;
    const llvm::DIType* inside = plain(member->getBaseType());
    std::uint64_t bits = member->getSizeInBits();
    if (bits == 0 && inside != nullptr) bits = inside->getSizeInBits();
    const std::uint64_t begin = member->getOffsetInBits() / 8;
    const std::uint64_t end = (member->getOffsetInBits() + bits + 7) / 8;
    if (begin <= offset && offset + bytes <= end) return member;
  }
  return nullptr;
}

Variable member_of(const Variable& whole, const llvm::DICompositeType& type,
                   const llvm::DIDerivedType& member) {
  Variable part{whole.name, member.getBaseType(), type.getName().empty()};
  if (member.getTag() == llvm::dwarf::DW_TAG_inheritance) {
    const llvm::DICompositeType* base = as_class(member.getBaseType());
    if (is_named_root(whole) && base != nullptr) part.name = class_name(*base) + "::";
    return part;
  }
  const std::string name = member.getName().str();
  if (name.empty()) return part;  // an anonymous union
  if (whole.name.empty() || is_named_root(whole)) {
    part.name += name;
  } else {
    part.name += "." + name;
  }
  return part;
}

// Where [offset, offset + bytes) has several bit-fields and nothing else, all of them as one name:
// bytes are accessed, and nobody can tell which of the members the source is about. Else empty.
std::string bit_fields_at(const Variable& whole, const llvm::DICompositeType& type,
                          std::uint64_t offset, std::uint64_t bytes) {
  std::string names;
  unsigned count = 0;
  for (const llvm::DINode* element : type.getElements()) {
    const auto* member = llvm::dyn_cast_or_null<llvm::DIDerivedType>(element);
    if (member == nullptr || member->isStaticMember()) continue;
    const std::uint64_t begin = member->getOffsetInBits();
    const std::uint64_t end = begin + member->getSizeInBits();
    if (begin >= (offset + bytes) * 8 || end <= offset * 8) continue;
    if (!member->isBitField()) return {};
    const Variable part = member_of(whole, type, *member);
    names += ++count == 1 ? part.name : ", " + member->getName().str();
  }
  return count < 2 ? "" : "bit-fields " + names;
}

bool is_pointer(const llvm::DIDerivedType& type) {
  return type.getTag() == llvm::dwarf::DW_TAG_pointer_type ||
         type.getTag() == llvm::dwarf::DW_TAG_reference_type ||
         type.getTag() == llvm::dwarf::DW_TAG_rvalue_reference_type;
}

}  // namespace

bool is_reserved_name(llvm::StringRef name) {
  return name.starts_with("__") || (name.size() > 1 && name[0] == '_' && llvm::isUpper(name[1]));
}

std::string class_name(const llvm::DICompositeType& type) {
  std::string name = type.getName().str();
  if (name.empty()) return name;
  for (const llvm::DIScope* scope = type.getScope(); scope != nullptr; scope = scope->getScope()) {
    const bool is_named = llvm::isa<llvm::DINamespace, llvm::DIType>(scope);
    if (is_named && !scope->getName().empty()) name = scope->getName().str() + "::" + name;
  }
  return name;
}

bool is_library_type(const llvm::DIType* type) {
  const llvm::DICompositeType* composite = as_class(type);
  if (composite == nullptr) return false;
  const llvm::DIScope* outermost = nullptr;
  for (const llvm::DIScope* scope = composite->getScope(); scope != nullptr;
       scope = scope->getScope()) {
    if (llvm::isa<llvm::DINamespace>(scope)) outermost = scope;
  }
  if (outermost == nullptr) return composite->getName().starts_with("__");  // of the C library
  const llvm::StringRef name = outermost->getName();
  return name == "std" || name == "raddle" || name == "__gnu_cxx";
}

Variable part_of(Variable variable, std::uint64_t offset, std::uint64_t bytes) {
  for (unsigned depth = 0; depth < kDeepest; ++depth) {
    const auto* type = llvm::dyn_cast_or_null<llvm::DICompositeType>(plain(variable.type));
    if (type == nullptr || is_library_type(type)) break;
    if (type->getTag() == llvm::dwarf::DW_TAG_array_type) {
      const llvm::DIType* element = plain(type->getBaseType());
      const std::uint64_t size = element == nullptr ? 0 : element->getSizeInBits() / 8;
      if (size == 0 || bytes > size) break;
      variable = {variable.name + "[]", element, variable.is_capture};
      offset %= size;
      continue;
    }
    const std::string fields =
        is_class(*type) ? bit_fields_at(variable, *type, offset, bytes) : std::string();
    if (!fields.empty()) return {fields, nullptr, false};
    const llvm::DIDerivedType* member = is_class(*type) ? member_at(*type, offset, bytes) : nullptr;
    if (member == nullptr || is_reserved_name(member->getName())) break;
    offset -= member->getOffsetInBits() / 8;
    variable = member_of(variable, *type, *member);
  }
  return variable;
}

Variable target_of(Variable variable) {
  const auto* pointer = llvm::dyn_cast_or_null<llvm::DIDerivedType>(plain(variable.type));
  if (pointer == nullptr || !is_pointer(*pointer)) return {};
  const bool is_this = variable.name == "this";
  Variable target{std::move(variable.name), pointer->getBaseType(), false};
  const llvm::DICompositeType* type = as_class(target.type);
  if (is_this) target.name.clear();
  if (is_library_type(type)) return target;  // its user names it
  const std::string name = type == nullptr ? "" : class_name(*type);
  if (!name.empty() && (!variable.is_capture || is_this)) {
    target.name = name + "::";
  } else if (type == nullptr && !target.name.empty() &&
             pointer->getTag() == llvm::dwarf::DW_TAG_pointer_type) {
    target.name = "*" + target.name;
  }
  return target;
}

const llvm::DICompositeType* DebugTypes::find(llvm::StringRef name) {
  if (!is_collected_) collect();
  is_collected_ = true;
  if (!name.consume_front("struct.")) name.consume_front("class.");
  return classes_.lookup(name);
}

void DebugTypes::collect() {
  llvm::DebugInfoFinder finder;
  finder.processModule(module_);
  for (const llvm::DIType* type : finder.types()) {
    const llvm::DICompositeType* composite = as_class(type);
    if (composite == nullptr || composite->isForwardDecl() || composite->getName().empty()) {
      continue;
    }
    classes_[class_name(*composite)] = composite;
    if (!composite->getIdentifier().empty()) classes_[composite->getIdentifier()] = composite;
  }
}

}  // namespace raddle::pass
