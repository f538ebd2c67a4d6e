// SPDX-License-Identifier: Apache-2.0
// The Sites of a module (runtime/hooks/hooks.h): where an access or a call stands in the source.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "instrument/pass/variable_names.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {

class SiteTable {
 public:
  explicit SiteTable(llvm::Module& module);

  // The site of an access at `pointer`, of a call, of what names nothing. Equal places share one.
  llvm::Constant* site(const llvm::Instruction& instruction, llvm::Value* pointer);
  llvm::Constant* site(const llvm::CallBase& call);
  llvm::Constant* unnamed_site(const llvm::Instruction& instruction);

  struct Member {
    llvm::Constant* site = nullptr;
    std::int64_t offset = 0;
    unsigned log2_bytes = 0;
  };
  // A hooks::Group with these members.
  llvm::Constant* group(const std::vector<Member>& members, const llvm::Function& function);

 private:
  struct Place {
    llvm::StringRef file, function, variable;
    unsigned line = 0, column = 0;
    llvm::Constant* inlined_at = nullptr;
  };
  llvm::GlobalVariable* make(const Place& place, const llvm::Function& function);
  llvm::Constant* at_instruction(const llvm::Instruction& instruction, llvm::StringRef variable);
  llvm::Constant* at_location(const llvm::DILocation* location, const llvm::Function& function,
                              llvm::StringRef variable);
  llvm::Constant* text(llvm::StringRef text);
  void keep_with(const llvm::Function& function, llvm::GlobalVariable* what);
  llvm::Constant* offset_from(llvm::GlobalVariable* from, unsigned field, llvm::Constant* target);

  llvm::Module& module_;
  VariableNames names_;
  const bool is_for_link_time_;
  std::map<std::tuple<const llvm::DILocation*, const llvm::Function*, std::string>, llvm::Constant*>
      sites_;
  llvm::StringMap<llvm::Constant*> texts_;
};

}  // namespace raddle::pass
