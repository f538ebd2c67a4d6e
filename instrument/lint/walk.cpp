// SPDX-License-Identifier: Apache-2.0
// Statements are walked in the order of their text. A lambda that is given to something that starts
// a task becomes a function of its own, marked so; one that runs in place is walked as a part of
// the function around it; of any other it is not known when it runs.
#include "instrument/lint/walk.h"

#include <clang/AST/Attr.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Basic/SourceManager.h>

#include <cstddef>
#include <tuple>
#include <utility>

#include "instrument/lint/calls.h"
#include "instrument/lint/control_flow.h"
#include "instrument/lint/handles.h"
#include "instrument/lint/names.h"
#include "instrument/lint/updates.h"

namespace raddle::lint {
namespace {

class Walker {
 public:
  Walker(clang::ASTContext& context, Code& code, Objects& objects)
      : context_(context), sources_(context.getSourceManager()), code_(code), objects_(objects) {}

  int function(const clang::FunctionDecl& declaration, int parent);

 private:
  // The function that is walked now.
  struct Frame {
    int function = -1;
    Surroundings at;
    const clang::Stmt* anchor = nullptr;     // the callback that is walked in place
    const clang::Stmt* statement = nullptr;  // the whole statement that is walked
    bool is_last = false;                    // of its scope
    llvm::DenseMap<const clang::Stmt*, std::vector<int>> places;
  };

  Function& current() { return code_.functions[static_cast<std::size_t>(frame_.function)]; }
  Place place_of(clang::SourceLocation where) const;
  Range range_of(clang::SourceRange range) const;
  int note(Operation operation, const clang::Stmt& statement);
  void parameters(const clang::FunctionDecl& declaration);

  void walk(const clang::Stmt* statement);
  void children(const clang::Stmt& statement);
  void enter_loop(bool is_counted);
  void enter_scope();
  void compound(const clang::CompoundStmt& statement);
  void branch(const clang::IfStmt& statement);
  void loop(const clang::Stmt& statement);
  void range_for(const clang::CXXForRangeStmt& statement);
  void variable(const clang::VarDecl& variable);
  void guard(const clang::VarDecl& variable, int object);
  void lambda(const clang::LambdaExpr& expression);
  void captures(const clang::LambdaExpr& expression, Function& function) const;
  void call(const clang::Expr& expression, const Call& call);
  void lock(Operation& operation);
  void assignment(const clang::Expr& expression, const clang::Expr& target);
  int task_of(const Call& call) const;
  std::vector<Capture> references(const Call& call);
  bool is_new(const clang::Expr& value);
  void mention(const clang::Expr& expression);
  void hold(std::size_t first, int holder);
  void hand_on(const clang::Expr& handle, int holder);
  void returned(const clang::ReturnStmt& statement);

