// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/system_call_names.h"

#include <sys/syscall.h>

#include <cstdio>
#include <cstdlib>

#include "runtime/record/system_calls.h"

namespace raddle::record {
namespace {

struct Known {
  long number;
  const char* name;
};
// Those that may sleep for long.
constexpr Known kKnown[] = {
    {SYS_read, "read"},
    {SYS_readv, "readv"},
    {SYS_write, "write"},
    {SYS_writev, "writev"},
    {SYS_openat, "open"},
    {SYS_close, "close"},
    {SYS_ppoll, "poll"},
    {SYS_pselect6, "select"},
    {SYS_epoll_pwait, "epoll_wait"},
    {SYS_futex, "futex"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_wait4, "wait"},
    {SYS_waitid, "waitid"},
    {SYS_accept, "accept"},
    {SYS_accept4, "accept"},
    {SYS_connect, "connect"},
    {SYS_recvfrom, "recv"},
    {SYS_recvmsg, "recvmsg"},
    {SYS_sendto, "send"},
    {SYS_sendmsg, "sendmsg"},
    {SYS_flock, "flock"},
    {SYS_fcntl, "fcntl"},
    {SYS_fsync, "fsync"},
    {SYS_rt_sigtimedwait, "sigwait"},
    {SYS_rt_sigsuspend, "sigsuspend"},
    {SYS_msgrcv, "msgrcv"},
    {SYS_msgsnd, "msgsnd"},
    {SYS_semtimedop, "semop"},
    {SYS_mq_timedreceive, "mq_receive"},
    {SYS_mq_timedsend, "mq_send"},
    {SYS_ioctl, "ioctl"},
#if defined(__x86_64__)
    {SYS_poll, "poll"},
    {SYS_select, "select"},
    {SYS_epoll_wait, "epoll_wait"},
    {SYS_pause, "pause"},
    {SYS_open, "open"},
    {SYS_semop, "semop"},
#endif
};

}  // namespace

std::string_view system_call_of(int tid, CallNumber& text) noexcept {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
  const int file = open_file(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return "a system call";
  char line[32] = {};
  const ssize_t bytes = read_file(file, line, sizeof line - 1);
  close_file(file);
  if (bytes <= 0) return "a system call";
  if (line[0] < '0' || line[0] > '9') return {};
  const long number = std::strtol(line, nullptr, 10);
  for (const Known& known : kKnown) {
    if (known.number == number) return known.name;
  }
  std::snprintf(text, sizeof text, "system call %ld", number);
  return text;
}

}  // namespace raddle::record
