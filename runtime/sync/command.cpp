// SPDX-License-Identifier: Apache-2.0
#include "runtime/sync/command.h"

#include <limits.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/record/command.h"

namespace raddle::sync {

std::string command_path() {
  char path[PATH_MAX];
  record::find_command(path, sizeof path);
  return path;
}

int start_command(std::vector<std::string> words, int inherited, int output, pid_t& child) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (inherited >= 0) posix_spawn_file_actions_adddup2(&actions, inherited, inherited);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  const int error =
      ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int exit_status_of(pid_t child) {
  constexpr int kUnknown = 128;  // nobody tells where SIGCHLD is ignored, or another has waited
  int status = 0;
  pid_t got = 0;
  while ((got = ::waitpid(child, &status, 0)) < 0 && errno == EINTR) {
  }
  if (got != child) return kUnknown;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string contents_of(int fd) {
  std::string text;
  char bytes[4096];
  ssize_t got = 0;
  ::lseek(fd, 0, SEEK_SET);
  while ((got = ::read(fd, bytes, sizeof bytes)) > 0)
    text.append(bytes, static_cast<std::size_t>(got));
  return text;
}

}  // namespace raddle::sync
