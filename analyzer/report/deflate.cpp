// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/deflate.h"

#include <zlib.h>

#include "trace/check.h"

namespace raddle::report {

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  // Fails only without memory, which throws before, or room, of which there is enough.
  RADDLE_CHECK(compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                         reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
                         Z_DEFAULT_COMPRESSION) == Z_OK);
  packed.resize(size);
  return packed;
}

}  // namespace raddle::report
