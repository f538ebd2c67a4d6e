// SPDX-License-Identifier: Apache-2.0
// Vectors under a mask: of those lanes alone that the mask chooses.
// FLAGS: -O2 -mavx512f -mprefer-vector-width=512 -fno-unroll-loops
// PASS: no-assembly
// IR store_some: 1 x call void @__raddle_write_lanes\(ptr .*, i64 %.*, i64 4, ptr
// IR store_some: no raddle_write_range
// IR load_some: 1 x call void @__raddle_read_lanes\(ptr .*, i64 %.*, i64 8, ptr
// IR pack: call i64 @llvm.ctpop.i64 > (shl|mul) .* > call void @__raddle_write_range\(ptr .*, i64 %
// IR unpack: call i64 @llvm.ctpop.i64 > (shl|mul) .* > call void @__raddle_read_range\(ptr .*, i64 %
// IR gather: store <16 x ptr> > call void @__raddle_read_scattered\(ptr .*, i64 %.*, i64 4, ptr
// IR gather: 1 x call void @__raddle_write_lanes
// IR scatter: 1 x call void @__raddle_write_scattered\(ptr .*, i64 %.*, i64 4, ptr
// IR scatter: no call void @__raddle_write_(lanes|range)
// IR whole: 1 x call void @__raddle_read_range\(ptr .*, i64 64, ptr
#include <immintrin.h>
void store_some(int* to, __m512i values, __mmask16 mask) { _mm512_mask_storeu_epi32(to, mask, values); }
__m512i load_some(const long* from, __mmask8 mask) { return _mm512_maskz_loadu_epi64(mask, from); }
void pack(int* to, __m512i values, __mmask16 mask) { _mm512_mask_compressstoreu_epi32(to, mask, values); }
__m512i unpack(const int* from, __mmask16 mask) { return _mm512_maskz_expandloadu_epi32(mask, from); }
void gather(int* restrict to, const int* restrict from, const int* restrict index, const int* restrict chosen) {
  for (int i = 0; i < 1024; ++i)
    if (chosen[i]) to[i] = from[index[i]];
}
void scatter(int* restrict to, const int* restrict from, const int* restrict index, const int* restrict chosen) {
  for (int i = 0; i < 1024; ++i)
    if (chosen[i]) to[index[i]] = from[i];
}
__m512i whole(const __m512i* from) { return *from; }
