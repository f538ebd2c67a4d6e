// SPDX-License-Identifier: Apache-2.0
// What code built with -fsanitize=thread calls in place of its atomic operations (compiler-rt,
// lib/tsan/rtl/tsan_interface_atomic). They are made here, as strong as can be; the record has the
// order that the program asked for.
#include <atomic>

#include "runtime/hooks/atomic.h"
#include "runtime/hooks/visible.h"
#include "runtime/record/record.h"
#include "runtime/record/shadow_stack.h"

namespace raddle::hooks {
namespace {

using What = AtomicWhat;

// One call of a hook: from where, on what, and in which order.
struct Caller {
  const void* code;
  const void* place;
};
#define RADDLE_CALLER \
  hooks::Caller { __builtin_return_address(0), __builtin_frame_address(0) }

constexpr std::int32_t kOrderMask = 7;  // above are hints for the processor

template <typename T>
class Bracket {
 public:
  Bracket(const volatile T* address, const Caller& caller)
      : address_(address), caller_(caller), token_(begin_atomic(address)) {}
  void end(What what, std::int32_t order) const {
    if (token_ == kNotRecorded) return;
    const record::CallFrom from(record::ShadowStack::own(), record::CodeAddress(caller_.code),
                                caller_.place);
    end_atomic(token_, {address_, what, order & kOrderMask, sizeof(T)});
  }

 private:
  const volatile T* address_;
  const Caller& caller_;
  std::uint64_t token_;
};

template <typename T>
T load(const volatile T* a, std::int32_t order, const Caller& caller) {
  const Bracket<T> bracket(a, caller);
  const T value = __atomic_load_n(a, __ATOMIC_SEQ_CST);
  bracket.end(What::kLoad, order);
  return value;
}

template <typename T>
void store(volatile T* a, T value, std::int32_t order, const Caller& caller) {
  const Bracket<T> bracket(a, caller);
  __atomic_store_n(a, value, __ATOMIC_SEQ_CST);
  bracket.end(What::kStore, order);
}

template <typename T, typename Update>
T update(volatile T* a, std::int32_t order, const Caller& caller, Update&& change) {
  const Bracket<T> bracket(a, caller);
  const T before = change();
  bracket.end(What::kUpdate, order);
  return before;
}

template <typename T>
bool compare_exchange(volatile T* a, T* expected, T value, std::int32_t order,
                      std::int32_t failure_order, const Caller& caller) {
  const Bracket<T> bracket(a, caller);
  const bool is_done =
      __atomic_compare_exchange_n(a, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  bracket.end(is_done ? What::kUpdate : What::kLoad, is_done ? order : failure_order);
  return is_done;
}

}  // namespace
}  // namespace raddle::hooks

using namespace raddle;  // NOLINT(google-build-using-namespace): the hooks below are the file's
                         // point

// NOLINTBEGIN(readability-identifier-naming, bugprone-reserved-identifier): theirs
#define RADDLE_UPDATE(bits, T, name, builtin)                                        \
  RADDLE_VISIBLE T __tsan_atomic##bits##_##name(volatile T* a, T value, int order) { \
    return hooks::update(a, order, RADDLE_CALLER,                                    \
                         [&] { return builtin(a, value, __ATOMIC_SEQ_CST); });       \
  }
#define RADDLE_COMPARE(bits, T, name)                                                        \
  RADDLE_VISIBLE int __tsan_atomic##bits##_compare_exchange_##name(                          \
      volatile T* a, T* expected, T value, int order, int failure_order) {                   \
    return hooks::compare_exchange(a, expected, value, order, failure_order, RADDLE_CALLER); \
  }
#define RADDLE_ATOMIC(bits, T)                                                                    \
  RADDLE_VISIBLE T __tsan_atomic##bits##_load(const volatile T* a, int order) {                   \
    return hooks::load(a, order, RADDLE_CALLER);                                                  \
  }                                                                                               \
  RADDLE_VISIBLE void __tsan_atomic##bits##_store(volatile T* a, T value, int order) {            \
    hooks::store(a, value, order, RADDLE_CALLER);                                                 \
  }                                                                                               \
  RADDLE_UPDATE(bits, T, exchange, __atomic_exchange_n)                                           \
  RADDLE_UPDATE(bits, T, fetch_add, __atomic_fetch_add)                                           \
  RADDLE_UPDATE(bits, T, fetch_sub, __atomic_fetch_sub)                                           \
  RADDLE_UPDATE(bits, T, fetch_and, __atomic_fetch_and)                                           \
  RADDLE_UPDATE(bits, T, fetch_or, __atomic_fetch_or)                                             \
  RADDLE_UPDATE(bits, T, fetch_xor, __atomic_fetch_xor)                                           \
  RADDLE_UPDATE(bits, T, fetch_nand, __atomic_fetch_nand)                                         \
  RADDLE_COMPARE(bits, T, strong)                                                                 \
  RADDLE_COMPARE(bits, T, weak)                                                                   \
  RADDLE_VISIBLE T __tsan_atomic##bits##_compare_exchange_val(volatile T* a, T expected, T value, \
                                                              int order, int failure_order) {     \
    hooks::compare_exchange(a, &expected, value, order, failure_order, RADDLE_CALLER);            \
    return expected;                                                                              \
  }

extern "C" {

RADDLE_ATOMIC(8, unsigned char)
RADDLE_ATOMIC(16, unsigned short)
RADDLE_ATOMIC(32, unsigned)
RADDLE_ATOMIC(64, unsigned long)
RADDLE_ATOMIC(128, unsigned __int128)

RADDLE_VISIBLE void __tsan_atomic_thread_fence(int order) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (!record::is_on()) return;
  const record::CallFrom from(record::ShadowStack::own(),
                              record::CodeAddress(__builtin_return_address(0)),
                              __builtin_frame_address(0));
  hooks::note_fence(order & hooks::kOrderMask);
}
RADDLE_VISIBLE void __tsan_atomic_signal_fence(int) {}

}  // extern "C"
// NOLINTEND(readability-identifier-naming, bugprone-reserved-identifier)
