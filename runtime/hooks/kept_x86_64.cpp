// SPDX-License-Identifier: Apache-2.0
// How assembly in compiled code (filter_x86_64.h) calls the hooks: __raddle_read8_kept and the like
// keep all registers but %rax, %rcx and %rdx, so that the compiler has nothing to put aside around
// an access. In: %rdi the address, %rax the Site, %rcx the function's Frame or null, the stack
// aligned; of a range also %rdx, its bytes. __raddle_read8_look and the like look into the filter
// first; they change %r8, %r9 and %rsi too.
//
// What most accesses need is compiled here for general registers alone, so that no vector register
// has to be saved; all functions must be inlined for that, since a copy that another file shares
// has been compiled otherwise (tests/runtime/kept_registers.py looks). What may need more (a new
// chunk, place or stack) takes the long way: the usual hook, with all vector state saved.
#include <cpuid.h>

#include "runtime/hooks/access.h"
#include "runtime/hooks/filter_x86_64.h"

namespace raddle::hooks {
namespace {

// Whether writing the access down calls nothing that is compiled elsewhere.
bool is_plain_case(const ThreadRecorder& recorder, const Site* site) noexcept {
  constexpr std::ptrdiff_t kMostWords = 6;  // the callers, and a range
  const std::uint64_t context = __raddle_thread.context;
  return recorder.end - recorder.position >= kMostWords &&
         __atomic_load_n(&site->id, __ATOMIC_RELAXED) > record::g_inherited_site_count &&
         (context == recorder.written_context || context == 0 ||
          record::has_stack(recorder, context));
}
bool is_plain_case(const Site* site) noexcept {
  const ThreadRecorder* recorder = record::t_recorder;
  return recorder != nullptr && !record::g_accesses_take_turns && is_plain_case(*recorder, site);
}

// Of what follows: null: done; else the site again: the long way. Each has calls at its end alone,
// so that it has no register to put aside. What holds the recorder gives it back.
template <unsigned log2_bytes, bool is_write>
[[gnu::noinline]] const Site* quick_otherwise(const void* address, const Site* site) noexcept {
  if (!is_plain_case(site)) return site;
  access<log2_bytes>(address, site, is_write);
  return nullptr;
}

template <unsigned log2_bytes, bool is_write, bool is_across>
[[gnu::noinline]] const Site* quick_record(std::uint64_t address, const Site* site,
                                           ThreadRecorder* recorder, Template* like) noexcept {
  const bool is_plain = is_plain_case(*recorder, site);
  if (is_plain) [[likely]] {
    write_record(*recorder, head_of(log2_bytes, is_write, address),
                 static_cast<trace::SiteId>(like->place), *like, step_to(*like, address));
    learn<log2_bytes, is_write, is_across>(*recorder, address);
  }
  release(*recorder);
  return is_plain ? nullptr : site;
}

template <unsigned log2_bytes, bool is_write, bool is_across>
[[gnu::noinline]] const Site* quick_word(std::uint64_t address, const Site* site,
                                         ThreadRecorder* recorder, Template* like,
                                         std::size_t slot) noexcept {
  if (write_word(*recorder, *like, slot, address)) [[likely]] {
    learn<log2_bytes, is_write, is_across>(*recorder, address);
    release(*recorder);
    return nullptr;
  }
  return quick_record<log2_bytes, is_write, is_across>(address, site, recorder, like);
}

template <unsigned log2_bytes, bool is_write, bool is_across>
[[gnu::noinline]] const Site* quick_run(std::uint64_t address, const Site* site,
                                        ThreadRecorder* recorder, Template* like,
                                        std::size_t slot) noexcept {
  if (continue_run(*recorder, *like, address)) [[likely]] {
    learn<log2_bytes, is_write, is_across>(*recorder, address);
    release(*recorder);
    return nullptr;
  }
  like->record = nullptr;
  return quick_word<log2_bytes, is_write, is_across>(address, site, recorder, like, slot);
}

// Holding the recorder.
template <unsigned log2_bytes, bool is_write, bool is_across>
[[gnu::always_inline]] inline const Site* quick_unknown(std::uint64_t address, const Site* site,
                                                        ThreadRecorder* recorder) noexcept {
  const Likeness known = likeness_of(*recorder, log2_bytes, site, is_write);
  if (known.like == nullptr) [[unlikely]] {
    release(*recorder);
    return quick_otherwise<log2_bytes, is_write>(reinterpret_cast<const void*>(address), site);
  }
  if (known.like->record >= recorder->coalesce_from)
    return quick_run<log2_bytes, is_write, is_across>(address, site, recorder, known.like,
                                                      known.slot);
  return quick_word<log2_bytes, is_write, is_across>(address, site, recorder, known.like,
                                                     known.slot);
}

// Of an access to several granules that are not all whole: compiled code that has taken it for one
// to whole ones does not know what it knows.
template <unsigned log2_bytes, bool is_write>
[[gnu::noinline]] const Site* quick_across(std::uint64_t address, const Site* site,
                                           ThreadRecorder* recorder) noexcept {
  if (is_known(address, 1U << log2_bytes, is_write)) {
    release(*recorder);
    return nullptr;
  }
  return quick_unknown<log2_bytes, is_write, true>(address, site, recorder);
}

// What compiled code has looked up at any offset, so that it is not known.
template <unsigned log2_bytes, bool is_write>
const Site* quick_unaligned(std::uint64_t address, const Site* site) noexcept {
  ThreadRecorder* recorder = hold_for_access();
  if (recorder == nullptr) [[unlikely]]
    return quick_otherwise<log2_bytes, is_write>(reinterpret_cast<const void*>(address), site);
  return quick_unknown<log2_bytes, is_write, true>(address, site, recorder);
}

template <unsigned log2_bytes, bool is_write>
const Site* quick(std::uint64_t address, const Site* site) noexcept {
  ThreadRecorder* recorder = hold_for_access();
  if (recorder == nullptr) [[unlikely]]
    return quick_otherwise<log2_bytes, is_write>(reinterpret_cast<const void*>(address), site);
  if (!is_in_one_granule(address, bytes_in_first_granule(log2_bytes)))
    return quick_across<log2_bytes, is_write>(address, site, recorder);
  return quick_unknown<log2_bytes, is_write, false>(address, site, recorder);
}

// A member of a group that lies in one granule and is like others before. False: the long way.
[[gnu::always_inline]] inline bool note_member(ThreadRecorder& recorder, const GroupRead& read) {
  using record::Filter;
  const unsigned in_first = bytes_in_first_granule(read.log2_bytes);
  if (read.log2_bytes > 3 || !is_in_one_granule(read.address, in_first)) [[unlikely]]
    return false;
  const Filter::Granule granule = Filter::granule_of(read.address);
  const std::uint64_t mask = ((std::uint64_t{1} << in_first) - 1) << (read.address & 7);
  if (Filter::knows(granule, mask)) return true;
  const Likeness known = likeness_of(recorder, read.log2_bytes, read.site, false);
  if (known.like == nullptr) return false;
  const bool can_grow = known.like->record >= recorder.coalesce_from;
  const bool is_written = can_grow ? write_like(recorder, *known.like, known.slot, read.address)
                                   : write_word(recorder, *known.like, known.slot, read.address);
  if (!is_written) return false;
  Filter::learn(granule, mask);
  recorder.filter.count_unknown(read.address, mask);
  return true;
}

// The first members, as many as are such; returns how many.
[[gnu::always_inline]] inline std::uint32_t note_members(std::uint64_t base, const Group* group,
                                                         std::uint32_t first) {
  ThreadRecorder* recorder = hold_for_access();
  if (recorder == nullptr) return first;
  while (first < group->count && note_member(*recorder, read_of(base, group, first))) ++first;
  release(*recorder);
  return first;
}

// Null: done. Else the group again: the long way, which comes to what is left.
const Group* quick_group(std::uint64_t base, const Group* group) noexcept {
  for (std::uint32_t i = 0; (i = note_members(base, group, i)) < group->count; ++i) {
    if (__raddle_thread.filter == nullptr) return nullptr;
    const GroupRead read = read_of(base, group, i);
    if (!is_plain_case(read.site)) return group;
    note_read(read);
  }
  return nullptr;
}

// Longer ones are several records.
constexpr std::uint64_t kMostBytes = 0xffff'ffffu;

template <bool is_write>
const Site* quick_range(const void* address, const Site* site, std::uint64_t bytes) noexcept {
  if (bytes <= kFewBytes && !record::g_accesses_take_turns &&
      is_known(number_of(address), bytes, is_write))
    return nullptr;
  if (!is_plain_case(site) || bytes > kMostBytes) return site;
  access_range({number_of(address), 1, 0, bytes}, site, is_write);
  return nullptr;
}

}  // namespace
}  // namespace raddle::hooks

