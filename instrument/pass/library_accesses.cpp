// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/library_accesses.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "instrument/pass/format_string.h"
#include "instrument/pass/hook_types.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {
namespace {

constexpr unsigned kNone = ~0u;  // no such argument

// How many bytes, by other arguments of the call.
enum class Size : std::uint8_t {
  kFixed,     // `first`
  kArgument,  // argument `first`
  kProduct,   // argument `first` times argument `second`
  kString,    // of the string in argument `first` with its end; at most argument `second`, if any
  kCompared,  // until the strings in arguments `first` and `second` differ; at most argument
              // `third`
  kResult,    // the result, if positive
  kResults,   // the result times argument `first`
  kPrinted,   // the result and one more; at most argument `first`, if any
  kRead,      // of the string in argument `first`, if the result is a pointer
};

// Where in memory, relative to an argument.
enum class Where : std::uint8_t {
  kAt,      // the argument and `offset`
  kEnd,     // the end of the string there
  kTheirs,  // what the pointer at the argument and `offset` points to, and `field`
  kChild,   // the argument and 16 or 24, by whether argument 0 says the left child
};

struct Rule {
  unsigned pointer = 0;
  bool is_write = false;
  Size size = Size::kFixed;
  unsigned first = 0;
  unsigned second = kNone;
  unsigned third = kNone;
  Where where = Where::kAt;
  unsigned offset = 0;
  unsigned field = 0;
  bool is_result() const { return size >= Size::kResult; }
};

Rule reads(unsigned pointer, Size size, unsigned first, unsigned second = kNone,
           unsigned third = kNone) {
  return {pointer, false, size, first, second, third};
}
Rule writes(unsigned pointer, Size size, unsigned first, unsigned second = kNone) {
  return {pointer, true, size, first, second};
}
Rule reads_string(unsigned pointer, unsigned limit = kNone) {
  return reads(pointer, Size::kString, pointer, limit);
}
Rule reads_compared(unsigned pointer, unsigned limit = kNone) {
  return reads(pointer, Size::kCompared, 0, 1, limit);
}
Rule appends(Size size, unsigned first, unsigned second = kNone) {
  return {0, true, size, first, second, kNone, Where::kEnd};
}
Rule writes_word(unsigned pointer, unsigned offset) {
  return {pointer, true, Size::kFixed, 8, kNone, kNone, Where::kAt, offset};
}
Rule writes_their_word(unsigned pointer, unsigned offset, unsigned field) {
  return {pointer, true, Size::kFixed, 8, kNone, kNone, Where::kTheirs, offset, field};
}

struct Function {
  llvm::SmallVector<Rule, 4> rules;
  unsigned format = kNone;  // the argument that is printf's format, with its own behind it
};

class Table {
 public:
  Table() {
    add_memory();
    add_strings();
    add_files();
    add_printing();
    add_containers();
  }
  const Function* find(llvm::StringRef name) const {
    const auto found = functions_.find(name);
    return found == functions_.end() ? nullptr : &found->second;
  }

 private:
  void add(std::initializer_list<llvm::StringRef> names, std::initializer_list<Rule> rules,
           unsigned format = kNone) {
    for (const llvm::StringRef name : names) functions_[name] = {rules, format};
  }

  // Names in two underscores and _chk are those of _FORTIFY_SOURCE.
  void add_memory() {
    using enum Size;
    // As calls: where the compiler is to make no more of them, or they are fortified.
    add({"memcpy", "memmove", "mempcpy", "__memcpy_chk", "__memmove_chk", "__mempcpy_chk"},
        {reads(1, kArgument, 2), writes(0, kArgument, 2)});
    add({"memset", "__memset_chk"}, {writes(0, kArgument, 2)});
    // C17 7.24.4.1: the first n characters of both are compared.
    add({"memcmp", "bcmp"}, {reads(0, kArgument, 2), reads(1, kArgument, 2)});
    add({"qsort"}, {writes(0, kProduct, 1, 2)});
    add({"_ZSt11_Hash_bytesPKvmm"}, {reads(0, kArgument, 1)});
  }

