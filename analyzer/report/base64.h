// SPDX-License-Identifier: Apache-2.0
// Bytes as text, as pages and their data: addresses take them (RFC 4648, section 4).
#pragma once

#include <iosfwd>
#include <string_view>

namespace raddle::report {

void write_base64(std::string_view bytes, std::ostream& out);

}  // namespace raddle::report
