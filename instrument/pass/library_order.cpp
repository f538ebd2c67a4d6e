// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/library_order.h"

#include <cstdint>
#include <vector>

#include "instrument/pass/hook_types.h"
#include "instrument/pass/place.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace raddle::pass {
namespace {

// What a call does, as seen from outside.
enum class Effect : std::uint8_t {
  kNewTask,         // OpenMP: the result is a new task, of as many bytes as arguments 3 and 4 say
  kOwnOfThread,     // OpenMP: the result is what the thread's tasks share, one after the other
  kNewMemory,       // the result is new memory, of as many bytes as `argument` says
  kOldMemory,       // argument 1, of as many bytes as `argument` says, may be another's next
  kHandsOver,       // what `argument` points to will be run by somebody
  kWaits,           // until a count of TBB's is zero: the one in `argument`
  kHandsOverWaits,  // both: argument 0, and the count in `argument`
  kRunsElsewhere,   // what `argument` points to is run, and has ended when the call returns
  kRunsPipeline,    // and so have its filters
};

struct Rule {
  llvm::StringRef name;  // what it begins with, as overloads do what their namesakes do
  Effect effect;
  unsigned argument = 0;
};

// kmp.h of LLVM's libomp, and oneTBB's _task.h, _small_object_pool.h, task_arena.h,
// _pipeline_filters.h.
constexpr Rule kRules[] = {
    {"__kmpc_omp_task_alloc", Effect::kNewTask},
    {"__kmpc_omp_target_task_alloc", Effect::kNewTask},
    {"__kmpc_task_reduction_get_th_data", Effect::kOwnOfThread},
    {"_ZN3tbb6detail2r15spawnERNS0_2d14taskE", Effect::kHandsOver},
    {"_ZN3tbb6detail2r16submitERNS0_2d14taskE", Effect::kHandsOver},
    {"_ZN3tbb6detail2r17enqueueERNS0_2d14taskE", Effect::kHandsOver},
    {"_ZN3tbb6detail2r116execute_and_waitERNS0_2d14taskE", Effect::kHandsOverWaits, 2},
    {"_ZN3tbb6detail2r14waitERNS0_2d112wait_contextE", Effect::kWaits, 0},
    {"_ZN3tbb6detail2r17executeERNS0_2d115task_arena_baseE", Effect::kRunsElsewhere, 1},
    {"_ZN3tbb6detail2r117parallel_pipelineE", Effect::kRunsPipeline},
    {"_ZN3tbb6detail2r18allocateERPNS0_2d117small_object_poolE", Effect::kNewMemory, 1},
    {"_ZN3tbb6detail2r110deallocateERNS0_2d117small_object_poolE", Effect::kOldMemory, 2},
    {"_ZN3tbb6detail2r115allocate_memoryE", Effect::kNewMemory, 0},
    {"_ZN3tbb6detail2r122cache_aligned_allocateE", Effect::kNewMemory, 0},
};

// A mangled name ends its parameters' list by itself; the last E of a rule is no part of it.
bool is_named(llvm::StringRef name, llvm::StringRef rule) {
  if (!rule.starts_with("_Z")) return name == rule;
  return name.starts_with(rule.drop_back());
}

const Rule* rule_of(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration()) return nullptr;
  for (const Rule& rule : kRules) {
    if (is_named(callee->getName(), rule.name)) return &rule;
  }
  return nullptr;
}

// What a function of the program is to the library that calls it.
enum class Entry : std::uint8_t {
  kNone,
  kTask,       // argument 0 was handed over
  kCombines,   // both arguments were other tasks'
  kElsewhere,  // as kTask, and somebody waits for its end
  kFilter,  // a stage of a pipeline: argument 0 has calls one after the other, and hands tokens on
};

