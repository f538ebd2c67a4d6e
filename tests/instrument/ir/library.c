// SPDX-License-Identifier: Apache-2.0
// What functions of the C library do with the memory they are given: in front of the call, or behind it where the result
// says how much.
// FLAGS: -O1
// FLAGS: -O2
// PASS: no-assembly
// IR compare: 2 x call void @__raddle_read_range\(ptr %(one|two), i64 %n
// IR order: call i64 @__raddle_compared_bytes > call void @__raddle_read_range > call i32 @strcmp
// IR assign: call i64 @__raddle_string_bytes\(ptr %from, i64 -1\) > call void @__raddle_write_range\(ptr %to > call ptr @strcpy
// IR fill: call i64 @read\( > call void @__raddle_write_range\(ptr %to
// IR drain: call void @__raddle_read_range\(ptr %from, i64 %n > call i64 @write\(
// IR print: 2 x call i64 @__raddle_string_bytes
// IR print: call i64 @__raddle_string_bytes\(ptr %name, i64 -1\) > call i64 @__raddle_string_bytes\(ptr %rest, i64 5\)
// IR format: call i32 .*@snprintf > call void @__raddle_write_range\(ptr %to, i64 %
// IR format: no __raddle_string_bytes
// IR unknown: no raddle_(read|write|string)
// IR own: no raddle_(read|write|string)
// IR own: 1 x call i32 @strncmp
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int compare(const char* one, const char* two, unsigned long n) { return memcmp(one, two, n); }
int order(const char* one, const char* two) { return strcmp(one, two); }
char* assign(char* to, const char* from) { return strcpy(to, from); }
long fill(int fd, char* to, unsigned long n) { return read(fd, to, n); }
long drain(int fd, const char* from, unsigned long n) { return write(fd, from, n); }
void print(const char* name, const char* rest, int width, double d) {
  printf("%% %s %*d %ls %.5s %e\n", name, width, 7, L"wide", rest, d);
}
int format(char* to, unsigned long n, int value, void* pointer) { return snprintf(to, n, "%d %p %m", value, pointer); }
void unknown(const char* format, const char* text) { printf(format, text); }
// A function of the program's own that has another type.
int own(int a, int b) {
  int strncmp_(int, int) __asm__("strncmp");
  return strncmp_(a, b);
}
