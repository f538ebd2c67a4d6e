// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/calls.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/Basic/SourceManager.h>

#include <algorithm>

#include "instrument/lint/handles.h"
#include "instrument/lint/names.h"

namespace raddle::lint {
namespace {

// std::memory_order_relaxed, std::memory_order::relaxed, or C's.
bool is_relaxed(const clang::Expr& order) {
  const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(order.IgnoreParenImpCasts());
  if (named == nullptr) return false;
  const std::string name = named->getDecl()->getNameAsString();
  return name == "memory_order_relaxed" || name == "relaxed";
}

bool is_true(const clang::Expr& value) {
  const auto* literal = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(value.IgnoreImplicit());
  return literal != nullptr && literal->getValue();
}

// One of std::atomic's, as a member or not. Of compare_exchange the value is the second argument.
void read_store(const clang::CallExpr& called, const clang::FunctionDecl& callee, Call& call) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&callee);
  const std::string owner = method != nullptr ? method->getParent()->getNameAsString() : "";
  const bool is_member = owner == "atomic" || owner == "__atomic_base";
  const std::string name = callee.getNameAsString();
  const bool is_exchange =
      is_member && (name == "compare_exchange_weak" || name == "compare_exchange_strong");
  const bool is_store =
      is_member ? name == "store" : plain_name(callee) == "std::atomic_store_explicit";
  if (!is_store && !is_exchange) return;
  const unsigned value = is_member && is_store ? 0 : 1;
  if (called.getNumArgs() < value + 2 || !is_relaxed(*called.getArg(value + 1))) return;
  call.kind = Kind::kStoresRelaxed;
  call.stored = called.getArg(value);
  call.stores_true = is_store && is_true(*call.stored);
  if (is_store) call.order = called.getArg(value + 1);
}

// threads.emplace_back(f, arguments) on a container of threads.
bool emplaces_thread(const clang::CXXMemberCallExpr& member) {
  const std::string name = member.getMethodDecl()->getNameAsString();
  if (name != "emplace_back" && name != "emplace") return false;
  const auto* container =
      llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(member.getMethodDecl()->getParent());
  if (container == nullptr || container->getTemplateArgs().size() == 0) return false;
  const clang::TemplateArgument& element = container->getTemplateArgs()[0];
  if (element.getKind() != clang::TemplateArgument::Type) return false;
  if (type_of(element.getAsType()) != Type::kThread) return false;
  // From a thread that is there already nothing is started.
  return member.getNumArgs() > 0 && type_of(member.getArg(0)->getType()) != Type::kThread;
}

bool cannot_throw(const clang::FunctionDecl* callee) {
  if (callee == nullptr) return false;
  if (callee->getBuiltinID() != 0 || callee->isExternC()) return true;
  const auto* type = callee->getType()->getAs<clang::FunctionProtoType>();
  return type != nullptr && type->isNothrow();
}

// What stands in a system header, or is raddle's, only asks or sets something.
bool is_users(const clang::FunctionDecl& callee) {
  const clang::SourceManager& sources = callee.getASTContext().getSourceManager();
  return callee.getBuiltinID() == 0 && !plain_name(callee).starts_with("raddle::") &&
         !sources.isInSystemHeader(callee.getLocation());
}

// `with_cancel(parent).context`: the cancel dies at the end of the expression.
bool drops_cancel(const clang::Expr& expression) {
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(&expression);
  if (member == nullptr || member->getMemberDecl()->getNameAsString() != "context") return false;
  const auto* record = member->getBase()->getType()->getAsCXXRecordDecl();
  if (record == nullptr) return false;
  const std::string name = plain_name(*record);
  return (name == "raddle::CancelableContext" || name == "raddle::CauseContext") &&
         llvm::isa<clang::CallExpr>(member->getBase()->IgnoreImplicit());
}

std::optional<Call> construction(const clang::CXXConstructExpr& made) {
  const clang::CXXConstructorDecl* constructor = made.getConstructor();
  if (constructor->isCopyOrMoveConstructor() || made.getNumArgs() == 0) return std::nullopt;
  if (kind_of(*constructor) != Kind::kStarts) return std::nullopt;
  Call call;
  call.kind = Kind::kStarts;
  call.life = Life::kJoined;
  call.arguments.assign(made.arg_begin(), made.arg_end());
  return call;
}

void read_member_call(const clang::CXXMemberCallExpr& member, Call& call) {
  call.object = member.getImplicitObjectArgument();
  if (member.getMethodDecl() == nullptr) return;
  if (call.kind == Kind::kWaitsCondition) call.has_predicate = member.getNumArgs() > 1;
  if (call.kind != Kind::kCalls) return;
  if (emplaces_thread(member)) {
    call.kind = Kind::kStarts;
    call.life = Life::kJoined;
  }
}

}  // namespace