extern "C" {

// The bytes that xsave needs; 0: this processor or system has fxsave alone.
__attribute__((visibility("hidden"))) std::uint64_t raddle_vector_state_bytes() noexcept {
  // Relaxed: each thread finds the same.
  static constinit std::uint64_t known_plus_one = 0;
  std::uint64_t known = __atomic_load_n(&known_plus_one, __ATOMIC_RELAXED);
  if (known != 0) return known - 1;
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kSystemUsesXsave = 1U << 27;
  __cpuid(1, a, b, c, d);
  std::uint64_t bytes = 0;
  if ((c & kSystemUsesXsave) != 0) {
    __cpuid_count(13, 0, a, b, c, d);
    bytes = b;
  }
  __atomic_store_n(&known_plus_one, bytes + 1, __ATOMIC_RELAXED);
  return bytes;
}

// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are parts of names
#define RADDLE_QUICK(quick, log2, is_write, name)                                       \
  __attribute__((visibility("hidden"))) const raddle::hooks::Site* raddle_quick_##name( \
      std::uint64_t address, const raddle::hooks::Site* site) noexcept {                \
    return raddle::hooks::quick<log2, is_write>(address, site);                         \
  }
RADDLE_QUICK(quick, 0, false, read1)
RADDLE_QUICK(quick, 1, false, read2)
RADDLE_QUICK(quick, 2, false, read4)
RADDLE_QUICK(quick, 3, false, read8)
RADDLE_QUICK(quick, 4, false, read16)
RADDLE_QUICK(quick, 0, true, write1)
RADDLE_QUICK(quick, 1, true, write2)
RADDLE_QUICK(quick, 2, true, write4)
RADDLE_QUICK(quick, 3, true, write8)
RADDLE_QUICK(quick, 4, true, write16)
RADDLE_QUICK(quick_unaligned, 1, false, read2_across)
RADDLE_QUICK(quick_unaligned, 2, false, read4_across)
RADDLE_QUICK(quick_unaligned, 3, false, read8_across)
RADDLE_QUICK(quick_unaligned, 1, true, write2_across)
RADDLE_QUICK(quick_unaligned, 2, true, write4_across)
RADDLE_QUICK(quick_unaligned, 3, true, write8_across)
#undef RADDLE_QUICK
#define RADDLE_QUICK_RANGE(is_write, name)                                                  \
  __attribute__((visibility("hidden"))) const raddle::hooks::Site* raddle_quick_##name(     \
      const void* address, const raddle::hooks::Site* site, std::uint64_t bytes) noexcept { \
    return raddle::hooks::quick_range<is_write>(address, site, bytes);                      \
  }
