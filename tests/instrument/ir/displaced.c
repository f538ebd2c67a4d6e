// SPDX-License-Identifier: Apache-2.0
// A member's address that loads and stores compute themselves needs no register for the look at it.
// FLAGS: -O1
// FLAGS: -O2
// IR member: 1 x call void asm .*__raddle_write4_kept.*leaq -8\(%rdi\), %rdi.*\(ptr %p, ptr @raddle.site.*, i32 8\)
// IR member_and_its_address: 1 x call void asm .*__raddle_write4_kept.*, i32 0\)
typedef struct {
  long first;
  int second;
} pair;
void member(pair* p) { p->second = 1; }
int* member_and_its_address(pair* p) {
  p->second = 1;
  return &p->second;
}
