// SPDX-License-Identifier: Apache-2.0
// Says what the checks found through Clang's diagnostics, as a compiler's warnings.
#pragma once

#include <clang/AST/ASTConsumer.h>

#include <memory>

namespace raddle::lint {

// Runs all checks at the end of a translation unit. Lines with `NOLINT`, `NOLINT(raddle-NAME)`, or
// under a NOLINTNEXTLINE, are left alone, as clang-tidy does.
std::unique_ptr<clang::ASTConsumer> make_consumer();

}  // namespace raddle::lint
