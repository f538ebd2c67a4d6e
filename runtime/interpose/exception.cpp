// SPDX-License-Identifier: Apache-2.0
// Exceptions that tasks share by std::exception_ptr. Their count of references is kept inside
// libstdc++ (by atomic operations that release and acquire); whoever lets the last one go destroys
// the exception, behind all that the others did with it.
//
// Every reference given up is a release. The last one cannot be told before it is gone, and then
// the object is, too: so the count is let go here, and the real function is called only with the
// last reference in hand, when nobody else can have any.
#include <unwind.h>

#include <atomic>
#include <cstdint>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

// What libstdc++ keeps in front of an exception object. Its programs carry the layout in them (the
// Itanium C++ ABI, exception handling, 2.2.1, and one more word in front), so it is fixed.
struct Header {
  void* primary;  // of a dependent exception (std::rethrow_exception): the object that it shares
  void* fields[4];
  int counts[2];
  void* more_fields[4];
  _Unwind_Exception unwind;
};
struct CountedHeader {
  std::atomic<int> references;
  Header header;
};

// The first seven letters say who made the exception, the last one whether it is dependent.
constexpr std::uint64_t kPrimaryClass = 0x474e'5543'432b'2b00;  // "GNUCC++\0"
constexpr std::uint64_t kDependentClass = kPrimaryClass + 1;

std::atomic<int>& references_of(void* object) {
  return (static_cast<CountedHeader*>(object) - 1)->references;
}

// Null: not one of libstdc++'s.
void* object_of(_Unwind_Exception* exception) {
  if (exception->exception_class == kPrimaryClass) return exception + 1;
  if (exception->exception_class != kDependentClass) return nullptr;
  return (reinterpret_cast<Header*>(exception + 1) - 1)->primary;
}

void drop(void** pointer) {
  void* object = *pointer;
  std::atomic<int>& references = references_of(object);
  note(Kind::kReleaseAddress, object);
  if (references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  note(Kind::kAcquireAddress, object);
  references.store(1, std::memory_order_relaxed);  // nobody else can see it any more
  real::_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(pointer);
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

// NOLINTBEGIN(readability-identifier-naming): the names that compiled code and libstdc++ call

// std::exception_ptr::_M_release(); an exception_ptr is one pointer, to the object.
RADDLE_EXPORT void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** pointer) {
  if (*pointer != nullptr && is_recording()) return drop(pointer);
  real::_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(pointer);
}

// The end of a catch clause gives up the reference that throwing took. What this function does
// beside that differs; so it does it under a reference of our own.
RADDLE_EXPORT void _Unwind_DeleteException(_Unwind_Exception* exception) {
  void* object = is_recording() ? object_of(exception) : nullptr;
  if (object == nullptr) return real::_Unwind_DeleteException(exception);
  references_of(object).fetch_add(1, std::memory_order_relaxed);  // it has one, so it cannot go
  note(Kind::kReleaseAddress, object);
  real::_Unwind_DeleteException(exception);
  drop(&object);
}
// NOLINTEND(readability-identifier-naming)
