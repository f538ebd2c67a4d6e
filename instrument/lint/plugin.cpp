// SPDX-License-Identifier: Apache-2.0
// The checks inside the compiler: raddle's flag loads this plugin, and RADDLE_LINT=1 in the
// environment wakes it.
#include <clang/AST/ASTConsumer.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

#include <cstdlib>
#include <string_view>

#include "instrument/lint/emit.h"

namespace raddle::lint {
namespace {

bool is_wanted() {
  const char* value = std::getenv("RADDLE_LINT");
  return value != nullptr && std::string_view(value) == "1";
}

class Action : public clang::PluginASTAction {
 protected:
  // NOLINTBEGIN(readability-identifier-naming): Clang's names
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef file) override {
    return is_wanted() ? make_consumer() : std::make_unique<clang::ASTConsumer>();
  }
  bool ParseArgs(const clang::CompilerInstance& compiler,
                 const std::vector<std::string>& arguments) override {
    return true;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }
  // NOLINTEND(readability-identifier-naming)
};

const clang::FrontendPluginRegistry::Add<Action> kRegistered("raddle-lint",
                                                             "warns of concurrency mistakes");

}  // namespace
}  // namespace raddle::lint
