// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/modules.h"

#include <link.h>

#include <cstddef>
#include <cstdint>

#include "runtime/record/spin.h"

namespace raddle::record {
namespace {

struct Segments {
  struct Range {
    std::uintptr_t begin, end;
  };
  static constexpr std::size_t kMost = 2048;
  SpinLock lock;
  Range ranges[kMost] = {};
  std::size_t count = 0;
};
constinit Segments g_segments;

bool contains(const Segments& segments, std::uintptr_t address) {
  for (std::size_t i = 0; i < segments.count; ++i) {
    if (address >= segments.ranges[i].begin && address < segments.ranges[i].end) return true;
  }
  return false;
}

int add_segments(dl_phdr_info* info, std::size_t, void* data) {
  auto& fresh = *static_cast<Segments*>(data);
  for (int i = 0; i < info->dlpi_phnum && fresh.count < Segments::kMost; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    fresh.ranges[fresh.count++] = {begin, begin + header.p_memsz};
  }
  return 0;
}

}  // namespace

bool is_in_module(const void* address) noexcept {
  const auto number = reinterpret_cast<std::uintptr_t>(address);
  // The lock also covers the walk: dl_iterate_phdr calls nothing of ours but add_segments.
  const SpinGuard guard(g_segments.lock);
  if (contains(g_segments, number)) return true;
  g_segments.count = 0;  // a library may have come or gone
  dl_iterate_phdr(add_segments, &g_segments);
  return contains(g_segments, number);
}

}  // namespace raddle::record
