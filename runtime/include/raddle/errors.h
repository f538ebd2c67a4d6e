// SPDX-License-Identifier: Apache-2.0
// What is thrown when a program misuses a primitive. Each misuse is a finding as well, recorded
// before the exception is thrown; but for that of an empty handle, which is one if nobody catches
// it.
#pragma once

#include <stdexcept>

#include "raddle/detail/api.h"

namespace raddle {

/// The base of all of them.
class RADDLE_API Misuse : public std::logic_error {
 public:
  using std::logic_error::logic_error;
  ~Misuse() override;
};

/// Send on a closed channel, or close of a closed one.
class RADDLE_API ClosedChannel : public Misuse {
 public:
  using Misuse::Misuse;
  ~ClosedChannel() override;
};

/// Close of a nil channel, or clone() of an empty Sender.
class RADDLE_API NilChannel : public Misuse {
 public:
  using Misuse::Misuse;
  ~NilChannel() override;
};

/// A WaitGroup's counter became negative.
class RADDLE_API WaitGroupMisuse : public Misuse {
 public:
  using Misuse::Misuse;
  ~WaitGroupMisuse() override;
};

/// get() of a Task that has no task: moved from, asked before, or never given one.
class RADDLE_API TaskMisuse : public Misuse {
 public:
  using Misuse::Misuse;
  ~TaskMisuse() override;
};

/// Unlock of what is not locked.
class RADDLE_API MutexMisuse : public Misuse {
 public:
  using Misuse::Misuse;
  ~MutexMisuse() override;
};

}  // namespace raddle
