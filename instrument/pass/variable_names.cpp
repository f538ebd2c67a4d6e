// SPDX-License-Identifier: Apache-2.0
// From a pointer back to the variable that debug information ties to it, then down its type to the
// member at the offset.
#include "instrument/pass/variable_names.h"

#include <optional>

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/GetElementPtrTypeIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

namespace raddle::pass {
namespace {

constexpr unsigned kMostLoads = 4;   // of pointers, on the way to a variable
constexpr unsigned kMostSteps = 64;  // looked at, from one pointer
constexpr std::size_t kLongest = 80;

struct Split {
  llvm::Value* base = nullptr;
  std::uint64_t offset = 0;
  llvm::StringRef struct_name;  // of the step that comes first, where it names one
};

// What a step adds, without its variable indices: they lead to another element of the same type.
std::uint64_t constant_offset(const llvm::GEPOperator& step, const llvm::DataLayout& layout) {
  std::uint64_t offset = 0;
  for (auto it = llvm::gep_type_begin(step), end = llvm::gep_type_end(step); it != end; ++it) {
    const auto* index = llvm::dyn_cast<llvm::ConstantInt>(it.getOperand());
    if (index == nullptr) continue;
    if (llvm::StructType* type = it.getStructTypeOrNull()) {
      offset += layout.getStructLayout(type)->getElementOffset(
          static_cast<unsigned>(index->getZExtValue()));
    } else {
      offset += static_cast<std::uint64_t>(index->getSExtValue()) *
                layout.getTypeAllocSize(it.getIndexedType()).getKnownMinValue();
    }
  }
  return offset;
}

Split split(llvm::Value* pointer, const llvm::DataLayout& layout) {
  Split result{pointer, 0, ""};
  while (auto* step = llvm::dyn_cast<llvm::GEPOperator>(result.base)) {
    const auto* type = llvm::dyn_cast<llvm::StructType>(step->getSourceElementType());
    result.struct_name = type != nullptr && type->hasName() ? type->getName() : "";
    result.offset += constant_offset(*step, layout);
    result.base = step->getPointerOperand();
  }
  return result;
}

Variable global_variable(const llvm::GlobalVariable& global) {
  if (global.hasPrivateLinkage()) return {};
  Variable variable{llvm::demangle(global.getName())};
  // As the source has it: with neither the namespace nor libstdc++'s version of std::string.
  for (const llvm::StringRef added : {"(anonymous namespace)::", "[abi:cxx11]"}) {
    for (std::size_t at; (at = variable.name.find(added.data())) != std::string::npos;) {
      variable.name.erase(at, added.size());
    }
  }
  llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> described;
  global.getDebugInfo(described);
  if (!described.empty()) variable.type = described.front()->getVariable()->getType();
  return variable;
}

// A source variable whose value is `offset` bytes behind the pointer that is asked for, or, where
// declared, whose place is there.
struct Record {
  const llvm::DILocalVariable* variable = nullptr;
  std::uint64_t offset = 0;
  bool is_declared = false;

