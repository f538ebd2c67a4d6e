// SPDX-License-Identifier: Apache-2.0
// spawn PROGRAM [ARGUMENT...]: runs it with its output closed off and prints its exit status, wall
// seconds, processor seconds and peak memory in KiB.
//
// The kernel lets a new process inherit the peak memory of the one that it was forked from, over
// execve: a child of Python never shows less than Python. So a program as small as this one has to
// stand between.
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) {
  return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const double begin = now();
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execv(argv[1], argv + 1);
    perror(argv[1]);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
    perror("spawn");
    return 1;
  }
  const double wall = now() - begin;
  printf("%d %.6f %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), wall,
         seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
  return 0;
}