  void add_strings() {
    using enum Size;
    add({"strlen", "strrchr", "strdup", "__strdup"}, {reads_string(0)});
    add({"strnlen", "strndup", "__strndup"}, {reads_string(0, 1)});
    add({"strcmp"}, {reads_compared(0), reads_compared(1)});
    add({"strncmp"}, {reads_compared(0, 2), reads_compared(1, 2)});
    add({"strcpy", "stpcpy", "__strcpy_chk", "__stpcpy_chk"},
        {reads_string(1), writes(0, kString, 1)});
    add({"strncpy", "__strncpy_chk", "stpncpy", "__stpncpy_chk"},
        {reads_string(1, 2), writes(0, kArgument, 2)});
    add({"strcat", "__strcat_chk"}, {reads_string(0), reads_string(1), appends(kString, 1)});
    // The first character decides whether there is a number.
    add({"atoi", "atol", "atoll", "atof", "strtol", "strtoll", "strtoul", "strtoull", "strtod",
         "strtof"},
        {reads(0, kFixed, 1)});
  }

  void add_files() {
    using enum Size;
    add({"write", "pwrite", "pwrite64", "send", "sendto"}, {reads(1, kArgument, 2)});
    add({"read", "pread", "pread64", "recv", "recvfrom", "__read_chk", "__pread_chk",
         "__pread64_chk", "__recv_chk", "__recvfrom_chk"},
        {writes(1, kResult, 0)});
    add({"fwrite", "fwrite_unlocked"}, {reads(0, kProduct, 1, 2)});
    add({"fread", "fread_unlocked"}, {writes(0, kResults, 1)});
    add({"__fread_chk"}, {writes(0, kResults, 2)});
    add({"fgets", "fgets_unlocked", "__fgets_chk"}, {writes(0, kRead, 0)});
    add({"puts", "fputs", "fputs_unlocked", "perror"}, {reads_string(0)});
  }

  void add_printing() {
    using enum Size;
    add({"printf"}, {}, 0);
    add({"fprintf", "dprintf", "__printf_chk"}, {}, 1);
    add({"__fprintf_chk", "__dprintf_chk"}, {}, 2);
    add({"sprintf"}, {writes(0, kPrinted, kNone)}, 1);
    add({"__sprintf_chk"}, {writes(0, kPrinted, kNone)}, 3);
    add({"snprintf"}, {writes(0, kPrinted, 1)}, 2);
    add({"__snprintf_chk"}, {writes(0, kPrinted, 1)}, 4);
    add({"vsprintf", "__vsprintf_chk"}, {writes(0, kPrinted, kNone)});
    add({"vsnprintf", "__vsnprintf_chk"}, {writes(0, kPrinted, 1)});
  }

  // libstdc++ keeps these in its library. A node of a tree has colour, parent, left and right, one
  // of a list next and previous; a tree's header is like a node. Whoever looks into a map or a set
  // reads the header, and may not while another adds or removes ([container.requirements.dataraces]
  // in C++20), wherever in the tree: that is said as a write to all of it.
  void add_containers() {
    using enum Size;
    const Rule link = {2, true, kFixed, 8, kNone, kNone, Where::kChild};
    add({"_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_"},
        {writes(1, kFixed, 32), link, writes(3, kFixed, 32)});
    add({"_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_"},
        {writes(0, kFixed, 32), writes(1, kFixed, 32)});
    const Rule right = {0, false, kFixed, 8, kNone, kNone, Where::kAt, 24};
    const Rule left = {0, false, kFixed, 8, kNone, kNone, Where::kAt, 16};
    add({"_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base",
         "_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base"},
        {right});
    add({"_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base",
         "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base"},
        {left});
    add({"_ZNSt8__detail15_List_node_base7_M_hookEPS0_"},
        {writes(0, kFixed, 16), writes_word(1, 8), writes_their_word(1, 8, 0)});
    add({"_ZNSt8__detail15_List_node_base9_M_unhookEv"},
        {reads(0, kFixed, 16), writes_their_word(0, 0, 8), writes_their_word(0, 8, 0)});
    add({"_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_"},
        {writes_their_word(0, 8, 0), writes_their_word(1, 8, 0), writes_their_word(2, 8, 0),
         writes_word(0, 8), writes_word(1, 8), writes_word(2, 8)});
  }