RADDLE_QUICK_RANGE(false, read_range)
RADDLE_QUICK_RANGE(true, write_range)
#undef RADDLE_QUICK_RANGE
// NOLINTEND(bugprone-macro-parentheses)
__attribute__((visibility("hidden"))) const raddle::hooks::Group* raddle_quick_read_group(
    std::uint64_t base, const raddle::hooks::Group* group) noexcept {
  return raddle::hooks::quick_group(base, group);
}
}

namespace raddle::hooks {
static_assert(offsetof(ThreadState, top) == 16 && offsetof(ThreadState, context) == 24);
static_assert(offsetof(Frame, parent) == 0 && offsetof(Frame, context) == 16);
}  // namespace raddle::hooks

// Calls the hook %r10 with %rdi, %rsi and %rdx and keeps what vector instructions know. 0x800e7:
// x87, SSE, AVX, masks, AVX-512 and the second half of the general registers.
asm(R"(
  .text
  .p2align 4
  .type raddle_call_with_vectors_kept, @function
raddle_call_with_vectors_kept:
  .cfi_startproc
  pushq %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  pushq %rbx
  .cfi_offset %rbx, -24
  pushq %rdi
  pushq %rsi
  pushq %rdx
  pushq %r10
  callq raddle_vector_state_bytes
  popq %r10
  popq %r8
  popq %rsi
  popq %rdi
  movq %rax, %rbx
  testq %rbx, %rbx
  je 3f
  subq %rbx, %rsp
  andq $-64, %rsp
  xorl %eax, %eax
  movq %rax, 512(%rsp)
  movq %rax, 520(%rsp)
  movq %rax, 528(%rsp)
  movq %rax, 536(%rsp)
  movq %rax, 544(%rsp)
  movq %rax, 552(%rsp)
  movq %rax, 560(%rsp)
  movq %rax, 568(%rsp)
  movl $0x800e7, %eax
  xorl %edx, %edx
  xsave64 (%rsp)
  movq %r8, %rdx
  callq *%r10
  movl $0x800e7, %eax
  xorl %edx, %edx
  xrstor64 (%rsp)
  jmp 4f
3:
  subq $512, %rsp
  andq $-64, %rsp
  fxsave64 (%rsp)
  movq %r8, %rdx
  callq *%r10
  fxrstor64 (%rsp)
4:
  movq -8(%rbp), %rbx
  movq %rbp, %rsp
  popq %rbp
  .cfi_def_cfa %rsp, 8
  retq
  .cfi_endproc
  .size raddle_call_with_vectors_kept, .-raddle_call_with_vectors_kept
)");

