// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/collect.h"

#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/SourceManager.h>

#include "instrument/lint/names.h"
#include "instrument/lint/walk.h"

namespace raddle::lint {
namespace {

class Collector : public clang::RecursiveASTVisitor<Collector> {
 public:
  Collector(clang::ASTContext& context, Code& code)
      : context_(context), code_(code), objects_(code) {}

  // NOLINTBEGIN(readability-identifier-naming): Clang's names
  bool shouldVisitTemplateInstantiations() const { return true; }

  bool VisitFunctionDecl(clang::FunctionDecl* function) {
    const bool is_lambda = llvm::isa<clang::CXXMethodDecl>(function) &&
                           llvm::cast<clang::CXXMethodDecl>(function)->getParent()->isLambda();
    if (function->doesThisDeclarationHaveABody() && !function->isDependentContext() && !is_lambda) {
      walk_function(*function, context_, code_, objects_);
    }
    return true;
  }

  bool VisitFieldDecl(clang::FieldDecl* field) {
    if (field->getParent()->isLambda()) return true;
    code_.fields.push_back({field->getParent()->getNameAsString(), field->getNameAsString(),
                            field->getLocation().getRawEncoding(), type_of(field->getType())});
    return true;
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  clang::ASTContext& context_;
  Code& code_;
  Objects objects_;
};

}  // namespace

Code collect(clang::ASTContext& context) {
  const clang::SourceManager& sources = context.getSourceManager();
  Code code;
  Collector collector(context, code);
  for (clang::Decl* declaration : context.getTranslationUnitDecl()->decls()) {
    const clang::SourceLocation place = declaration->getLocation();
    if (place.isInvalid() || sources.isInSystemHeader(sources.getExpansionLoc(place))) continue;
    collector.TraverseDecl(declaration);
  }
  return code;
}

}  // namespace raddle::lint
