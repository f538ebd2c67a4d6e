// SPDX-License-Identifier: Apache-2.0
// Definitions of a process that makes one run after the other, each into a trace of its own: their
// numbers stay, and each trace begins with all that were defined before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::record {

struct ThreadRecorder;

// From now on copies are kept. Once, before anything is defined and while there is one thread.
void keep_definitions() noexcept;
// Whether all could be kept.
bool are_definitions_kept() noexcept;
// Into a trace that has just begun, while no other thread records. With `words_there` of their
// words its first chunk begins already; then with all that are there. From the first call on the
// call stacks of this recorder, which is the same each time, are kept, too.
void write_kept_definitions(ThreadRecorder& recorder, std::uint64_t& words_there) noexcept;

// As ThreadRecorder::commit(), of a string or a site.
void commit_definition(ThreadRecorder& recorder, std::uint64_t head, std::size_t words) noexcept;
// The same of a call stack: each thread remembers for itself which ones it has written.
void commit_stack(ThreadRecorder& recorder, std::uint64_t head, std::size_t words) noexcept;

}  // namespace raddle::record
