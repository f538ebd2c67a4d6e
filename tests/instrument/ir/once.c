// SPDX-License-Identifier: Apache-2.0
// In a loop in which nothing synchronises, what stays in its place is looked up once for as long as the thread's tick is the
// same; what moves, and what stands in a loop that synchronises, each time.
// FLAGS: -O1
// FLAGS: -O2
// IR counts: 1 x alloca i64
// IR counts: store i64 0, ptr %raddle.seen > call void asm .*%fs:40\(%rax\), %rcx\\0Acmpq %rcx, \$3\\0Aje 2f.*__raddle_write4_kept.*%raddle.seen
// IR members: 1 x %fs:40.*__raddle_read_group_kept
// IR two_places: 1 x alloca i64
// IR two_places: 2 x %fs:40.*__raddle_write4_kept.*%raddle.seen
// IR calls: no %fs:40
// IR each_its_own: 2 x store i64 0, ptr %raddle.seen
// IR straight: no %fs:40
struct sum {
  long odd, even;
  int last;
};
void unknown(void);
void counts(const char* text, int* count) {
  for (; *text; ++text)
    if (*text == 'a') ++*(volatile int*)count;
}
long members(const char* text, volatile struct sum* sum) {
  long all = 0;
  for (; *text; ++text)
    if (*text == 'a') all += sum->odd + sum->even;
  return all;
}
void two_places(const char* text, volatile struct sum* sum) {
  for (; *text; ++text) {
    if (*text == 'a') sum->last = 1;
    if (*text == 'b') sum->last = 2;
  }
}
void calls(const char* text, int* count) {
  for (; *text; ++text) {
    if (*text == 'a') ++*(volatile int*)count;
    unknown();
  }
}
void each_its_own(const char* text, int** counts) {
  for (; *counts; ++counts) {
    int* count = *counts;
    for (const char* c = text; *c; ++c)
      if (*c == 'a') ++*(volatile int*)count;
    unknown();
  }
  for (int* count = counts[-1]; *text; ++text)
    if (*text == 'a') ++*(volatile int*)count;
}
void straight(volatile int* count) { ++*count; }
