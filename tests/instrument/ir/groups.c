// SPDX-License-Identifier: Apache-2.0
// Reads of one object with nothing between them that synchronises are looked up together.
// FLAGS: -O2
// IR sum: 1 x call void asm .*__raddle_read_group_kept
// IR sum: no __raddle_read8
// IR sum: 1 x andq \$\$-65281, %rax
// IR parts: 1 x leaq 65535\(%rdx\), %rax\\0Axorq 0\(%rsi\), %rax\\0Aandq \$\$-65281, %rax\\0Aleaq 589823\(%rdx\), %rcx\\0Axorq 8\(%rsi\), %rcx\\0Aandq \$\$-65521, %rcx
// IR two_objects: 2 x __raddle_read8_kept
// IR far: 2 x __raddle_read8_kept
// IR over_call: 2 x __raddle_read8_kept
// IR over_call: no __raddle_read_group
// IR of_unknown_alignment: 2 x __raddle_read4_kept
// IR writes: 2 x __raddle_write8_kept
// IR -: 1 x @raddle.group.* = private .*constant \{ i32, i32, i32, i32, i32, i32, i32, i32, i32, i32 \} \{ i32 3, i32 trunc .* i32 0, i32 3, i32 trunc .* i32 8, i32 3, i32 trunc .* i32 16, i32 3 \}, align 4
struct object {
  long a, b, c, padding[20], z;
};
struct mixed {
  long a;
  int b;
};
struct small {
  int a, b;
};
void unknown(void);
long sum(struct object* o) { return o->a + o->b + o->c; }
long parts(struct mixed* m) { return m->a + m->b; }
long two_objects(struct object* o, struct object* p) { return o->a + p->b; }
long far(struct object* o) { return o->a + o->z; }
long over_call(struct object* o) {
  long a = o->a;
  unknown();
  return a + o->b;
}
int of_unknown_alignment(struct small* s) { return s->a + s->b; }
void writes(struct object* o) {
  o->a = 1;
  o->c = 2;
}
