// SPDX-License-Identifier: Apache-2.0
// A few bytes that no hook is for are looked up in parts, each in the filter.
// FLAGS: -O2
// IR twelve: __raddle_read8_across_kept > __raddle_read4_kept
// IR twelve: __raddle_write8_across_kept > __raddle_write4_kept
// IR twelve: no _range_kept
// IR unaligned_sixteen: 2 x rorw .*__raddle_read8_across_kept
// IR unaligned_sixteen: 1 x __raddle_write16_kept
// IR many: 1 x __raddle_write_range_kept
// IR rarely: 1 x __raddle_write_range_kept
// IR rarely: no _look
#include <string.h>
typedef struct {
  int a, b, c;
} three;
void twelve(three* to, const three* from) { memmove(to, from, sizeof *to); }
void unaligned_sixteen(__int128* to, const char* from) { memcpy(to, from, 16); }
void many(char* to) { memset(to, 1, 31); }
__attribute__((cold)) void rarely(three* to) { memset(to, 1, sizeof *to); }