  clang::ASTContext& context_;
  const clang::SourceManager& sources_;
  Code& code_;
  Objects& objects_;
  Frame frame_;
  llvm::DenseMap<const clang::Stmt*, int> lambdas_;  // their functions
  llvm::DenseMap<const clang::Stmt*, bool> in_place_;
  llvm::DenseMap<int, int> lambda_variables_;  // object -> function
  llvm::DenseMap<int, int> guarded_;           // a guard's object -> its mutex
  llvm::DenseSet<const clang::Stmt*> quiet_;   // they name something, and are no mention of it
};

Place Walker::place_of(clang::SourceLocation where) const {
  return sources_.getExpansionLoc(where).getRawEncoding();
}

Range Walker::range_of(clang::SourceRange range) const {
  const bool is_text = range.getBegin().isFileID() && range.getEnd().isFileID();
  return {place_of(range.getBegin()), is_text ? range.getEnd().getRawEncoding() : 0};
}

int Walker::note(Operation operation, const clang::Stmt& statement) {
  if (operation.range.begin == 0) operation.range = range_of(statement.getSourceRange());
  operation.at = frame_.at;
  operation.is_statement = &statement == frame_.statement;
  operation.ends_scope = operation.is_statement && frame_.is_last;
  Function& function = current();
  function.operations.push_back(std::move(operation));
  const int index = static_cast<int>(function.operations.size()) - 1;
  frame_.places[frame_.anchor != nullptr ? frame_.anchor : &statement].push_back(index);
  return index;
}

void Walker::parameters(const clang::FunctionDecl& declaration) {
  for (const clang::ParmVarDecl* parameter : declaration.parameters()) {
    objects_.declare(*parameter, frame_.function, frame_.at);
  }
}

int Walker::function(const clang::FunctionDecl& declaration, int parent) {
  const int index = static_cast<int>(code_.functions.size());
  code_.functions.emplace_back();
  Frame frame;
  frame.function = index;
  std::swap(frame_, frame);
  current().name = parent < 0 ? declaration.getNameAsString() : "";
  current().place = place_of(declaration.getLocation());
  current().parent = parent;
  current().is_constructor = llvm::isa<clang::CXXConstructorDecl>(declaration);
  current().may_keep_lock = declaration.hasAttr<clang::AcquireCapabilityAttr>() ||
                            declaration.hasAttr<clang::ReleaseCapabilityAttr>() ||
                            declaration.hasAttr<clang::RequiresCapabilityAttr>() ||
                            declaration.hasAttr<clang::NoThreadSafetyAnalysisAttr>();
  parameters(declaration);
  walk(declaration.getBody());
  Operation end;
  end.kind = Kind::kEnds;
  end.range = range_of({declaration.getBodyRBrace(), declaration.getBodyRBrace()});
  current().operations.push_back(end);
  add_blocks(declaration, *declaration.getBody(), frame_.places, context_, current());
  std::swap(frame_, frame);
  return index;
}

void Walker::children(const clang::Stmt& statement) {
  for (const clang::Stmt* child : statement.children()) walk(child);
}

void Walker::walk(const clang::Stmt* statement) {
  if (statement == nullptr) return;
  if (const auto* block = llvm::dyn_cast<clang::CompoundStmt>(statement)) return compound(*block);
  if (const auto* chosen = llvm::dyn_cast<clang::IfStmt>(statement)) return branch(*chosen);
  if (const auto* each = llvm::dyn_cast<clang::CXXForRangeStmt>(statement)) return range_for(*each);
  if (llvm::isa<clang::ForStmt, clang::WhileStmt, clang::DoStmt>(statement)) {
    return loop(*statement);
  }
  if (const auto* closure = llvm::dyn_cast<clang::LambdaExpr>(statement)) return lambda(*closure);
  if (const auto* declarations = llvm::dyn_cast<clang::DeclStmt>(statement)) {
    for (const clang::Decl* declaration : declarations->decls()) {
      if (const auto* declared = llvm::dyn_cast<clang::VarDecl>(declaration)) variable(*declared);
    }
    return;
  }
  if (const auto* back = llvm::dyn_cast<clang::ReturnStmt>(statement)) return returned(*back);
  if (const auto* expression = llvm::dyn_cast<clang::Expr>(statement)) {
    if (const clang::Expr* filled = only_filled(*expression)) quiet_.insert(filled);
    mention(*expression);
    if (const auto update = split_update(*expression)) {
      note({.kind = Kind::kUpdatesInTwo,
            .argument = range_of(update->middle),
            .in_one = update->in_one,
            .object = objects_.resolve(update->target)},
           *expression);
    }
    if (const std::optional<Call> found = call_of(*expression)) return call(*expression, *found);
    if (const clang::Expr* target = assigned(*expression)) return assignment(*expression, *target);
  }
  children(*statement);
  if (const std::optional<Kind> leap = leap_of(*statement)) note({.kind = *leap}, *statement);
}

void Walker::returned(const clang::ReturnStmt& statement) {
  const std::size_t before = current().operations.size();
  children(statement);
  if (const clang::Expr* value = statement.getRetValue(); value != nullptr) {
    const Type type = type_of(value->getType());
    const int handle = objects_.resolve(value);
    for (std::size_t i = 0; i < current().operations.size(); ++i) {
      Operation& operation = current().operations[i];
      if (operation.kind != Kind::kStarts || operation.life != Life::kJoined) continue;
      const bool is_made_here = i >= before && (type == Type::kThread || type == Type::kHandles);
      if (is_made_here || (handle >= 0 && operation.holder == handle)) operation.is_returned = true;
    }
  }
  if (frame_.anchor != nullptr) return;
  const clang::Expr* value = statement.getRetValue();
  note({.kind = Kind::kReturns,
        .object = objects_.resolve(value),
        .is_success = value != nullptr && is_success(*value)},
       statement);
}

void Walker::mention(const clang::Expr& expression) {
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&expression);
      member != nullptr && llvm::isa<clang::FieldDecl>(member->getMemberDecl())) {
    quiet_.insert(member->getBase()->IgnoreParenImpCasts());  // of the whole object
  }
  if (quiet_.contains(&expression)) return;
  if (llvm::isa<clang::CXXThisExpr>(expression)) {
    current().mentions.push_back({.at = frame_.at});
  } else if (llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(expression) &&
             (can_tell_end(type_of(expression.getType())) ||
              type_of(expression.getType()) == Type::kCancel)) {
    current().mentions.push_back({objects_.resolve(&expression), frame_.at});
  }
}

