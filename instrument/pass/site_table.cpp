// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/site_table.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/IR/Constants.h"
#include "llvm/Support/Path.h"

namespace raddle::pass {
namespace {

constexpr llvm::StringLiteral kSection = "raddle_sites";

llvm::StructType* site_type(llvm::LLVMContext& context) {
  auto* word = llvm::Type::getInt32Ty(context);
  return llvm::StructType::get(context, {word, word, word, word, word, word, word});
}

// The path that finds the file from anywhere.
std::string path_of(const llvm::DIScope* scope) {
  if (scope == nullptr) return {};
  if (llvm::sys::path::is_absolute(scope->getFilename())) return scope->getFilename().str();
  llvm::SmallString<256> path(scope->getDirectory());
  llvm::sys::path::append(path, scope->getFilename());
  return path.str().str();
}

std::string function_of(const llvm::DILocation* location, const llvm::Function& function) {
  const llvm::DISubprogram* subprogram = location->getScope()->getSubprogram();
  if (location->getInlinedAt() == nullptr || subprogram == nullptr) return function.getName().str();
  const llvm::StringRef linkage = subprogram->getLinkageName();
  return (linkage.empty() ? subprogram->getName() : linkage).str();
}

}  // namespace

SiteTable::SiteTable(llvm::Module& module)
    : module_(module),
      names_(module),
      is_for_link_time_(module.getModuleFlag("ThinLTO") != nullptr ||
                        module.getModuleFlag("EnableSplitLTOUnit") != nullptr) {}

llvm::Constant* SiteTable::text(llvm::StringRef text) {
  llvm::Constant*& known = texts_[text];
  if (known != nullptr) return known;
  auto* data = llvm::ConstantDataArray::getString(module_.getContext(), text);
  auto* global = new llvm::GlobalVariable(module_, data->getType(), true,
                                          llvm::GlobalValue::PrivateLinkage, data, "raddle.text");
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  global->setAlignment(llvm::Align(1));
  return known = global;
}

// The distance from the field to what it names: known at link time, so the loader has nothing to
// relocate.
llvm::Constant* SiteTable::offset_from(llvm::GlobalVariable* from, unsigned field,
                                       llvm::Constant* target) {
  llvm::LLVMContext& context = module_.getContext();
  auto* word = llvm::Type::getInt32Ty(context);
  if (target == nullptr) return llvm::ConstantInt::get(word, 0);
  auto* wide = llvm::Type::getInt64Ty(context);
  llvm::Constant* indices[] = {llvm::ConstantInt::get(word, 0),
                               llvm::ConstantInt::get(word, field)};
  auto* here = llvm::ConstantExpr::getInBoundsGetElementPtr(from->getValueType(), from, indices);
  return llvm::ConstantExpr::getTrunc(
      llvm::ConstantExpr::getSub(llvm::ConstantExpr::getPtrToInt(target, wide),
                                 llvm::ConstantExpr::getPtrToInt(here, wide)),
      word);
}

// Copies of one inline function in many objects: the linker keeps the sites of the copy that it
// keeps. Not for link-time optimization, which may inline a copy that it does not keep.
void SiteTable::keep_with(const llvm::Function& function, llvm::GlobalVariable* what) {
  if (!is_for_link_time_) what->setComdat(const_cast<llvm::Comdat*>(function.getComdat()));
}

llvm::Constant* SiteTable::group(const std::vector<Member>& members,
                                 const llvm::Function& function) {
  auto* word = llvm::Type::getInt32Ty(module_.getContext());
  constexpr std::size_t kFields = 3;  // of a hooks::GroupMember
  const std::vector<llvm::Type*> types(1 + members.size() * kFields, word);
  auto* type = llvm::StructType::get(module_.getContext(), types);
  auto* group = new llvm::GlobalVariable(module_, type, true, llvm::GlobalValue::PrivateLinkage,
                                         nullptr, "raddle.group");
  group->setAlignment(llvm::Align(4));
  keep_with(function, group);
  std::vector<llvm::Constant*> fields = {llvm::ConstantInt::get(word, members.size())};
  for (const Member& member : members) {
    fields.push_back(offset_from(group, static_cast<unsigned>(fields.size()), member.site));
    fields.push_back(llvm::ConstantInt::getSigned(word, member.offset));
    fields.push_back(llvm::ConstantInt::get(word, member.log2_bytes));
  }
  group->setInitializer(llvm::ConstantStruct::get(type, fields));
  return group;
}

llvm::GlobalVariable* SiteTable::make(const Place& place, const llvm::Function& function) {
  llvm::LLVMContext& context = module_.getContext();
  auto* type = site_type(context);
  auto* word = llvm::Type::getInt32Ty(context);
  auto* site = new llvm::GlobalVariable(module_, type, false, llvm::GlobalValue::PrivateLinkage,
                                        nullptr, "raddle.site");
  site->setSection(kSection);
  site->setAlignment(llvm::Align(4));
  keep_with(function, site);
  const auto named = [&](unsigned field, llvm::StringRef name) {
    return offset_from(site, field, name.empty() ? nullptr : text(name));
  };
  site->setInitializer(llvm::ConstantStruct::get(
      type, {named(0, place.file), named(1, place.function), named(2, place.variable),
             offset_from(site, 3, place.inlined_at), llvm::ConstantInt::get(word, place.line),
             llvm::ConstantInt::get(word, place.column), llvm::ConstantInt::get(word, 0)}));
  return site;
}

llvm::Constant* SiteTable::at_location(const llvm::DILocation* location,
                                       const llvm::Function& function, llvm::StringRef variable) {
  llvm::Constant*& known = sites_[{location, &function, variable.str()}];
  if (known != nullptr) return known;
  Place place;
  place.variable = variable;
  std::string file, name;
  if (location == nullptr) {
    name = function.getName().str();
    if (const llvm::DISubprogram* subprogram = function.getSubprogram()) {
      file = path_of(subprogram);
      place.line = subprogram->getLine();
    } else {
      file = module_.getSourceFileName();
    }
  } else {
    file = path_of(location->getScope());
    name = function_of(location, function);
    place.line = location->getLine();
    place.column = location->getColumn();
    if (const llvm::DILocation* caller = location->getInlinedAt()) {
      place.inlined_at = at_location(caller, function, {});
    }
  }
  place.file = file;
  place.function = name;
  // The recursion above may have moved nothing: std::map keeps references valid.
  return known = make(place, function);
}

llvm::Constant* SiteTable::site(const llvm::Instruction& instruction, llvm::Value* pointer) {
  return at_instruction(instruction, names_.accessed(instruction, pointer));
}

llvm::Constant* SiteTable::site(const llvm::CallBase& call) {
  return at_instruction(call, names_.called(call));
}

llvm::Constant* SiteTable::unnamed_site(const llvm::Instruction& instruction) {
  return at_instruction(instruction, {});
}

llvm::Constant* SiteTable::at_instruction(const llvm::Instruction& instruction,
                                          llvm::StringRef variable) {
  const llvm::DILocation* location = instruction.getDebugLoc().get();
  // Line 0 is "the compiler's own": the function is all that is known.
  if (location != nullptr && location->getLine() == 0 && location->getInlinedAt() == nullptr) {
    location = nullptr;
  }
  return at_location(location, *instruction.getFunction(), variable);
}

}  // namespace raddle::pass
