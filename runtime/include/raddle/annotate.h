/* SPDX-License-Identifier: Apache-2.0 */
/* Tells raddle what it cannot see: locks, queues and tasks of the program's own. Plain C. Costs a
 * test of an address, and does nothing, in a program that is not linked with libraddle. */
#ifndef RADDLE_ANNOTATE_H
#define RADDLE_ANNOTATE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A task of the program's own making. */
typedef struct raddle_task raddle_task; /* NOLINT(readability-identifier-naming): a C name */

#define RADDLE_WEAK __attribute__((weak, visibility("default")))
void __raddle_annotate_acquire(const volatile void* address) RADDLE_WEAK;
void __raddle_annotate_release(const volatile void* address) RADDLE_WEAK;
raddle_task* __raddle_annotate_task_create(void) RADDLE_WEAK;
void __raddle_annotate_task_switch(raddle_task* task) RADDLE_WEAK;
void __raddle_annotate_task_end(raddle_task* task) RADDLE_WEAK;
void __raddle_annotate_name(const volatile void* address, const char* text) RADDLE_WEAK;
void __raddle_annotate_ignore_begin(void) RADDLE_WEAK;
void __raddle_annotate_ignore_end(void) RADDLE_WEAK;
#undef RADDLE_WEAK

/* What was done before a release of an address is seen after each acquire of it that follows. Call
 * release before, and acquire after, what really orders the two. */
static inline void raddle_acquire(const volatile void* address) {
  if (__raddle_annotate_acquire) __raddle_annotate_acquire(address);
}
static inline void raddle_release(const volatile void* address) {
  if (__raddle_annotate_release) __raddle_annotate_release(address);
}

/* A task that the current one starts; NULL while nothing is recorded, which the other two accept.
 */
static inline raddle_task* raddle_task_create(void) {
  return __raddle_annotate_task_create ? __raddle_annotate_task_create() : NULL;
}
/* This thread runs `task` from now on; NULL: itself again. Call it right before switching stacks.
 */
static inline void raddle_task_switch(raddle_task* task) {
  if (__raddle_annotate_task_switch) __raddle_annotate_task_switch(task);
}
/* The task, which is not running, has ended and is gone. */
static inline void raddle_task_end(raddle_task* task) {
  if (__raddle_annotate_task_end) __raddle_annotate_task_end(task);
}

/* What reports and the viewer call the object at this address. The text is copied. */
static inline void raddle_name(const volatile void* address, const char* text) {
  if (__raddle_annotate_name) __raddle_annotate_name(address, text);
}

/* Memory accesses of this thread between the two are not recorded. Pairs may nest. */
static inline void raddle_ignore_begin(void) {
  if (__raddle_annotate_ignore_begin) __raddle_annotate_ignore_begin();
}
static inline void raddle_ignore_end(void) {
  if (__raddle_annotate_ignore_end) __raddle_annotate_ignore_end();
}

#ifdef __cplusplus
}
#endif

#endif
