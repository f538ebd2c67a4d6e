// SPDX-License-Identifier: Apache-2.0
#include "raddle/errors.h"

namespace raddle {

Misuse::~Misuse() = default;
ClosedChannel::~ClosedChannel() = default;
NilChannel::~NilChannel() = default;
WaitGroupMisuse::~WaitGroupMisuse() = default;
TaskMisuse::~TaskMisuse() = default;
MutexMisuse::~MutexMisuse() = default;

}  // namespace raddle
