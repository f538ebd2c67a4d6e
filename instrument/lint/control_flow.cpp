// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/control_flow.h"

#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Analysis/CFG.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace raddle::lint {
namespace {

using Places = llvm::DenseMap<const clang::Stmt*, std::vector<int>>;

// The lock whose result the block's last condition tests, and the successor that has it; -1: none.
struct TestedLock {
  int operation = -1;
  std::size_t successor = 0;
};

bool is_zero(const clang::Expr& value) {
  const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(value.IgnoreParenImpCasts());
  return number != nullptr && number->getValue() == 0;
}

TestedLock tested_lock(const clang::CFGBlock& block, const Places& places,
                       const Function& function) {
  const clang::Expr* condition = block.getLastCondition();
  if (block.succ_size() != 2 || llvm::isa_and_nonnull<clang::SwitchStmt>(block.getTerminatorStmt()))
    return {};
  bool is_negated = false;
  while (condition != nullptr) {
    condition = condition->IgnoreParenImpCasts();
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(condition)) {
      const auto found = places.find(call);
      if (found == places.end()) return {};
      const int last = found->second.back();
      const Kind kind = function.operations[static_cast<std::size_t>(last)].kind;
      if (kind != Kind::kTriesLock && kind != Kind::kLocks) return {};
      // C's functions return 0 when it is locked.
      const bool is_on_true = llvm::isa<clang::CXXMemberCallExpr>(call) != is_negated;
      return {last, is_on_true ? 0U : 1U};
    }
    if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(condition)) {
      if (unary->getOpcode() != clang::UO_LNot) return {};
      is_negated = !is_negated;
      condition = unary->getSubExpr();
      continue;
    }
    const auto* compared = llvm::dyn_cast<clang::BinaryOperator>(condition);
    if (compared == nullptr || !compared->isEqualityOp() || !is_zero(*compared->getRHS())) {
      return {};
    }
    is_negated = is_negated != (compared->getOpcode() == clang::BO_EQ);
    condition = compared->getLHS();
  }
  return {};
}

// Moves the lock from the block that tries it to a new one on the way where it has succeeded.
void decide(const TestedLock& lock, std::size_t block, Function& function) {
  const auto added = static_cast<int>(function.blocks.size());
  Block& tries = function.blocks[block];
  const int next = tries.successors[lock.successor];
  std::erase(tries.operations, lock.operation);
  tries.successors[lock.successor] = added;
  function.blocks.push_back({.operations = {lock.operation}, .successors = {next}});
  function.operations[static_cast<std::size_t>(lock.operation)].is_decided = true;
}

}  // namespace

const clang::Stmt* body_of(const clang::Stmt& loop) {
  if (const auto* counted = llvm::dyn_cast<clang::ForStmt>(&loop)) return counted->getBody();
  if (const auto* again = llvm::dyn_cast<clang::DoStmt>(&loop)) return again->getBody();
  return llvm::cast<clang::WhileStmt>(loop).getBody();
}

std::optional<Kind> leap_of(const clang::Stmt& statement) {
  if (llvm::isa<clang::CXXThrowExpr>(statement)) return Kind::kThrows;
  if (llvm::isa<clang::BreakStmt>(statement)) return Kind::kBreaks;
  if (llvm::isa<clang::GotoStmt>(statement)) return Kind::kJumps;
  if (llvm::isa<clang::CoroutineSuspendExpr>(statement)) return Kind::kSuspends;
  return std::nullopt;
}

bool leaves(const clang::Stmt* statement) {
  if (const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(statement)) {
    return !block->body_empty() && leaves(block->body_back());
  }
  if (const auto* expression = llvm::dyn_cast_or_null<clang::Expr>(statement)) {
    return llvm::isa<clang::CXXThrowExpr>(expression->IgnoreImplicit());
  }
  return statement != nullptr && llvm::isa<clang::ReturnStmt>(statement);
}

void add_blocks(const clang::Decl& declaration, clang::Stmt& body,
                const llvm::DenseMap<const clang::Stmt*, std::vector<int>>& places,
                clang::ASTContext& context, Function& function) {
  clang::CFG::BuildOptions options;
  options.setAllAlwaysAdd();  // every expression is an element, so that each operation is found
  const std::unique_ptr<clang::CFG> graph =
      clang::CFG::buildCFG(&declaration, &body, &context, options);
  if (graph == nullptr) return;
  const unsigned entry = graph->getEntry().getBlockID();
  const unsigned exit = graph->getExit().getBlockID();
  // The entry has the highest number; here it is the first.
  const auto index_of = [entry](const clang::CFGBlock& block) {
    return static_cast<int>(entry - block.getBlockID());
  };
  function.blocks.resize(graph->getNumBlockIDs());
  std::vector<bool> falls_out(graph->getNumBlockIDs(), false);
  for (const clang::CFGBlock* block : *graph) {
    Block& ours = function.blocks[static_cast<std::size_t>(index_of(*block))];
    for (const clang::CFGElement& element : *block) {
      const auto statement = element.getAs<clang::CFGStmt>();
      if (!statement) continue;
      const auto found = places.find(statement->getStmt());
      if (found == places.end()) continue;
      ours.operations.insert(ours.operations.end(), found->second.begin(), found->second.end());
    }
    // A jump ends its block and is no element of it.
    if (const auto jump = places.find(block->getTerminatorStmt());
        jump != places.end() && llvm::isa<clang::GotoStmt>(jump->first)) {
      ours.operations.push_back(jump->second.back());
    }
    for (const clang::CFGBlock* next : block->succs()) {
      if (next == nullptr) continue;  // the compiler knows that it is not taken
      ours.successors.push_back(index_of(*next));
      if (next->getBlockID() != exit || block->hasNoReturnElement()) continue;
      const Kind last =
          ours.operations.empty()
              ? Kind::kCalls
              : function.operations[static_cast<std::size_t>(ours.operations.back())].kind;
      if (last != Kind::kReturns && last != Kind::kThrows) {
        ours.operations.push_back(static_cast<int>(function.operations.size()) - 1);  // kEnds
      }
    }
  }
  for (const clang::CFGBlock* block : *graph) {
    const TestedLock lock = tested_lock(*block, places, function);
    const auto index = static_cast<std::size_t>(index_of(*block));
    if (lock.operation < 0 || function.blocks[index].successors.size() != 2) continue;
    decide(lock, index, function);
  }
}

}  // namespace raddle::lint