// clang-format off
#define RADDLE_PUSH(register) "pushq %" register "\n.cfi_adjust_cfa_offset 8\n"
#define RADDLE_POP(register) "popq %" register "\n.cfi_adjust_cfa_offset -8\n"

// Puts aside what the hook may change, %rdx for its bytes, and shows it the state as at the
// function's entry, which its Frame has. `usual`: the usual hook, and its arguments when the short
// way has been left with the Site in %rax.
#define RADDLE_KEPT(name, usual_name, usual)               \
  asm(".text\n.p2align 4\n"                                \
      ".globl __raddle_" name "_kept\n"                    \
      ".type __raddle_" name "_kept, @function\n"          \
      "__raddle_" name "_kept:\n"                          \
      "raddle_kept_" name ":\n"                            \
      ".cfi_startproc\n"                                   \
      RADDLE_PUSH("rdi") RADDLE_PUSH("rsi")                \
      RADDLE_PUSH("r8") RADDLE_PUSH("r9")                  \
      RADDLE_PUSH("r10") RADDLE_PUSH("r11")                \
      RADDLE_PUSH("rdx")                                   \
      "movq %rax, %rsi\n"                                  \
      "testq %rcx, %rcx\n"                                 \
      "je 1f\n"                                            \
      "movq __raddle_thread@gottpoff(%rip), %r8\n"         \
      "movq (%rcx), %r9\n"                                 \
      "movq %r9, %fs:16(%r8)\n"                            \
      "movq 16(%rcx), %r9\n"                               \
      "movq %r9, %fs:24(%r8)\n"                            \
      "1:\n"                                               \
      "callq raddle_quick_" name "\n"                      \
      "testq %rax, %rax\n"                                 \
      "jne 3f\n"                                           \
      "2:\n"                                               \
      RADDLE_POP("rdx")                                    \
      RADDLE_POP("r11") RADDLE_POP("r10")                  \
      RADDLE_POP("r9") RADDLE_POP("r8")                    \
      RADDLE_POP("rsi") RADDLE_POP("rdi")                  \
      "retq\n"                                             \
      "3:\n.cfi_adjust_cfa_offset 56\n"                    \
      "movq 48(%rsp), %rdi\n"                              \
      usual                                                \
      "movq __raddle_" usual_name "@GOTPCREL(%rip), %r10\n" \
      "callq raddle_call_with_vectors_kept\n"              \
      "jmp 2b\n"                                           \
      ".cfi_endproc\n"                                     \
      ".size __raddle_" name "_kept, .-__raddle_" name "_kept\n")

