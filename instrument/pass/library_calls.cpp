// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/library_calls.h"

#include <algorithm>
#include <optional>

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IntrinsicInst.h"

namespace raddle::pass {
namespace {

// Mathematical functions have three names, as in sin sinf sinl.
const llvm::StringSet<>& leaf_functions() {
  static const llvm::StringSet<> kNames = [] {
    llvm::StringSet<> names;
    for (const llvm::StringRef name :
         {"acos",      "acosh", "asin",      "asinh", "atan",  "atan2", "atanh",  "cbrt",   "ceil",
          "copysign",  "cos",   "cosh",      "erf",   "erfc",  "exp",   "exp2",   "expm1",  "fabs",
          "fdim",      "floor", "fma",       "fmax",  "fmin",  "fmod",  "frexp",  "hypot",  "ilogb",
          "ldexp",     "log",   "log10",     "log1p", "log2",  "logb",  "lrint",  "lround", "modf",
          "nearbyint", "pow",   "remainder", "rint",  "round", "sin",   "sincos", "sinh",   "sqrt",
          "tan",       "tanh",  "tgamma",    "trunc", "llrint"}) {
      names.insert(name);
      names.insert((name + "f").str());
      names.insert((name + "l").str());
    }
    for (const llvm::StringRef name : {"abs",
                                       "labs",
                                       "llabs",
                                       "memchr",
                                       "memcmp",
                                       "bcmp",
                                       "memrchr",
                                       "strchr",
                                       "strcmp",
                                       "strcspn",
                                       "strlen",
                                       "strncmp",
                                       "strnlen",
                                       "strpbrk",
                                       "strrchr",
                                       "strspn",
                                       "strstr",
                                       "strtod",
                                       "strtol",
                                       "strtoul",
                                       "strtoll",
                                       "strtoull",
                                       "atoi",
                                       "atol",
                                       "atof",
                                       "tolower",
                                       "toupper",
                                       "isdigit",
                                       "isalpha",
                                       "isspace",
                                       "__errno_location",
                                       "__ctype_b_loc"}) {
      names.insert(name);
    }
    return names;
  }();
  return kNames;
}

// `__atomic_fetch_add_8` and the like: the name without its size, and the size (0: it is the first
// argument).
struct AtomicName {
  llvm::StringRef operation;
  std::uint64_t size_bytes = 0;
};

std::optional<AtomicName> atomic_name(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration()) return std::nullopt;
  llvm::StringRef name = callee->getName();
  if (!name.consume_front("__atomic_")) return std::nullopt;
  AtomicName result{name, 0};
  const auto [head, tail] = name.rsplit('_');
  if (!tail.empty() && !tail.getAsInteger(10, result.size_bytes)) result.operation = head;
  const bool is_sized = result.size_bytes != 0;
  const bool is_known = llvm::StringRef(result.operation).starts_with("fetch_")
                            ? is_sized
                            : result.operation == "load" || result.operation == "store" ||
                                  result.operation == "exchange" ||
                                  result.operation == "compare_exchange";
  const unsigned fewest = result.operation == "load" ? 2 : 3;
  if (!is_known || call.arg_size() < fewest + (is_sized ? 0 : 1)) return std::nullopt;
  return result;
}

}  // namespace

bool is_leaf_call(const llvm::CallBase& call) {
  if (llvm::isa<llvm::IntrinsicInst>(call) || call.isInlineAsm()) return true;
  const llvm::Function* callee = call.getCalledFunction();
  return callee != nullptr && callee->isDeclaration() &&
         leaf_functions().contains(callee->getName());
}

bool is_atomic_call(const llvm::Instruction& instruction) {
  const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
  return call != nullptr && atomic_name(*call).has_value();
}

// Their arguments: ([size,] pointer, ..., order), and (..., success order, failure order) of a
// compare-exchange.
AtomicCall atomic_call(const llvm::CallBase& call) {
  const AtomicName name = *atomic_name(call);
  const unsigned first = name.size_bytes == 0 ? 1 : 0;
  const unsigned last = call.arg_size() - 1;
  AtomicCall result;
  result.pointer = call.getArgOperand(first);
  result.size_bytes = first == 1 ? call.getArgOperand(0)
                                 : llvm::ConstantInt::get(llvm::Type::getInt64Ty(call.getContext()),
                                                          name.size_bytes);
  result.order = call.getArgOperand(last);
  if (name.operation == "load") {
    result.what = AtomicCall::What::kLoad;
  } else if (name.operation == "store") {
    result.what = AtomicCall::What::kStore;
  } else if (name.operation == "compare_exchange") {
    result.what = AtomicCall::What::kCompareExchange;
    result.order = call.getArgOperand(last - 1);
    result.failure_order = call.getArgOperand(last);
  } else {
    result.what = AtomicCall::What::kUpdate;
  }
  return result;
}

}  // namespace raddle::pass
