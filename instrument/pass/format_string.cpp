// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/format_string.h"

#include <optional>

#include "llvm/ADT/StringRef.h"
#include "llvm/Analysis/ValueTracking.h"

namespace raddle::pass {
namespace {

// Reads conversion specifications (C17 7.21.6.1) one after the other.
class Format {
 public:
  Format(llvm::StringRef text, const llvm::CallBase& call, unsigned first)
      : rest_(text), call_(call), next_(first) {}

  // Whether there is one more; then string() says whether it is a string.
  bool advance() {
    string_.reset();
    do {
      const std::size_t percent = rest_.find('%');
      if (percent == llvm::StringRef::npos) return false;
      rest_ = rest_.drop_front(percent + 1);
    } while (rest_.consume_front("%"));
    return read();
  }
  const std::optional<PrintedString>& string() const { return string_; }

 private:
  llvm::Value* take() { return next_ < call_.arg_size() ? call_.getArgOperand(next_++) : nullptr; }

  // False: nothing behind it can be understood.
  bool read() {
    PrintedString string;
    rest_ = rest_.ltrim("-+ #0'I");
    if (rest_.consume_front("*")) {
      if (take() == nullptr) return false;
    } else {
      rest_ = rest_.ltrim("0123456789");
    }
    if (rest_.starts_with("$")) return false;
    if (rest_.consume_front(".")) {
      if (rest_.consume_front("*")) {
        string.precision = take();
        if (string.precision == nullptr || !string.precision->getType()->isIntegerTy())
          return false;
      } else if (rest_.consumeInteger(10, string.most_bytes)) {
        string.most_bytes = 0;  // a dot alone
      }
    }
    const llvm::StringRef after = rest_.ltrim("hlqjzZtL");
    const bool is_wide = after.size() != rest_.size();
    if (after.empty()) return false;
    rest_ = after.drop_front();
    if (after.front() == 'm') return true;  // strerror(errno): no argument
    string.pointer = take();
    if (string.pointer == nullptr) return false;
    if (after.front() == 's' && !is_wide && string.pointer->getType()->isPointerTy()) {
      string_ = string;
    }
    return true;
  }

  llvm::StringRef rest_;
  const llvm::CallBase& call_;
  unsigned next_;
  std::optional<PrintedString> string_;
};

}  // namespace

std::vector<PrintedString> printed_strings(const llvm::CallBase& call, unsigned format) {
  std::vector<PrintedString> strings;
  llvm::StringRef text;
  if (!llvm::getConstantStringInfo(call.getArgOperand(format), text)) return strings;
  for (Format conversions(text, call, format + 1); conversions.advance();) {
    if (conversions.string()) strings.push_back(*conversions.string());
  }
  return strings;
}

}  // namespace raddle::pass
