// SPDX-License-Identifier: Apache-2.0
// A range of a length that is known only when the program runs: it is an operand of the assembly.
// FLAGS: -O1
// IR fill: 1 x call void asm .*cmpq \$\$0, %fs:.*movq \$2, %rdx.*__raddle_write_range_kept.*\(ptr .*, ptr @raddle.site.*, i64 %
// IR fill: call void asm > phi i64
// IR fill: no @__raddle_write
void fill(int* to, unsigned long n) {
  for (unsigned long i = 0; i < n; ++i) to[i] = (int)i;
}