// What was started since `first` can be waited for through `holder`.
void Walker::hold(std::size_t first, int holder) {
  for (std::size_t i = first; i < current().operations.size(); ++i) {
    Operation& operation = current().operations[i];
    const bool is_joined = operation.kind == Kind::kStarts && operation.life == Life::kJoined;
    if (is_joined && operation.holder < 0) operation.holder = holder;
  }
}

// push_back(std::move(thread)): the container now holds what the thread did.
void Walker::hand_on(const clang::Expr& handle, int holder) {
  const int from = objects_.resolve(&handle);
  if (from < 0 || type_of(handle.getType()) != Type::kThread) return;
  for (Operation& operation : current().operations) {
    if (operation.kind == Kind::kStarts && operation.holder == from) operation.holder = holder;
  }
}

void Walker::enter_loop(bool is_counted) {
  current().loops.push_back(frame_.at.loop);
  current().is_counted.push_back(is_counted);
  frame_.at.loop = static_cast<int>(current().loops.size()) - 1;
}

void Walker::enter_scope() {
  current().scopes.push_back(frame_.at.scope);
  frame_.at.scope = static_cast<int>(current().scopes.size()) - 1;
}

void Walker::compound(const clang::CompoundStmt& statement) {
  const Surroundings outside = frame_.at;
  const std::pair whole(frame_.statement, frame_.is_last);
  enter_scope();
  for (const clang::Stmt* child : statement.body()) {
    const auto* expression = llvm::dyn_cast<clang::Expr>(child);
    frame_.statement = expression != nullptr ? expression->IgnoreImplicit() : child;
    frame_.is_last = child == statement.body_back();
    walk(child);
  }
  frame_.at = outside;
  std::tie(frame_.statement, frame_.is_last) = whole;
}

void Walker::branch(const clang::IfStmt& statement) {
  walk(statement.getInit());
  if (statement.getConditionVariable() != nullptr) variable(*statement.getConditionVariable());
  walk(statement.getCond());
  Condition condition;
  condition.parent = frame_.at.branch;
  condition.scope = frame_.at.scope;
  condition.before = current().operations.size();
  condition.leaves = frame_.anchor == nullptr && leaves(statement.getThen());
  objects_read(statement.getCond(), objects_, condition.objects);
  const Surroundings outside = frame_.at;
  current().branches.push_back(std::move(condition));
  frame_.at.branch = static_cast<int>(current().branches.size()) - 1;
  walk(statement.getThen());
  frame_.at = outside;
  walk(statement.getElse());
}

void Walker::loop(const clang::Stmt& statement) {
  const Surroundings outside = frame_.at;
  const auto* counted = llvm::dyn_cast<clang::ForStmt>(&statement);
  enter_loop(counted != nullptr && counted->getCond() != nullptr && counted->getInc() != nullptr);
  const std::pair whole(frame_.statement, frame_.is_last);
  for (const clang::Stmt* child : statement.children()) {
    // A body without braces is a whole statement too.
    if (const auto* expression = llvm::dyn_cast_or_null<clang::Expr>(child);
        expression != nullptr && child == body_of(statement)) {
      frame_.statement = expression->IgnoreImplicit();
    }
    walk(child);
    std::tie(frame_.statement, frame_.is_last) = whole;
  }
  frame_.at = outside;
}

void Walker::range_for(const clang::CXXForRangeStmt& statement) {
  walk(statement.getInit());
  const Surroundings outside = frame_.at;
  enter_loop(true);
  const clang::Expr* range = statement.getRangeInit();
  walk(range);
  if (type_of(range->getType()) == Type::kChannel) {
    note({.kind = Kind::kReceives, .object = objects_.resolve(range)}, *range);
  }
  variable(*statement.getLoopVariable());
  walk(statement.getBody());
  frame_.at = outside;
}

