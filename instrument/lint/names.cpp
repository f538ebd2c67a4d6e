// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/names.h"

#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>

namespace raddle::lint {
namespace {

const llvm::StringMap<Kind>& kinds() {
  static const llvm::StringMap<Kind> kTable = {
#define RADDLE_CALL(name, kind) {name, Kind::kind},
#include "instrument/lint/names.def"
#undef RADDLE_CALL
  };
  return kTable;
}

Type type_named(llvm::StringRef name) {
  static const llvm::StringMap<Type> kTable = {
      {"raddle::Chan", Type::kChannel},
      {"raddle::RecvChan", Type::kChannel},
      {"raddle::SendChan", Type::kChannel},
      {"raddle::Sender", Type::kChannel},
      {"raddle::Receiver", Type::kChannel},
      {"raddle::WaitGroup", Type::kWaitGroup},
      {"raddle::TaskGroup", Type::kWaitGroup},
      {"raddle::Mutex", Type::kMutex},
      {"raddle::RwMutex", Type::kMutex},
      {"std::mutex", Type::kMutex},
      {"std::timed_mutex", Type::kMutex},
      {"std::recursive_mutex", Type::kMutex},
      {"std::recursive_timed_mutex", Type::kMutex},
      {"std::shared_mutex", Type::kMutex},
      {"std::shared_timed_mutex", Type::kMutex},
      {"std::lock_guard", Type::kGuard},
      {"std::unique_lock", Type::kGuard},
      {"std::scoped_lock", Type::kGuard},
      {"std::shared_lock", Type::kGuard},
      {"raddle::Context", Type::kContext},
      {"raddle::CancelFunc", Type::kCancel},
      {"raddle::CancelCauseFunc", Type::kCancel},
      {"std::atomic", Type::kAtomic},
      {"std::atomic_flag", Type::kAtomic},
      {"std::thread", Type::kThread},
      {"std::jthread", Type::kThread},
      {"raddle::Task", Type::kThread},
      {"std::future", Type::kThread},
      {"std::shared_future", Type::kThread},
      {"pthread_t", Type::kThread},
      {"pthread_mutex_t", Type::kHoldsLock},
      {"pthread_cond_t", Type::kHoldsLock},
      {"pthread_rwlock_t", Type::kHoldsLock},
      {"pthread_barrier_t", Type::kHoldsLock},
      {"sem_t", Type::kHoldsLock},
      {"mtx_t", Type::kHoldsLock},
      {"cnd_t", Type::kHoldsLock},
  };
  const auto found = kTable.find(name);
  return found == kTable.end() ? Type::kOther : found->second;
}

// pthread's types are typedefs of numbers and unnamed unions, so the name is read before the type
// is.
Type typedef_named(clang::QualType type) {
  while (const auto* alias = type->getAs<clang::TypedefType>()) {
    const Type found = type_named(alias->getDecl()->getName());
    if (found == Type::kHoldsLock || found == Type::kThread) return found;
    type = alias->getDecl()->getUnderlyingType();
  }
  return Type::kOther;
}

// By its own name, without a look into it.
Type named_type(clang::QualType type) {
  if (const Type found = typedef_named(type); found != Type::kOther) return found;
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr ? type_named(plain_name(*record)) : Type::kOther;
}

// A container or smart pointer of the standard library, by what it is of.
template <typename Test>
bool any_argument(clang::QualType type, Test is_it) {
  const auto* container =
      llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  if (container == nullptr || !container->isInStdNamespace()) return false;
  return llvm::any_of(container->getTemplateArgs().asArray(), [&](const auto& argument) {
    return argument.getKind() == clang::TemplateArgument::Type && is_it(argument.getAsType());
  });
}

bool holds_handles(clang::QualType type);

bool is_handle(clang::QualType type) {
  const Type found = named_type(type);
  return found == Type::kThread || found == Type::kWaitGroup || holds_handles(type);
}

bool holds_handles(clang::QualType type) {
  const clang::Type* element = type->getPointeeOrArrayElementType();
  if (element != type.getTypePtr()) return is_handle(clang::QualType(element, 0));
  return any_argument(type, is_handle);
}

bool holds_lock(const clang::RecordDecl& record) {
  if (!record.isCompleteDefinition() || record.isUnion()) return false;
  for (const clang::FieldDecl* field : record.fields()) {
    if (type_of(field->getType()) == Type::kHoldsLock) return true;
  }
  return false;
}

}  // namespace

std::string plain_name(const clang::NamedDecl& declaration) {
  std::string name = declaration.getNameAsString();
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&declaration)) {
    name = constructor->getParent()->getNameAsString();
  }
  for (const clang::DeclContext* context = declaration.getDeclContext(); context != nullptr;
       context = context->getParent()) {
    if (context->isInlineNamespace()) continue;
    const auto* named = llvm::dyn_cast<clang::NamedDecl>(context);
    if (named != nullptr) name = named->getNameAsString() + "::" + name;
  }
  return name;
}

std::optional<Kind> kind_of(const clang::FunctionDecl& callee) {
  const auto found = kinds().find(plain_name(callee));
  if (found == kinds().end()) return std::nullopt;
  return found->second;
}

Life life_of(const clang::FunctionDecl& callee) {
  const std::string name = plain_name(callee);
  if (name == "raddle::go") return Life::kFree;
  return name.starts_with("raddle::") && name.ends_with("::go") ? Life::kGroup : Life::kJoined;
}

bool runs_in_place(const clang::FunctionDecl& callee) {
  static const llvm::StringSet<> kNames = {
      "raddle::on_recv",    "raddle::on_send",  "raddle::on_timeout", "raddle::otherwise",
      "raddle::Once::call", "raddle::blocking", "std::call_once",
  };
  return kNames.contains(plain_name(callee));
}

Type type_of(clang::QualType type) {
  type = type.getNonReferenceType();
  if (const Type named = named_type(type); named != Type::kOther) return named;
  if (type->isAtomicType()) return Type::kAtomic;
  if (holds_handles(type)) return Type::kHandles;
  const clang::RecordDecl* structure = type->getAsRecordDecl();
  return structure != nullptr && holds_lock(*structure) ? Type::kHoldsLock : Type::kOther;
}

bool holds_context(clang::QualType type) {
  if (type_of(type) == Type::kContext) return true;
  if (type->isPointerType()) return holds_context(type->getPointeeType());
  return any_argument(type, holds_context);
}

}  // namespace raddle::lint