  llvm::StringMap<Function> functions_;
};

bool is_pointer(const llvm::CallBase& call, unsigned argument) {
  return argument < call.arg_size() && call.getArgOperand(argument)->getType()->isPointerTy();
}

bool is_number(const llvm::CallBase& call, unsigned argument) {
  return argument < call.arg_size() && call.getArgOperand(argument)->getType()->isIntegerTy();
}

// Whether the call has the arguments that the rule is about: a program may have a function of its
// own by that name.
bool fits(const llvm::CallBase& call, const Rule& rule) {
  if (!is_pointer(call, rule.pointer)) return false;
  if (rule.where == Where::kChild && !is_number(call, 0)) return false;
  const auto is_limit = [&](unsigned argument) {
    return argument == kNone || is_number(call, argument);
  };
  switch (rule.size) {
    case Size::kFixed:
      return true;
    case Size::kArgument:
      return is_number(call, rule.first);
    case Size::kProduct:
      return is_number(call, rule.first) && is_number(call, rule.second);
    case Size::kString:
      return is_pointer(call, rule.first) && is_limit(rule.second);
    case Size::kCompared:
      return is_pointer(call, rule.first) && is_pointer(call, rule.second) && is_limit(rule.third);
    case Size::kResult:
      return call.getType()->isIntegerTy();
    case Size::kResults:
      return call.getType()->isIntegerTy() && is_number(call, rule.first);
    case Size::kPrinted:
      return call.getType()->isIntegerTy() && is_limit(rule.first);
    case Size::kRead:
      return call.getType()->isPointerTy() && is_pointer(call, rule.first);
  }
  return false;
}

// Null: none, or it is none of the library's.
const Function* function_of(const llvm::Instruction& instruction) {
  static const Table kTable;
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (call == nullptr) return nullptr;
  const llvm::Function* callee = call->getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration() || callee->isIntrinsic()) return nullptr;
  const Function* function = kTable.find(callee->getName());
  if (function == nullptr) return nullptr;
  if (function->format != kNone && !is_pointer(*call, function->format)) return nullptr;
  const bool do_fit =
      llvm::all_of(function->rules, [&](const Rule& rule) { return fits(*call, rule); });
  return do_fit ? function : nullptr;
}

// Nothing can be put behind a call that ends its block, or must be its function's last.
bool has_place_behind(const llvm::CallBase& call) {
  const auto* plain = llvm::dyn_cast<llvm::CallInst>(&call);
  return plain != nullptr && !plain->isMustTailCall();
}

class Parts {
 public:
  Parts(llvm::CallBase& call, llvm::IRBuilder<>& builder) : call_(call), builder_(builder) {}

  IrregularPart part(const Rule& rule) {
    llvm::Value* bytes = bytes_of(rule);
    return {pointer_of(rule), bytes, nullptr, rule.is_write};
  }

  IrregularPart string(llvm::Value* pointer, llvm::Value* limit) {
    return {pointer, string_bytes(pointer, limit), nullptr, false};
  }

