// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/exception_text.h"

#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace raddle::record {

void describe_exception(char* text, std::size_t bytes) noexcept {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) {
    std::snprintf(text, bytes, "terminate called without an active exception");
    return;
  }
  int status = 0;
  char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  const char* shown = status == 0 ? name : type->name();
  try {
    throw;
  } catch (const std::exception& e) {
    std::snprintf(text, bytes, "%s: %s", shown, e.what());
  } catch (...) {
    std::snprintf(text, bytes, "%s", shown);
  }
  std::free(name);
}

}  // namespace raddle::record
