// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/modules.h"

#include <link.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <new>

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

struct Search {
  std::uintptr_t address;
  bool is_first = true;
  bool is_found = false;
};

// Renews the table on the way: a library may have come or gone.
int see_module(dl_phdr_info* info, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  const SpinGuard guard(g_segments.lock);
  if (search.is_first) g_segments.count = 0;
  search.is_first = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    const std::uintptr_t end = begin + header.p_memsz;
    if (search.address >= begin && search.address < end) search.is_found = true;
    if (g_segments.count < Segments::kMost) g_segments.ranges[g_segments.count++] = {begin, end};
  }
  return 0;
}

bool is_in_known_segment(std::uintptr_t address) {
  const SpinGuard guard(g_segments.lock);
  for (std::size_t i = 0; i < g_segments.count; ++i) {
    if (address >= g_segments.ranges[i].begin && address < g_segments.ranges[i].end) return true;
  }
  return false;
}

struct ModuleSearch {
  std::uintptr_t address;
  char* path;
  std::size_t path_bytes;
  std::uintptr_t bias = 0;
};

int see_if_there(dl_phdr_info* info, std::size_t, void* data) {
  auto& search = *static_cast<ModuleSearch*>(data);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    if (header.p_type != PT_LOAD || search.address - begin >= header.p_memsz) continue;
    search.bias = info->dlpi_addr;
    std::snprintf(search.path, search.path_bytes, "%s", info->dlpi_name);
    return 1;
  }
  return 0;
}

}  // namespace

bool find_module(std::uintptr_t address, char* path, std::size_t path_bytes,
                 std::uintptr_t& bias) noexcept {
  ModuleSearch search{address, path, path_bytes};
  if (dl_iterate_phdr(see_if_there, &search) == 0) return false;
  bias = search.bias;
  if (path[0] != 0) return true;
  const ssize_t bytes = ::readlink("/proc/self/exe", path, path_bytes - 1);  // the program itself
  path[bytes < 0 ? 0 : bytes] = 0;
  return bytes > 0;
}

void forget_modules() noexcept { new (&g_segments) Segments; }

bool is_in_module(const void* address) noexcept {
  Search search{reinterpret_cast<std::uintptr_t>(address)};
  if (is_in_known_segment(search.address)) return true;
  // Our lock is taken inside the loader's and never round it: the program's own callbacks may come
  // here while they hold the loader's.
  dl_iterate_phdr(see_module, &search);
  return search.is_found;
}

}  // namespace raddle::record