  Variable target() const {
    Variable whole{variable->getName().str(), variable->getType()};
    return is_declared ? whole : target_of(std::move(whole));
  }
};

// What the expression adds to the pointer; none if it does more than that.
std::optional<std::uint64_t> addition_of(const llvm::DIExpression& expression) {
  const llvm::ArrayRef<std::uint64_t> elements = expression.getElements();
  if (elements.empty()) return 0;
  const bool is_value = elements.size() == 3 && elements[2] == llvm::dwarf::DW_OP_stack_value;
  if (elements[0] != llvm::dwarf::DW_OP_plus_uconst) return std::nullopt;
  return elements.size() == 2 || is_value ? std::optional(elements[1]) : std::nullopt;
}

// The variables tied to what is `distance` bytes behind the pointer asked for, those left out that
// begin behind `offset` and the C++ library's own.
void add_records(llvm::Value* value, std::uint64_t distance, std::uint64_t offset,
                 llvm::SmallVectorImpl<Record>& records) {
  auto* metadata = llvm::ValueAsMetadata::getIfExists(value);
  if (metadata == nullptr) return;
  for (llvm::DbgVariableRecord* record : metadata->getAllDbgVariableRecordUsers()) {
    const auto addition = addition_of(*record->getExpression());
    if (!addition || distance + *addition > offset) continue;
    if (is_reserved_name(record->getVariable()->getName())) continue;
    const bool is_declared =
        record->isDbgDeclare() || (record->isDbgAssign() && record->getAddress() == value &&
                                   record->getAddressExpression()->getNumElements() == 0);
    records.push_back({record->getVariable(), distance + *addition, is_declared});
  }
}

// Those of `value` and of what lies inside of its object, like a lambda in the state of a thread.
llvm::SmallVector<Record, 4> records_of(llvm::Value* value, std::uint64_t offset,
                                        const llvm::DataLayout& layout) {
  llvm::SmallVector<Record, 4> records;
  add_records(value, 0, offset, records);
  unsigned steps = 0;
  for (llvm::User* user : value->users()) {
    auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(user);
    if (step == nullptr || step->getPointerOperand() != value) continue;
    if (++steps > kMostSteps) break;
    const std::uint64_t distance = constant_offset(*llvm::cast<llvm::GEPOperator>(step), layout);
    if (step->hasAllConstantIndices() && distance <= offset) {
      add_records(step, distance, offset, records);
    }
  }
  return records;
}

// The innermost that belongs to the function that `instruction` was written in, inlined or not.
const Record* own_of(llvm::ArrayRef<Record> records, const llvm::Instruction& instruction) {
  const llvm::DILocation* at = instruction.getDebugLoc().get();
  if (at == nullptr) return nullptr;
  const Record* found = nullptr;
  for (const Record& record : records) {
    const bool is_own =
        record.variable->getScope()->getSubprogram() == at->getScope()->getSubprogram();
    if (is_own && (found == nullptr || record.offset > found->offset)) found = &record;
  }
  return found;
}

std::uint64_t bytes_of(const llvm::Instruction& instruction, const llvm::DataLayout& layout) {
  llvm::Type* type = nullptr;
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
    type = load->getType();
  } else if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
    type = store->getValueOperand()->getType();
  } else if (const auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
    type = update->getValOperand()->getType();
  } else if (const auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction)) {
    type = exchange->getNewValOperand()->getType();
  } else if (const auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&instruction)) {
    const auto* length = llvm::dyn_cast<llvm::ConstantInt>(memory->getLength());
    return length != nullptr ? length->getZExtValue() : 1;
  }
  if (type == nullptr || layout.getTypeStoreSize(type).isScalable()) return 1;
  return layout.getTypeStoreSize(type).getFixedValue();
}

std::string text_of(Variable variable) {
  llvm::StringRef name = variable.name;
  name.consume_back("::");
  return name.size() <= kLongest ? name.str() : (name.take_front(kLongest - 3) + "...").str();
}

bool is_library_function(llvm::StringRef name) {
  for (const char* prefix : {"_ZNSt", "_ZNKSt", "_ZSt", "_ZN6raddle", "_ZNK6raddle"}) {
    if (name.starts_with(prefix)) return true;
  }
  return !name.starts_with("_Z");
}

bool is_constructor(llvm::StringRef name) {
  llvm::ItaniumPartialDemangler demangler;
  return name.starts_with("_Z") && !demangler.partialDemangle(name.str().c_str()) &&
         demangler.isCtorOrDtor();
}

}  // namespace

// `offset` becomes that in the variable.
Variable VariableNames::base(const llvm::Instruction& instruction, llvm::Value* base,
                             std::uint64_t& offset, unsigned loads) {
  if (const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(base)) {
    return global_variable(*global);
  }
  const auto records = records_of(base, offset, layout_);
  const Record* record = own_of(records, instruction);
  if (record == nullptr || record->target().name.empty()) {
    const auto is_declared = [](const Record& one) { return one.is_declared; };
    const auto* const declared = llvm::find_if(records, is_declared);
    if (declared != records.end()) record = declared;
  }
  auto* load = llvm::dyn_cast<llvm::LoadInst>(base);
  if (record == nullptr && load != nullptr && loads > 0) {
    const std::uint64_t bytes = bytes_of(*load, layout_);
    Variable target = target_of(at(*load, load->getPointerOperand(), bytes, loads - 1));
    if (target.type != nullptr) return target;
  }
  if (record == nullptr && !records.empty()) record = records.begin();
  if (record == nullptr) return {};
  offset -= record->offset;
  return record->target();
}

