// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/self.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/interpose/real.h"

namespace raddle::interpose {

thread_local constinit Self t_self;

bool may_record() noexcept { return t_self.runtime_depth == 0 && !t_self.is_gone; }

pid_t own_tid() noexcept {
  if (t_self.tid == 0) t_self.tid = static_cast<pid_t>(real::syscall(SYS_gettid, 0, 0, 0, 0, 0, 0));
  return t_self.tid;
}

void note(const record::Op& op) noexcept {
  const int saved_errno = errno;
  const InRuntime in_runtime;
  record::event(op);
  errno = saved_errno;
}

}  // namespace raddle::interpose
