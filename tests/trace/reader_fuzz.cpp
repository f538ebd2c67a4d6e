// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes behind a valid header are read without a crash. RADDLE_FUZZ=ON builds it.
#include <cstdint>
#include <string>

#include "tests/trace/recorded.h"
#include "trace/writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace raddle::trace;  // NOLINT(google-build-using-namespace)
  static const std::string header = Writer().bytes();
  std::string bytes = header;
  bytes.append(reinterpret_cast<const char*>(data), size);
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  if (reader.ok()) visit(reader.value());
  return 0;
}
