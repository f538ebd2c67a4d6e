// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/control_flow.h"

#include <clang/Analysis/CFG.h>

#include <cstddef>
#include <memory>

namespace raddle::lint {

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
}

}  // namespace raddle::lint
