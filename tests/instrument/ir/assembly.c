// SPDX-License-Identifier: Apache-2.0
// Inline assembly: operands in memory are accesses; where the author synchronises, they are atomic.
// FLAGS: -O0
// FLAGS: -O2
// IR plain: 1 x call void @__raddle_read_range\(ptr .*, i64 4, ptr
// IR plain: 1 x call void @__raddle_write_range\(ptr .*, i64 8, ptr
// IR plain: no raddle_atomic
// IR update: call i64 @__raddle_atomic_begin > asm > call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 2, i32 5, i32 4, ptr
// IR update: no raddle_(read|write)_range
// IR publish: call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 1, i32 3, i32 4, ptr
// IR look: call void @__raddle_atomic_end\(ptr .*, i64 .*, i32 0, i32 2, i32 4, ptr
// IR barrier: 1 x call void @__raddle_fence\(i32 5
// IR hint: no raddle_(fence|atomic|write_range|read_range)
// IR idiom: no raddle_(atomic|write_range|read_range)
// IR in_register: no raddle_(fence|atomic|write_range|read_range)
struct large {
  long words[100];
};
void plain(long* to, const int* from) { __asm__("move %1, %0" : "=m"(*to) : "m"(*from)); }
void update(int* value) { __asm__ volatile("lock; incl %0" : "+m"(*value)); }
void publish(int* to, int value) { __asm__ volatile("movl %1, %0" : "=m"(*to) : "r"(value) : "memory"); }
int look(const int* from) {
  int value;
  __asm__ volatile("movl %1, %0" : "=r"(value) : "m"(*from) : "memory");
  return value;
}
void barrier(void) { __asm__ volatile("mfence" : : : "memory"); }
void hint(int* value) { __asm__ volatile("" : "+m"(*value) : : "memory"); }
void idiom(int* value) { __asm__("incl %0" : "+m"(*(struct large*)value)); }
int in_register(int value) {
  __asm__("incl %0" : "+r"(value));
  return value;
}
