// SPDX-License-Identifier: Apache-2.0
// The bracket round every atomic operation, with what it was, its order and its size.
// FLAGS: -O0 -Wno-atomic-alignment
// FLAGS: -O2 -Wno-atomic-alignment
// IR load: call i64 @__raddle_atomic_begin > load atomic i32 > call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 0, i32 2, i32 4, ptr
// IR store: call i64 @__raddle_atomic_begin > store atomic i64 > call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 1, i32 3, i32 8, ptr
// IR update: call i64 @__raddle_atomic_begin > atomicrmw add > call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 2, i32 5, i32 4, ptr
// IR exchange: call i64 @__raddle_atomic_begin > cmpxchg > select i1 .*, i32 2, i32 0 > select i1 .*, i32 4, i32 0 > call void @__raddle_atomic_end
// IR relaxed: call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 0, i32 0, i32 1, ptr
// IR fence: 1 x call void @__raddle_fence\(i32 5, ptr
// IR signal_fence: no raddle
// IR huge: call i64 @__raddle_atomic_begin > call void @__atomic_load\( > call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 0, i32 5, i32 24, ptr
// IR sixteen: call i64 @__raddle_atomic_begin > atomicrmw xchg ptr .* i128 > call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 2, i32 5, i32 16, ptr
// IR load: no raddle_read
struct big {
  long a, b, c;
};
int load(int* p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
void store(long* p) { __atomic_store_n(p, 1, __ATOMIC_RELEASE); }
int update(int* p) { return __atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST); }
int exchange(int* p, int old) {
  return __atomic_compare_exchange_n(p, &old, 2, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}
char relaxed(char* p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
void fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void signal_fence(void) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }
void huge(_Atomic(struct big) * p, struct big* to) { *to = *p; }
__int128 sixteen(__int128* p) { return __atomic_exchange_n(p, 1, __ATOMIC_SEQ_CST); }
