// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/collect.h"

#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/SourceManager.h>

#include <utility>

#include "instrument/lint/names.h"
#include "instrument/lint/walk.h"

namespace raddle::lint {
namespace {

// Whether whoever wrote this declaration chose the order of the parameters. An instance repeats its
// template, an override its base, and an operator has no choice.
bool has_free_signature(const clang::FunctionDecl& function) {
  if (!function.isFirstDecl() || function.isTemplateInstantiation()) return false;
  if (llvm::isa<clang::CXXDeductionGuideDecl>(function)) return false;
  if (function.isOverloadedOperator() && function.getOverloadedOperator() != clang::OO_Call) {
    return false;
  }
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  return method == nullptr || method->size_overridden_methods() == 0;
}

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
    if (!is_lambda && has_free_signature(*function)) note_signature(*function);
    return true;
  }

  bool VisitFieldDecl(clang::FieldDecl* field) {
    if (field->getParent()->isLambda()) return true;
    code_.fields.push_back({field->getParent()->getNameAsString(), field->getNameAsString(),
                            field->getLocation().getRawEncoding(),
                            holds_context(field->getType()) ? Type::kContext : Type::kOther});
    return true;
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  void note_signature(const clang::FunctionDecl& function) {
    Signature signature;
    for (const clang::ParmVarDecl* parameter : function.parameters()) {
      signature.push_back({parameter->getNameAsString(), type_of(parameter->getType()),
                           parameter->getLocation().getRawEncoding()});
    }
    code_.signatures.push_back(std::move(signature));
  }

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