std::optional<Call> call_of(const clang::Expr& expression) {
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&expression)) {
    return construction(*made);
  }
  if (drops_cancel(expression)) {
    Call call;
    call.kind = Kind::kDropsCancel;
    return call;
  }
  const auto* called = llvm::dyn_cast<clang::CallExpr>(&expression);
  if (called == nullptr || llvm::isa<clang::CXXOperatorCallExpr>(called)) return std::nullopt;
  const clang::FunctionDecl* callee = called->getDirectCallee();
  Call call;
  if (callee != nullptr) {
    call.kind = kind_of(*callee).value_or(Kind::kCalls);
    call.life = life_of(*callee);
    call.runs_in_place = runs_in_place(*callee);
  }
  call.arguments.assign(called->arg_begin(), called->arg_end());
  if (call.kind == Kind::kStarts && callee->isExternC()) {  // pthread_create: f and its argument
    call.arguments.erase(call.arguments.begin(),
                         call.arguments.begin() + std::min<int>(2, called->getNumArgs()));
  }
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(called)) {
    read_member_call(*member, call);
  } else if (called->getNumArgs() > 0) {
    call.object = called->getArg(0);
  }
  if (call.kind == Kind::kCalls && callee != nullptr) read_store(*called, *callee, call);
  if (call.kind == Kind::kCalls && !call.runs_in_place && cannot_throw(callee)) {
    if (!is_users(*callee)) return std::nullopt;
    call.kind = Kind::kRuns;
  }
  if (call.kind == Kind::kStarts) call.handle = holder_of_start(*called);
  return call;
}

const clang::Expr* assigned(const clang::Expr& expression) {
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&expression)) {
    return binary->isAssignmentOp() ? binary->getLHS() : nullptr;
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(&expression)) {
    return unary->isIncrementDecrementOp() ? unary->getSubExpr() : nullptr;
  }
  const auto* overloaded = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression);
  return overloaded != nullptr && overloaded->isAssignmentOp() ? overloaded->getArg(0) : nullptr;
}

bool takes_address(const clang::Expr& value) {
  const clang::Expr* plain = value.IgnoreParenCasts()->IgnoreImplicit();
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(plain)) {
    return unary->getOpcode() == clang::UO_AddrOf;
  }
  const auto* call = llvm::dyn_cast<clang::CallExpr>(plain);
  if (call == nullptr || call->getDirectCallee() == nullptr) return false;
  const std::string name = plain_name(*call->getDirectCallee());
  return name == "std::ref" || name == "std::cref" || name == "std::addressof";
}

bool is_success(const clang::Expr& value) {
  const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(value.IgnoreParenImpCasts());
  return is_true(value) || (number != nullptr && number->getValue() == 0);
}

bool makes_new(const clang::Expr& value) {
  const clang::Expr* plain = value.IgnoreParenCasts()->IgnoreImplicit();
  if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(plain)) {
    const clang::CXXMethodDecl* method = call->getMethodDecl();
    return method != nullptr && plain_name(*method) == "std::unique_ptr::release";
  }
  return llvm::isa<clang::CXXNewExpr>(plain);
}

const clang::LambdaExpr* lambda_in(const clang::Expr& argument) {
  const clang::Expr* plain = argument.IgnoreImplicit();
  while (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(plain)) {
    if (made->getNumArgs() != 1) return nullptr;
    plain = made->getArg(0)->IgnoreImplicit();
  }
  return llvm::dyn_cast<clang::LambdaExpr>(plain);
}

const clang::CXXMethodDecl* called(const clang::LambdaExpr& lambda) {
  const clang::FunctionTemplateDecl* generic =
      lambda.getLambdaClass()->getDependentLambdaCallOperator();
  if (generic == nullptr) return lambda.getCallOperator();
  const clang::CXXMethodDecl* only = nullptr;
  for (const clang::FunctionDecl* instance : generic->specializations()) {
    if (only != nullptr) return nullptr;
    only = llvm::dyn_cast<clang::CXXMethodDecl>(instance);
  }
  return only;
}

bool makes_unbuffered(const clang::Expr& value) {
  const clang::Expr* plain = value.IgnoreImplicit();
  while (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(plain)) {
    if (made->getNumArgs() != 1) return false;
    plain = made->getArg(0)->IgnoreImplicit();
  }
  const auto* call = llvm::dyn_cast<clang::CallExpr>(plain);
  if (call == nullptr || call->getDirectCallee() == nullptr) return false;
  if (plain_name(*call->getDirectCallee()) != "raddle::make_chan") return false;
  if (call->getNumArgs() == 0 || llvm::isa<clang::CXXDefaultArgExpr>(call->getArg(0))) return true;
  const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(call->getArg(0)->IgnoreImpCasts());
  return number != nullptr && number->getValue() == 0;
}

GuardWay guard_way(const clang::CXXConstructExpr& made) {
  for (const clang::Expr* argument : made.arguments()) {
    const auto* record = argument->getType()->getAsCXXRecordDecl();
    if (record == nullptr) continue;
    const std::string name = record->getNameAsString();
    if (name == "adopt_lock_t") return GuardWay::kAdopts;
    if (name == "defer_lock_t" || name == "try_to_lock_t") return GuardWay::kLater;
  }
  return GuardWay::kLocks;
}

void objects_read(const clang::Expr* expression, Objects& objects, std::vector<int>& out) {
  if (expression == nullptr) return;
  if (llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(expression)) {
    if (const int object = objects.resolve(expression); object >= 0) out.push_back(object);
  }
  for (const clang::Stmt* child : expression->children()) {
    if (child != nullptr) {
      objects_read(llvm::dyn_cast<clang::Expr>(child), objects, out);
    }
  }
}

}  // namespace raddle::lint
