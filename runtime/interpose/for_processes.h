// SPDX-License-Identifier: Apache-2.0
// Whether a primitive was made for several processes (PTHREAD_PROCESS_SHARED, sem_init's `pshared`,
// sem_open): then another one may end a wait for it. By glibc's layouts, which are part of its ABI.
#pragma once

#include <pthread.h>
#include <semaphore.h>

namespace raddle::interpose {

// The order of atomics' loads does not matter: the bits are set when the primitive is made.
inline bool is_for_processes(const pthread_mutex_t* m) noexcept {
  constexpr int kSharedBit = 128;
  return (__atomic_load_n(&m->__data.__kind, __ATOMIC_RELAXED) & kSharedBit) != 0;
}

inline bool is_for_processes(const pthread_rwlock_t* l) noexcept {
  return __atomic_load_n(&l->__data.__shared, __ATOMIC_RELAXED) != 0;
}

inline bool is_for_processes(const pthread_cond_t* c) noexcept {
  return (__atomic_load_n(&c->__data.__wrefs, __ATOMIC_RELAXED) & 1u) != 0;
}

// The fourth word of its struct pthread_barrier.
inline bool is_for_processes(const pthread_barrier_t* b) noexcept {
  return __atomic_load_n(reinterpret_cast<const unsigned*>(b) + 3, __ATOMIC_RELAXED) != 0;
}

// The word behind value and count of waiters in its struct new_sem.
inline bool is_for_processes(const sem_t* s) noexcept {
  return __atomic_load_n(reinterpret_cast<const unsigned*>(s) + 2, __ATOMIC_RELAXED) != 0;
}

}  // namespace raddle::interpose