Entry entry_of(const llvm::Function& function) {
  const llvm::StringRef name = function.getName();
  if (name.starts_with(".red_comb.") || name.starts_with(".red_fini.")) return Entry::kCombines;
  if (!name.starts_with("_Z") || function.arg_empty()) return Entry::kNone;
  // T::execute(tbb::detail::d1::execution_data&), and cancel: of any class that is a task.
  const bool is_of_task = name.ends_with("14execution_dataE") &&
                          (name.contains("7executeER") || name.contains("6cancelER"));
  if (is_of_task) return Entry::kTask;
  if (name.starts_with("_ZNK3tbb6detail2d119task_arena_functionI")) {
    return name.ends_with("clEv") ? Entry::kElsewhere : Entry::kNone;
  }
  if (!name.starts_with("_ZN3tbb6detail2d115concrete_filterI")) return Entry::kNone;
  return name.ends_with("clEPv") ? Entry::kFilter : Entry::kNone;
}

// Whether the argument comes from another task, and whether it is another's at the end.
bool is_acquired(Entry entry, unsigned argument) {
  return argument == 0 || entry == Entry::kCombines || entry == Entry::kFilter;
}
bool is_released(Entry entry) { return entry == Entry::kElsewhere || entry == Entry::kFilter; }

class Order {
 public:
  explicit Order(llvm::Function& function) : function_(function) {}

  bool add() {
    std::vector<llvm::CallBase*> calls;
    for (llvm::BasicBlock& block : function_) {
      for (llvm::Instruction& instruction : block) {
        auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
        if (call != nullptr && rule_of(*call) != nullptr) calls.push_back(call);
      }
    }
    for (llvm::CallBase* call : calls) add_to(*call, *rule_of(*call));
    enter(entry_of(function_));
    return has_changed_;
  }

 private:
  void tell(llvm::IRBuilder<>& builder, llvm::StringRef hook_name,
            llvm::ArrayRef<llvm::Value*> arguments) {
    builder.CreateCall(hook(*function_.getParent(), hook_name), arguments);
    has_changed_ = true;
  }

  // Where control goes on behind the call if it returns; null: nowhere that is its own.
  static llvm::Instruction* behind(llvm::CallBase& call) {
    if (auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(&call)) {
      llvm::BasicBlock* next = invoke->getNormalDest();
      if (next->getSinglePredecessor() == nullptr) {
        next = llvm::SplitEdge(invoke->getParent(), next);
      }
      return &*next->getFirstInsertionPt();
    }
    auto* plain = llvm::dyn_cast<llvm::CallInst>(&call);
    return plain == nullptr || plain->isMustTailCall() ? nullptr : plain->getNextNode();
  }

  void add_to(llvm::CallBase& call, const Rule& rule) {
    if (rule.argument >= call.arg_size()) return;
    llvm::Value* argument = call.getArgOperand(rule.argument);
    PlacedBuilder before(call, call);
    if (rule.effect == Effect::kOldMemory) {
      llvm::Value* bytes = before.CreateZExtOrTrunc(argument, before.getInt64Ty());
      tell(before, "__raddle_old_memory", {call.getArgOperand(1), bytes});
    } else if (rule.effect == Effect::kHandsOver || rule.effect == Effect::kRunsElsewhere) {
      tell(before, "__raddle_release", {argument});
    } else if (rule.effect == Effect::kHandsOverWaits) {
      tell(before, "__raddle_release", {call.getArgOperand(0)});
    }
    llvm::Instruction* next = behind(call);
    if (next == nullptr) return;
    PlacedBuilder after(*next, call);
    add_behind(call, rule.effect, argument, after);
  }

  void add_behind(llvm::CallBase& call, Effect effect, llvm::Value* argument,
                  llvm::IRBuilder<>& after) {
    switch (effect) {
      case Effect::kNewTask:
        return tell(after, "__raddle_new_memory", {&call, task_bytes(call, after)});
      case Effect::kOwnOfThread:
        tell(after, "__raddle_acquire", {&call});
        return release_at_returns(&call, after);
      case Effect::kNewMemory:
        return tell(after, "__raddle_new_memory",
                    {&call, after.CreateZExtOrTrunc(argument, after.getInt64Ty())});
      case Effect::kWaits:
      case Effect::kHandsOverWaits:
        return load_count(argument, after);
      case Effect::kRunsElsewhere:
        return tell(after, "__raddle_acquire", {argument});
      case Effect::kRunsPipeline:
        return tell(after, "__raddle_acquire", {end_of_pipelines(after)});
      case Effect::kHandsOver:
      case Effect::kOldMemory:
        return;
    }
  }