Variable VariableNames::at(const llvm::Instruction& instruction, llvm::Value* pointer,
                           std::uint64_t bytes, unsigned loads) {
  Split place = split(pointer, layout_);
  if (static_cast<std::int64_t>(place.offset) < 0) return {};
  Variable whole = base(instruction, place.base, place.offset, loads);
  if (whole.type == nullptr && whole.name.empty() && !place.struct_name.empty()) {
    const llvm::DICompositeType* type = types_.find(place.struct_name);
    if (type != nullptr && !is_library_type(type)) whole = {class_name(*type) + "::", type};
  }
  return part_of(std::move(whole), place.offset, bytes);
}

// What the compiler knows of the class for its own purposes, also where no variable has the
// pointer.
std::string VariableNames::by_aliasing(const llvm::Instruction& instruction, std::uint64_t bytes) {
  const llvm::MDNode* tag = instruction.getMetadata(llvm::LLVMContext::MD_tbaa);
  if (tag == nullptr || tag->getNumOperands() < 3) return {};
  const auto* type = llvm::dyn_cast<llvm::MDNode>(tag->getOperand(0));
  const auto* offset = llvm::mdconst::dyn_extract<llvm::ConstantInt>(tag->getOperand(2));
  if (type == nullptr || type == tag->getOperand(1) || offset == nullptr) return {};
  const auto* name = llvm::dyn_cast<llvm::MDString>(type->getOperand(0));
  const llvm::DICompositeType* described =
      name == nullptr ? nullptr : types_.find(name->getString());
  if (described == nullptr || is_library_type(described)) return {};
  return text_of(
      part_of({class_name(*described) + "::", described}, offset->getZExtValue(), bytes));
}

std::string VariableNames::accessed(const llvm::Instruction& instruction, llvm::Value* pointer) {
  const std::uint64_t bytes = bytes_of(instruction, layout_);
  std::string name = text_of(at(instruction, pointer, bytes, kMostLoads));
  return name.empty() ? by_aliasing(instruction, bytes) : name;
}

std::string VariableNames::called(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !is_library_function(callee->getName())) return {};
  const auto name_of = [&](unsigned argument) -> std::string {
    if (argument >= call.arg_size()) return {};
    llvm::Value* pointer = call.getArgOperand(argument);
    return pointer->getType()->isPointerTy() ? text_of(at(call, pointer, 1, kMostLoads)) : "";
  };
  // A guard's constructor is about what it guards; that of several is about none of them.
  if (!is_constructor(callee->getName())) {
    const std::string result = stored(call);
    return result.empty() ? name_of(0) : result;
  }
  const std::string guarded = name_of(1);
  if (guarded.empty()) return name_of(0);
  return name_of(2).empty() ? guarded : "";
}

// Where the result of a call goes.
std::string VariableNames::stored(const llvm::CallBase& call) {
  if (!call.getType()->isPointerTy()) return {};
  llvm::Value* result = const_cast<llvm::CallBase*>(&call);
  for (const Record& record : records_of(result, 0, layout_)) {
    const Variable variable{record.variable->getName().str(), record.variable->getType(), false};
    const bool is_handle = target_of(variable).type == nullptr;  // a class that is but a pointer
    if (is_handle) return text_of(variable);
  }
  for (const llvm::User* user : call.users()) {
    const auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
    if (store == nullptr || store->getValueOperand() != &call) continue;
    llvm::Value* pointer = const_cast<llvm::Value*>(store->getPointerOperand());
    return text_of(at(*store, pointer, bytes_of(*store, layout_), kMostLoads));
  }
  return {};
}

}  // namespace raddle::pass
