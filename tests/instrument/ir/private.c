// SPDX-License-Identifier: Apache-2.0
// A local that stays in its function needs no hook, also where the pointer to it moves or is chosen.
// FLAGS: -O1
// PASS: no-assembly
// IR moving: no raddle_(read|write)
// IR chosen: no raddle_(read|write)
// IR distance: no raddle_(read|write)
// IR distance_from_another: some call void @__raddle_(read|write)1
// IR looked_at: no raddle_(read|write)
// IR given_to_assembly: some call void @__raddle_write1
// IR moving_or_not: some call void @__raddle_read1
// IR chosen_or_given_away: some call void @__raddle_write1
void take(unsigned char* p);
int moving(int a) {
  unsigned char x[64];
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  unsigned char* p = x;
  while (*p != (unsigned char)a) *p++ = (unsigned char)(a * 7);
  return *p;
}
int chosen(int a, int i) {
  unsigned char x[64], y[64];
  for (int j = 0; j < 64; ++j) x[j] = (unsigned char)(j * a), y[j] = (unsigned char)(j ^ a);
  unsigned char* p = a > 3 ? x : y;
  while (*p != (unsigned char)a) *p++ = (unsigned char)(a * 7);
  return p[i & 7];
}
long distance(int a) {
  unsigned char x[64];
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  unsigned char* p = x;
  while (*p != (unsigned char)a) *p++ = (unsigned char)(a * 7);
  return p - x;
}
int looked_at(int a) {
  unsigned char x[64];
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  __asm__ volatile("" : : "r"(x) : "memory");
  return x[a & 63];
}
int given_to_assembly(int a) {
  unsigned char x[64];
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  __asm__ volatile("movb $1, (%0)" : : "r"(x) : "memory");
  x[a & 63] = (unsigned char)a;
  return x[7];
}
long distance_from_another(int a, const unsigned char* other) {
  unsigned char x[64];
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  unsigned char* p = x;
  while (*p != (unsigned char)a) *p++ = (unsigned char)(a * 7);
  return p - other;
}
int moving_or_not(int a, const unsigned char* other) {
  unsigned char x[64];
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  const unsigned char* p = a > 3 ? x : other;
  while (*p != (unsigned char)a) ++p;
  return *p;
}
int chosen_or_given_away(int a) {
  unsigned char x[64], y[64];
  take(y);
  for (int i = 0; i < 64; ++i) x[i] = (unsigned char)(i * a);
  unsigned char* p = a > 3 ? x : y;
  while (*p != (unsigned char)a) *p++ = (unsigned char)(a * 7);
  return *p;
}