  // The task itself with its private variables, and what it shares by address, each to a word.
  llvm::Value* task_bytes(llvm::CallBase& call, llvm::IRBuilder<>& builder) {
    constexpr std::uint64_t kWord = 8;
    const auto whole = [&](unsigned index) {
      llvm::Value* bytes =
          builder.CreateZExtOrTrunc(call.getArgOperand(index), builder.getInt64Ty());
      return builder.CreateAnd(builder.CreateAdd(bytes, builder.getInt64(kWord - 1)),
                               builder.getInt64(~(kWord - 1)));
    };
    return builder.CreateAdd(whole(3), whole(4));
  }

  // tbb::detail::d1::wait_context: two words, the second is the count, which headers update. The
  // load takes the place of the library's own, which saw zero.
  void load_count(llvm::Value* wait_context, llvm::IRBuilder<>& builder) {
    llvm::Value* count = builder.CreateConstGEP1_64(builder.getInt8Ty(), wait_context, 8);
    llvm::LoadInst* load =
        builder.CreateAlignedLoad(builder.getInt64Ty(), count, llvm::Align(8), true);
    load->setAtomic(llvm::AtomicOrdering::Acquire);
    has_changed_ = true;
  }

  // A filter does not know its pipeline: one address, at which nothing is, for all of them.
  static llvm::Value* end_of_pipelines(llvm::IRBuilder<>& builder) {
    return builder.CreateIntToPtr(builder.getInt64(1), builder.getPtrTy());
  }

  // Through a local, since not every return is behind the call.
  void release_at_returns(llvm::Value* address, llvm::IRBuilder<>& behind) {
    llvm::IRBuilder<> at_top(&*function_.getEntryBlock().getFirstInsertionPt());
    llvm::AllocaInst* kept = at_top.CreateAlloca(at_top.getPtrTy());
    llvm::IRBuilder<> at_entry(&*function_.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
    at_entry.CreateStore(llvm::ConstantPointerNull::get(at_top.getPtrTy()), kept);
    behind.CreateStore(address, kept);
    for_each_return([&](llvm::IRBuilder<>& leaving, llvm::ReturnInst&) {
      tell(leaving, "__raddle_release", {leaving.CreateLoad(leaving.getPtrTy(), kept)});
    });
  }

  template <typename Add>
  void for_each_return(Add&& add) {
    for (llvm::BasicBlock& block : function_) {
      auto* leave = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator());
      if (leave == nullptr || block.getTerminatingMustTailCall() != nullptr) continue;
      PlacedBuilder builder(*leave, *leave);
      add(builder, *leave);
    }
  }

  void enter(Entry entry) {
    if (entry == Entry::kNone) return;
    llvm::Instruction& first = *function_.getEntryBlock().getFirstNonPHIOrDbgOrAlloca();
    PlacedBuilder builder(first, first);
    for (llvm::Argument& argument : function_.args()) {
      const bool is_pointer = argument.getType()->isPointerTy();
      if (is_pointer && is_acquired(entry, argument.getArgNo())) {
        tell(builder, "__raddle_acquire", {&argument});
      }
    }
    if (!is_released(entry)) return;
    for_each_return([&](llvm::IRBuilder<>& leaving, llvm::ReturnInst& leave) {
      tell(leaving, "__raddle_release", {function_.getArg(0)});
      llvm::Value* result = leave.getReturnValue();
      if (result != nullptr && result->getType()->isPointerTy()) {
        tell(leaving, "__raddle_release", {result});
      }
      if (entry == Entry::kFilter) tell(leaving, "__raddle_release", {end_of_pipelines(leaving)});
    });
  }

  llvm::Function& function_;
  bool has_changed_ = false;
};

}  // namespace

bool add_library_order(llvm::Function& function) { return Order(function).add(); }

}  // namespace raddle::pass
