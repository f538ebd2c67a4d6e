// SPDX-License-Identifier: Apache-2.0
// The hooks of memory accesses. Compiled code comes here when its inlined filter does not know the
// access yet.
#include "runtime/hooks/access.h"

#include <bit>
#include <cstdint>

#include "runtime/hooks/visible.h"

namespace raddle::hooks {
namespace {

const Site* site_at(const void* site) { return static_cast<const Site*>(site); }

// Neighbours are one range.
void access_lanes(void* first, std::uint64_t mask, std::uint64_t bytes, void* site, bool is_write) {
  std::uint64_t address = number_of(first);
  while (mask != 0) {
    const auto unset = static_cast<unsigned>(std::countr_zero(mask));
    address += unset * bytes;
    mask >>= unset;
    const auto set = static_cast<unsigned>(std::countr_one(mask));
    access_range({address, 1, 0, set * bytes}, site_at(site), is_write);
    address += set * bytes;
    mask = set == 64 ? 0 : mask >> set;
  }
}

void access_scattered(void* const* pointers, std::uint64_t mask, std::uint64_t bytes, void* site,
                      bool is_write) {
  for (; mask != 0; mask &= mask - 1) {
    access_range({number_of(pointers[std::countr_zero(mask)]), 1, 0, bytes}, site_at(site),
                 is_write);
  }
}

}  // namespace
}  // namespace raddle::hooks

using raddle::hooks::access;
using raddle::hooks::access_lanes;
using raddle::hooks::access_range;
using raddle::hooks::access_scattered;
using raddle::hooks::note_read;
using raddle::hooks::number_of;
using raddle::hooks::read_of;
using raddle::hooks::site_at;
using raddle::hooks::take_turn;

extern "C" {

RADDLE_VISIBLE void __raddle_read1(void* address, void* site) {
  access<0>(address, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_read2(void* address, void* site) {
  access<1>(address, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_read4(void* address, void* site) {
  access<2>(address, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_read8(void* address, void* site) {
  access<3>(address, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_read16(void* address, void* site) {
  access<4>(address, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_write1(void* address, void* site) {
  access<0>(address, site_at(site), true);
}
RADDLE_VISIBLE void __raddle_write2(void* address, void* site) {
  access<1>(address, site_at(site), true);
}
RADDLE_VISIBLE void __raddle_write4(void* address, void* site) {
  access<2>(address, site_at(site), true);
}
RADDLE_VISIBLE void __raddle_write8(void* address, void* site) {
  access<3>(address, site_at(site), true);
}
RADDLE_VISIBLE void __raddle_write16(void* address, void* site) {
  access<4>(address, site_at(site), true);
}

// One turn for all of them.
RADDLE_VISIBLE void __raddle_read_group(void* base, void* group) {
  const auto* described = static_cast<const raddle::hooks::Group*>(group);
  if (__raddle_thread.filter == nullptr) return;
  take_turn(base);
  for (std::uint32_t i = 0; i < described->count; ++i) {
    note_read(read_of(reinterpret_cast<std::uint64_t>(base), described, i));
  }
}

RADDLE_VISIBLE void __raddle_read_range(void* address, std::uint64_t bytes, void* site) {
  access_range({number_of(address), 1, 0, bytes}, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_write_range(void* address, std::uint64_t bytes, void* site) {
  access_range({number_of(address), 1, 0, bytes}, site_at(site), true);
}
RADDLE_VISIBLE void __raddle_read_stride(void* address, std::uint64_t count, std::uint64_t stride,
                                         std::uint64_t bytes, void* site) {
  access_range({number_of(address), count, stride, bytes}, site_at(site), false);
}
RADDLE_VISIBLE void __raddle_write_stride(void* address, std::uint64_t count, std::uint64_t stride,
                                          std::uint64_t bytes, void* site) {
  access_range({number_of(address), count, stride, bytes}, site_at(site), true);
}

RADDLE_VISIBLE void __raddle_read_lanes(void* first, std::uint64_t mask, std::uint64_t bytes,
                                        void* site) {
  access_lanes(first, mask, bytes, site, false);
}
RADDLE_VISIBLE void __raddle_write_lanes(void* first, std::uint64_t mask, std::uint64_t bytes,
                                         void* site) {
  access_lanes(first, mask, bytes, site, true);
}
RADDLE_VISIBLE void __raddle_read_scattered(void* pointers, std::uint64_t mask, std::uint64_t bytes,
                                            void* site) {
  access_scattered(static_cast<void* const*>(pointers), mask, bytes, site, false);
}
RADDLE_VISIBLE void __raddle_write_scattered(void* pointers, std::uint64_t mask,
                                             std::uint64_t bytes, void* site) {
  access_scattered(static_cast<void* const*>(pointers), mask, bytes, site, true);
}

RADDLE_VISIBLE void __raddle_link_with_the_same_config_flag() {}

}  // extern "C"
