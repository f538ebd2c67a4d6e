// SPDX-License-Identifier: Apache-2.0
// An argument that is copied by the call itself, and a structure that is copied as a whole. The record stands in front of what
// the call says of the stack.
// FLAGS: -O2
// PASS: no-assembly
// IR pass: call void @__raddle_read_range\(ptr .*, i64 80, ptr > store ptr @raddle.site > call void @take\(
// IR assign: 1 x call void @__raddle_read_range\(ptr .*, i64 80, ptr
// IR assign: 1 x call void @__raddle_write_range\(ptr .*, i64 80, ptr
struct large {
  long words[10];
};
void take(struct large value);
void pass(const struct large* value) { take(*value); }
void assign(struct large* to, const struct large* from) { *to = *from; }
