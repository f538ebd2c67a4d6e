// SPDX-License-Identifier: Apache-2.0
// The bracket round an atomic instruction, and the hook of a fence.
#pragma once

#include "instrument/pass/call_stack.h"
#include "instrument/pass/site_table.h"

namespace raddle::pass {

// `instruction` is an atomic load, store, update, compare-exchange, a fence, or a call of the
// library's (library_calls.h). It is never skipped when nothing is recorded: the runtime alone
// knows whether synchronisation is recorded.
void add_atomic_hooks(llvm::Instruction& instruction, SiteTable& sites, CallStack& stack);

}  // namespace raddle::pass