void Walker::variable(const clang::VarDecl& variable) {
  const int object = objects_.declare(variable, frame_.function, frame_.at);
  if (!variable.hasLocalStorage()) {  // static: it outlives the function
    code_.objects[static_cast<std::size_t>(object)].function = -1;
  }
  if (const auto* parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable)) {
    int context = -1;
    for (const clang::BindingDecl* part : parts->bindings()) {
      const int index = objects_.declare(*part, frame_.function, frame_.at);
      const Type type = type_of(part->getType());
      if (type == Type::kContext) context = index;
      if (type == Type::kCancel && context >= 0 && variable.hasLocalStorage()) {
        code_.objects[static_cast<std::size_t>(context)].cancel = index;
      }
    }
  }
  const clang::Expr* value = variable.getInit();
  if (value == nullptr) return;
  code_.objects[static_cast<std::size_t>(object)].is_unbuffered = makes_unbuffered(*value);
  code_.objects[static_cast<std::size_t>(object)].is_new = makes_new(*value);
  const std::size_t before = current().operations.size();
  walk(value);
  const Type type = type_of(variable.getType());
  if (type == Type::kThread || type == Type::kHandles) hold(before, object);
  if (const auto* closure = llvm::dyn_cast<clang::LambdaExpr>(value->IgnoreImplicit())) {
    lambda_variables_[object] = lambdas_[closure];
  }
  if (type == Type::kGuard) guard(variable, object);
}

void Walker::guard(const clang::VarDecl& variable, int object) {
  const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(variable.getInit()->IgnoreImplicit());
  if (made == nullptr || made->getNumArgs() == 0) return;
  const GuardWay way = guard_way(*made);
  for (const clang::Expr* argument : made->arguments()) {
    const int mutex = objects_.resolve(argument);
    if (mutex < 0 || type_of(argument->getType()) == Type::kOther) continue;
    guarded_[object] = mutex;
    // One that takes over a lock ends what was locked by hand.
    const bool adopts = way == GuardWay::kAdopts;
    if (adopts) note({.kind = Kind::kUnlocks, .object = mutex}, *made);
    if (way == GuardWay::kLater) continue;
    note({.kind = Kind::kGuards, .object = mutex, .guard = object, .adopts = adopts}, *made);
  }
}

void Walker::captures(const clang::LambdaExpr& expression, Function& function) const {
  for (const clang::LambdaCapture& capture : expression.captures()) {
    if (!capture.capturesVariable()) continue;
    Capture ours;
    const clang::ValueDecl* variable = capture.getCapturedVar();
    const auto* made = llvm::dyn_cast<clang::VarDecl>(variable);
    ours.by_reference = capture.getCaptureKind() == clang::LCK_ByRef;
    const bool is_new = made != nullptr && made->isInitCapture();
    if (is_new && takes_address(*made->getInit())) ours.by_reference = true;
    ours.object = is_new ? objects_.resolve(made->getInit()) : objects_.of(*variable);
    // A new variable made from something else is the lambda's own.
    if (is_new && !ours.by_reference) ours.object = objects_.of(*variable);
    ours.place = place_of(capture.getLocation());
    const clang::SourceLocation before = capture.getLocation().getLocWithOffset(-1);
    if (ours.by_reference && capture.isExplicit() && !is_new && before.isFileID() &&
        *sources_.getCharacterData(before) == '&') {
      ours.ampersand = {before.getRawEncoding(), before.getRawEncoding()};
    }
    if (ours.object >= 0) function.captures.push_back(ours);
  }
}

void Walker::lambda(const clang::LambdaExpr& expression) {
  for (const clang::Expr* init : expression.capture_inits()) {
    const clang::Expr* plain = init != nullptr ? init->IgnoreImplicit() : nullptr;
    if (plain == nullptr || llvm::isa<clang::DeclRefExpr, clang::CXXThisExpr>(plain)) continue;
    walk(init);
  }
  const clang::CXXMethodDecl* body = called(expression);
  if (body == nullptr || body->getBody() == nullptr) return;
  if (in_place_.contains(&expression)) {
    const clang::Stmt* outside = frame_.anchor;
    if (outside == nullptr) frame_.anchor = &expression;
    const Surroundings around = frame_.at;
    enter_scope();
    parameters(*body);
    walk(body->getBody());
    frame_.at = around;
    frame_.anchor = outside;
    return;
  }
  const int index = function(*body, frame_.function);
  lambdas_[&expression] = index;
  captures(expression, code_.functions[static_cast<std::size_t>(index)]);
}