#define RADDLE_LOOK(name, kept, filter)                    \
  asm(".text\n.p2align 4\n"                                \
      ".globl __raddle_" name "_look\n"                    \
      ".type __raddle_" name "_look, @function\n"          \
      "__raddle_" name "_look:\n"                          \
      ".cfi_startproc\n"                                   \
      "movq %rax, %r8\n"                                   \
      "movq %rcx, %r9\n"                                   \
      filter                                               \
      "1:\n"                                               \
      "movq %r8, %rax\n"                                   \
      "movq %r9, %rcx\n"                                   \
      "jmp raddle_kept_" kept "\n"                         \
      "2: retq\n"                                          \
      ".cfi_endproc\n"                                     \
      ".size __raddle_" name "_look, .-__raddle_" name "_look\n")
// clang-format on

#define RADDLE_ACCESS(name, kept, filter)       \
  RADDLE_KEPT(kept, name, "movq %rax, %rsi\n"); \
  RADDLE_LOOK(name, kept, filter("$", "%rdi", "0"))

RADDLE_ACCESS("read1", "read1", RADDLE_FILTER_READ1);
RADDLE_ACCESS("read2", "read2_across", RADDLE_FILTER_READ2_ACROSS);
RADDLE_ACCESS("read4", "read4_across", RADDLE_FILTER_READ4_ACROSS);
RADDLE_ACCESS("read8", "read8_across", RADDLE_FILTER_READ8_ACROSS);
RADDLE_ACCESS("read16", "read16", RADDLE_FILTER_READ16);
RADDLE_ACCESS("write1", "write1", RADDLE_FILTER_WRITE1);
RADDLE_ACCESS("write2", "write2_across", RADDLE_FILTER_WRITE2_ACROSS);
RADDLE_ACCESS("write4", "write4_across", RADDLE_FILTER_WRITE4_ACROSS);
RADDLE_ACCESS("write8", "write8_across", RADDLE_FILTER_WRITE8_ACROSS);
RADDLE_ACCESS("write16", "write16", RADDLE_FILTER_WRITE16);
RADDLE_KEPT("read2", "read2", "movq %rax, %rsi\n");
RADDLE_KEPT("read4", "read4", "movq %rax, %rsi\n");
RADDLE_KEPT("read8", "read8", "movq %rax, %rsi\n");
RADDLE_KEPT("write2", "write2", "movq %rax, %rsi\n");
RADDLE_KEPT("write4", "write4", "movq %rax, %rsi\n");
RADDLE_KEPT("write8", "write8", "movq %rax, %rsi\n");
RADDLE_KEPT("read_group", "read_group", "movq %rax, %rsi\n");
RADDLE_KEPT("read_range", "read_range", "movq (%rsp), %rsi\nmovq %rax, %rdx\n");
RADDLE_KEPT("write_range", "write_range", "movq (%rsp), %rsi\nmovq %rax, %rdx\n");
