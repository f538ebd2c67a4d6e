// SPDX-License-Identifier: Apache-2.0
// The Sites of a module (runtime/hooks/hooks.h): where an access or a call stands in the source.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"

namespace raddle::pass {

class SiteTable {
 public:
  explicit SiteTable(llvm::Module& module);

  // The site of `instruction`; `variable` is what it accesses, where known. Equal places share one
  // site.
  llvm::Constant* site(const llvm::Instruction& instruction, llvm::StringRef variable = {});

 private:
  struct Place {
    llvm::StringRef file, function, variable;
    unsigned line = 0, column = 0;
    llvm::Constant* inlined_at = nullptr;
  };
  llvm::GlobalVariable* make(const Place& place, const llvm::Function& function);
  llvm::Constant* at_location(const llvm::DILocation* location, const llvm::Function& function,
                              llvm::StringRef variable);
  llvm::Constant* text(llvm::StringRef text);
  llvm::Constant* offset_from(llvm::GlobalVariable* site, unsigned field, llvm::Constant* target);

  llvm::Module& module_;
  const bool is_for_link_time_;
  std::map<std::tuple<const llvm::DILocation*, const llvm::Function*, std::string>, llvm::Constant*>
      sites_;
  llvm::StringMap<llvm::Constant*> texts_;
};

}  // namespace raddle::pass