int Walker::task_of(const Call& call) const {
  for (const clang::Expr* argument : call.arguments) {
    if (const auto* closure = lambda_in(*argument)) {
      const auto found = lambdas_.find(closure);
      return found == lambdas_.end() ? -1 : found->second;
    }
    const int object = objects_.resolve(argument);
    const auto found = lambda_variables_.find(object);
    if (object >= 0 && found != lambda_variables_.end()) return found->second;
  }
  return -1;
}

// What a task is given by address, and the locks that it gets copies of.
std::vector<Capture> Walker::references(const Call& call) {
  std::vector<Capture> found;
  for (const clang::Expr* argument : call.arguments) {
    const bool by_reference = takes_address(*argument);
    if (!by_reference && type_of(argument->getType()) != Type::kHoldsLock) continue;
    const int object = objects_.resolve(argument);
    if (object < 0) continue;
    if (const clang::Expr* named = holder_in(argument)) quiet_.insert(named);
    found.push_back({.object = object,
                     .by_reference = by_reference,
                     .place = place_of(argument->getBeginLoc()),
                     .ampersand = {}});
  }
  return found;
}

bool Walker::is_new(const clang::Expr& value) {
  const int object = objects_.resolve(&value);
  return makes_new(value) ||
         (object >= 0 && code_.objects[static_cast<std::size_t>(object)].is_new);
}

// What a guard locks and unlocks is its mutex.
void Walker::lock(Operation& operation) {
  const auto found = guarded_.find(operation.object);
  if (found == guarded_.end()) return;
  operation.guard = operation.object;
  operation.object = found->second;
}

void Walker::call(const clang::Expr& expression, const Call& call) {
  if (call.runs_in_place) {
    for (const clang::Expr* argument : call.arguments) {
      if (const auto* closure = lambda_in(*argument)) in_place_[closure] = true;
    }
  }
  const std::size_t before = current().operations.size();
  Operation operation;
  if (call.kind == Kind::kStarts) operation.arguments = references(call);
  children(expression);
  operation.kind = call.kind;
  operation.object = objects_.resolve(call.object);
  operation.stores_new = call.kind == Kind::kStoresRelaxed && is_new(*call.stored);
  if (call.kind == Kind::kStoresRelaxed && !call.stores_true && !operation.stores_new) return;
  operation.has_predicate = call.has_predicate;
  operation.life = call.life;
  if (call.order != nullptr) operation.argument = range_of(call.order->getSourceRange());
  if (call.kind == Kind::kLocks || call.kind == Kind::kUnlocks) lock(operation);
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&expression);
      member != nullptr && keeps_handle(*member)) {
    const int holder = objects_.resolve(holder_in(call.object));
    hold(before, holder);
    for (const clang::Expr* argument : call.arguments) hand_on(*argument, holder);
  }
  if (call.kind == Kind::kStarts) {
    operation.holder = objects_.resolve(call.handle);
    operation.task = task_of(call);
    if (operation.task >= 0) {
      code_.functions[static_cast<std::size_t>(operation.task)].is_task = true;
    }
  }
  const int index = note(std::move(operation), expression);
  for (std::size_t i = before; call.runs_in_place && i < static_cast<std::size_t>(index); ++i) {
    if (current().operations[i].callback < 0) current().operations[i].callback = index;
  }
  if (call.kind != Kind::kSelects) return;
  for (std::size_t i = before; i < static_cast<std::size_t>(index); ++i) {
    if (is_case(current().operations[i].kind)) current().operations[i].select = index;
  }
}

void Walker::assignment(const clang::Expr& expression, const clang::Expr& target) {
  const std::size_t before = current().operations.size();
  children(expression);
  const int holder = objects_.resolve(holder_in(&target));
  hold(before, holder);
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression);
      operation != nullptr && operation->getNumArgs() > 1) {
    hand_on(*operation->getArg(1), holder);
  }
  note({.kind = Kind::kWrites, .object = objects_.resolve(&target)}, expression);
}

}  // namespace

void walk_function(const clang::FunctionDecl& declaration, clang::ASTContext& context, Code& code,
                   Objects& objects) {
  Walker(context, code, objects).function(declaration, -1);
}

}  // namespace raddle::lint
