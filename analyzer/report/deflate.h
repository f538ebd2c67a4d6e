// SPDX-License-Identifier: Apache-2.0
// Bytes made smaller, as browsers can undo it: the zlib format (RFC 1950), their "deflate".
#pragma once

#include <string>
#include <string_view>

namespace raddle::report {

std::string deflated(std::string_view bytes);

}  // namespace raddle::report
