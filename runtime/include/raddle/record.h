/* SPDX-License-Identifier: Apache-2.0 */
/* When to record memory accesses. Plain C. Costs a test of an address, and does nothing, in a
 * program that is not linked with libraddle. */
#ifndef RADDLE_RECORD_H
#define RADDLE_RECORD_H

#ifdef __cplusplus
extern "C" {
#endif

void __raddle_record_accesses(int are_recorded) __attribute__((weak, visibility("default")));

/* Memory accesses are recorded from now on, or no more; synchronisation always is, so that nothing
 * is reported that is ordered. Each thread follows at its next synchronisation. A run begins
 * stopped with RADDLE_OPTIONS=paused=1. Any thread may call them, also in a signal handler. */
static inline void raddle_record_start(void) {
  if (__raddle_record_accesses) __raddle_record_accesses(1);
}
static inline void raddle_record_stop(void) {
  if (__raddle_record_accesses) __raddle_record_accesses(0);
}

#ifdef __cplusplus
}
#endif

#endif
