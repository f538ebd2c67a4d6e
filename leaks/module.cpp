// SPDX-License-Identifier: Apache-2.0
// Modules in the memory of a process, by the program headers and the dynamic section that its
// loader has mapped: System V ABI, chapter 5; the hash table is GNU's.
#include <elf.h>

#include <algorithm>
#include <cstring>

#include "leaks/process.h"

namespace raddle::leaks {
namespace {

struct Dynamic {
  std::uint64_t symbols = 0, strings = 0, hash = 0;
};

std::vector<Elf64_Phdr> headers_of(const Process& process, std::uint64_t base) {
  const auto elf = process.get<Elf64_Ehdr>(base);
  if (std::memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0) return {};
  std::vector<Elf64_Phdr> headers(std::min<std::size_t>(elf.e_phnum, 256));
  process.read(base + elf.e_phoff, headers.data(), headers.size() * sizeof(Elf64_Phdr));
  return headers;
}

Range extent_of(const std::vector<Elf64_Phdr>& headers) {
  Range range = {~std::uint64_t{0}, 0};
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type != PT_LOAD) continue;
    range.low = std::min(range.low, header.p_vaddr & ~std::uint64_t{4095});
    range.high =
        std::max(range.high, (header.p_vaddr + header.p_memsz + 4095) & ~std::uint64_t{4095});
  }
  return range;
}

// Loaders may have made addresses of the offsets.
Dynamic dynamic_at(const Process& process, std::uint64_t at, std::uint64_t base) {
  Dynamic dynamic;
  for (int i = 0; i < 256; ++i, at += sizeof(Elf64_Dyn)) {
    const auto entry = process.get<Elf64_Dyn>(at);
    const std::uint64_t value =
        entry.d_un.d_ptr < base ? base + entry.d_un.d_ptr : entry.d_un.d_ptr;
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_SYMTAB) dynamic.symbols = value;
    if (entry.d_tag == DT_STRTAB) dynamic.strings = value;
    if (entry.d_tag == DT_GNU_HASH) dynamic.hash = value;
  }
  return dynamic;
}

std::uint32_t gnu_hash(const char* name) {
  std::uint32_t hash = 5381;
  for (; *name != '\0'; ++name) hash = hash * 33 + static_cast<unsigned char>(*name);
  return hash;
}

}  // namespace

Range Process::module_at(std::uint64_t base) const {
  const Range range = extent_of(headers_of(*this, base));
  return range.high == 0 ? Range{} : Range{base, base + range.high - range.low};
}

std::uint64_t Process::bias_of(std::uint64_t base) const {
  return base - extent_of(headers_of(*this, base)).low;
}

std::optional<std::uint64_t> Process::symbol(std::uint64_t base, const char* name) const {
  const std::vector<Elf64_Phdr> headers = headers_of(*this, base);
  const Range extent = extent_of(headers);
  if (extent.high == 0) return {};
  const std::uint64_t bias = base - extent.low;
  Dynamic dynamic;
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type == PT_DYNAMIC) dynamic = dynamic_at(*this, bias + header.p_vaddr, base);
  }
  if (dynamic.symbols == 0 || dynamic.strings == 0 || dynamic.hash == 0) return {};
  struct Header {
    std::uint32_t buckets, first_symbol, bloom_words, bloom_shift;
  };
  const auto header = get<Header>(dynamic.hash);
  if (header.buckets == 0) return {};
  const std::uint64_t buckets =
      dynamic.hash + sizeof header + 8 * std::uint64_t{header.bloom_words};
  const std::uint64_t chain = buckets + 4 * std::uint64_t{header.buckets};
  const std::uint32_t hash = gnu_hash(name);
  auto i = get<std::uint32_t>(buckets + 4 * std::uint64_t{hash % header.buckets});
  if (i < header.first_symbol) return {};
  for (std::uint32_t link = 0; (link & 1) == 0; ++i) {
    link = get<std::uint32_t>(chain + 4 * std::uint64_t{i - header.first_symbol});
    if ((link | 1) != (hash | 1)) continue;
    const auto symbol = get<Elf64_Sym>(dynamic.symbols + sizeof(Elf64_Sym) * i);
    if (text(dynamic.strings + symbol.st_name) == name) return bias + symbol.st_value;
  }
  return {};
}

}  // namespace raddle::leaks