 private:
  llvm::Value* argument(unsigned index) { return call_.getArgOperand(index); }
  llvm::Value* number(unsigned index) {
    if (index == kNone) return builder_.getInt64(~std::uint64_t{0});
    return builder_.CreateZExtOrTrunc(argument(index), builder_.getInt64Ty());
  }
  llvm::Value* string_bytes(llvm::Value* pointer, llvm::Value* limit) {
    return builder_.CreateCall(hook(*call_.getModule(), "__raddle_string_bytes"), {pointer, limit});
  }
  // The result if it is positive, else 0.
  llvm::Value* result() {
    auto* word = builder_.getInt64Ty();
    llvm::Value* value = builder_.CreateSExtOrTrunc(&call_, word);
    return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, value, builder_.getInt64(0));
  }

  llvm::Value* bytes_of(const Rule& rule) {
    switch (rule.size) {
      case Size::kFixed:
        return builder_.getInt64(rule.first);
      case Size::kArgument:
        return number(rule.first);
      case Size::kProduct:
        return builder_.CreateMul(number(rule.first), number(rule.second));
      case Size::kString:
        return string_bytes(argument(rule.first), number(rule.second));
      case Size::kCompared:
        return builder_.CreateCall(
            hook(*call_.getModule(), "__raddle_compared_bytes"),
            {argument(rule.first), argument(rule.second), number(rule.third)});
      case Size::kResult:
        return result();
      case Size::kResults:
        return builder_.CreateMul(result(), number(rule.first));
      case Size::kPrinted: {  // nothing where printing failed
        llvm::Value* count = builder_.CreateSExtOrTrunc(&call_, builder_.getInt64Ty());
        llvm::Value* all = builder_.CreateBinaryIntrinsic(
            llvm::Intrinsic::smax, builder_.CreateAdd(count, builder_.getInt64(1)),
            builder_.getInt64(0));
        return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, all, number(rule.first));
      }
      case Size::kRead: {
        llvm::Value* limit =
            builder_.CreateSExt(builder_.CreateIsNotNull(&call_), builder_.getInt64Ty());
        return string_bytes(argument(rule.first), limit);
      }
    }
    llvm_unreachable("a size");
  }

  llvm::Value* behind(llvm::Value* pointer, llvm::Value* bytes) {
    return builder_.CreatePtrAdd(pointer, bytes);
  }

  llvm::Value* pointer_of(const Rule& rule) {
    llvm::Value* pointer = argument(rule.pointer);
    switch (rule.where) {
      case Where::kAt:
        return rule.offset == 0 ? pointer : behind(pointer, builder_.getInt64(rule.offset));
      case Where::kEnd: {
        llvm::Value* bytes = string_bytes(pointer, number(kNone));
        return behind(pointer, builder_.CreateSub(bytes, builder_.getInt64(1)));
      }
      case Where::kTheirs: {
        llvm::Value* at = behind(pointer, builder_.getInt64(rule.offset));
        return behind(builder_.CreateLoad(builder_.getPtrTy(), at), builder_.getInt64(rule.field));
      }
      case Where::kChild: {
        llvm::Value* is_left = builder_.CreateIsNotNull(argument(0));
        return behind(pointer,
                      builder_.CreateSelect(is_left, builder_.getInt64(16), builder_.getInt64(24)));
      }
    }
    llvm_unreachable("a place");
  }

  llvm::CallBase& call_;
  llvm::IRBuilder<>& builder_;
};

}  // namespace

bool has_library_accesses(const llvm::Instruction& instruction) {
  return function_of(instruction) != nullptr;
}

bool has_library_results(const llvm::Instruction& instruction) {
  const Function* function = function_of(instruction);
  if (function == nullptr || !has_place_behind(llvm::cast<llvm::CallBase>(instruction))) {
    return false;
  }
  return llvm::any_of(function->rules, [](const Rule& rule) { return rule.is_result(); });
}

std::vector<IrregularPart> library_parts(llvm::Instruction& instruction,
                                         llvm::IRBuilder<>& builder) {
  const Function& function = *function_of(instruction);
  auto& call = llvm::cast<llvm::CallBase>(instruction);
  Parts make(call, builder);
  std::vector<IrregularPart> parts;
  for (const Rule& rule : function.rules) {
    if (!rule.is_result()) parts.push_back(make.part(rule));
  }
  if (function.format == kNone) return parts;
  for (const PrintedString& string : printed_strings(call, function.format)) {
    llvm::Value* limit = string.precision == nullptr
                             ? builder.getInt64(string.most_bytes)
                             : builder.CreateSExtOrTrunc(string.precision, builder.getInt64Ty());
    parts.push_back(make.string(string.pointer, limit));
  }
  return parts;
}

std::vector<IrregularPart> library_results(llvm::Instruction& instruction,
                                           llvm::IRBuilder<>& builder) {
  const Function& function = *function_of(instruction);
  Parts make(llvm::cast<llvm::CallBase>(instruction), builder);
  std::vector<IrregularPart> parts;
  for (const Rule& rule : function.rules) {
    if (rule.is_result()) parts.push_back(make.part(rule));
  }
  return parts;
}

}  // namespace raddle::pass
