// SPDX-License-Identifier: Apache-2.0
// Counts the accesses that a program executes, in place of ThreadSanitizer's runtime: volume.py
// links it to what -fsanitize=thread instruments. The sum is appended to the file that RADDLE_COUNT
// names when the program ends.
#include <stdio.h>
#include <stdlib.h>

// A counter for each thread, on a cache line of its own. Threads beyond these share the last one,
// inexactly.
enum { kThreads = 4096 };
static struct {
  _Alignas(64) unsigned long accesses;
} counters[kThreads];
static unsigned next_counter;
static __thread unsigned long* mine;

static void count(void) {
  if (mine == NULL) {
    const unsigned number = __atomic_fetch_add(&next_counter, 1, __ATOMIC_RELAXED);
    mine = &counters[number < kThreads ? number : kThreads - 1].accesses;
  }
  ++*mine;
}

__attribute__((destructor)) static void tell(void) {
  const char* path = getenv("RADDLE_COUNT");
  FILE* file = path == NULL ? NULL : fopen(path, "a");
  if (file == NULL) return;
  unsigned long sum = 0;
  for (int i = 0; i < kThreads; ++i) sum += counters[i].accesses;
  fprintf(file, "%lu\n", sum);
  fclose(file);
}

// What the instrumentation calls; the names are ThreadSanitizer's.
// NOLINTBEGIN(bugprone-reserved-identifier)
#define COUNTS(name)                  \
  void __tsan_##name(void* address) { \
    (void)address;                    \
    count();                          \
  }
#define COUNTS_SIZES(name) \
  COUNTS(name##1) COUNTS(name##2) COUNTS(name##4) COUNTS(name##8) COUNTS(name##16)
COUNTS_SIZES(read)
COUNTS_SIZES(write)
COUNTS_SIZES(read_write)
COUNTS_SIZES(unaligned_read)
COUNTS_SIZES(unaligned_write)
COUNTS_SIZES(unaligned_read_write)
COUNTS_SIZES(volatile_read)
COUNTS_SIZES(volatile_write)
COUNTS_SIZES(unaligned_volatile_read)
COUNTS_SIZES(unaligned_volatile_write)
COUNTS(vptr_read)
void __tsan_vptr_update(void** pointer, void* value) {
  (void)pointer;
  (void)value;
  count();
}
void __tsan_init(void) {}
// NOLINTEND(bugprone-reserved-identifier)
