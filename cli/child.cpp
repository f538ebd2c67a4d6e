// SPDX-License-Identifier: Apache-2.0
#include "cli/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "cli/waiting.h"

namespace raddle::cli {
namespace {

volatile sig_atomic_t g_child = 0;

void pass_on(int signal) {
  if (g_child > 0) kill(g_child, signal);
}

// While it lives, this process leaves the terminal's signals to the child.
class SignalGuard {
 public:
  SignalGuard() {
    struct sigaction action{};
    action.sa_handler = SIG_IGN;
    sigaction(SIGINT, &action, &interrupt_);
    sigaction(SIGQUIT, &action, &quit_);
    action.sa_handler = pass_on;
    action.sa_flags = SA_RESTART;
    sigaction(SIGTERM, &action, &terminate_);
    sigaction(SIGHUP, &action, &hangup_);
  }
  ~SignalGuard() { restore(); }
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  void restore() const {
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGQUIT, &quit_, nullptr);
    sigaction(SIGTERM, &terminate_, nullptr);
    sigaction(SIGHUP, &hangup_, nullptr);
  }

 private:
  struct sigaction interrupt_{}, quit_{}, terminate_{}, hangup_{};
};

[[noreturn]] void become_program(std::vector<std::string>& words, const std::string& options,
                                 const SignalGuard& guard, int report_to) {
  guard.restore();
  setenv("RADDLE_OPTIONS", options.c_str(), 1);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(report_to, &error, sizeof error);
  _exit(127);
}

// The environment with these options in place of the user's own.
std::vector<std::string> environment_with(const std::string& options) {
  std::vector<std::string> words = {"RADDLE_OPTIONS=" + options};
  for (char** word = environ; *word != nullptr; ++word) {
    if (std::strncmp(*word, "RADDLE_OPTIONS=", 15) != 0) words.emplace_back(*word);
  }
  return words;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::string why_not_started(const std::string& program, int error) {
  const bool has_path = program.find('/') != std::string::npos;
  std::error_code ignored;
  if (error == ENOENT && !has_path && std::filesystem::exists(program, ignored)) {
    return "no program " + program + " in PATH; did you mean ./" + program + "?";
  }
  if (error == ENOENT) return "no such program: " + program;
  if (error == EACCES) {
    return program + " is not executable; is it a program, and has it the permission (chmod +x)?";
  }
  if (error == ENOEXEC) return program + " is not a program for this machine";
  return "cannot start " + program + ": " + std::strerror(error);
}

ChildEnd end_of(int raw_status) {
  if (WIFSIGNALED(raw_status)) return {128 + WTERMSIG(raw_status), WTERMSIG(raw_status)};
  return {WEXITSTATUS(raw_status), 0};
}

ChildEnd wait_for(pid_t child) {
  int raw = 0;
  while (waitpid(child, &raw, 0) < 0 && errno == EINTR) {
  }
  return end_of(raw);
}

Result<ChildEnd> run_child(std::vector<std::string> words, const std::string& options,
                           const std::function<void(pid_t)>& meanwhile) {
  // The child's end of the pipe closes by itself when exec succeeds; else it brings errno.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Error{std::string("pipe: ") + std::strerror(errno)};
  const SignalGuard guard;
  const pid_t child = fork();
  if (child < 0) return Error{std::string("fork: ") + std::strerror(errno)};
  if (child == 0) become_program(words, options, guard, ends[1]);
  g_child = child;
  close(ends[1]);
  int error = 0;
  const bool has_failed = read(ends[0], &error, sizeof error) == sizeof error;
  close(ends[0]);
  if (!has_failed && meanwhile) meanwhile(child);
  const ChildEnd end = wait_for(child);
  g_child = 0;
  if (has_failed) return Error{why_not_started(words.front(), error)};
  return end;
}

// By a descriptor: the child's number may be another's as soon as it has ended.
void TimeLimit::watch(pid_t child) {
  if (seconds_ == 0) return;
  const int process = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (process < 0) return;
  watcher_ = std::thread([this, process] {
    pollfd end{process, POLLIN, 0};
    Waiting waiting{std::chrono::seconds(seconds_)};
    while (poll(&end, 1, Waiting::kBetweenLooks.count()) == 0 && !was_reached_) {
      was_reached_ = !waiting.goes_on();
    }
    if (was_reached_) syscall(SYS_pidfd_send_signal, process, SIGKILL, nullptr, 0);
    close(process);
  });
}

bool TimeLimit::was_reached() {
  wait();
  return was_reached_;
}

int start_silently(std::vector<std::string> words, const std::string& options, pid_t& child,
                   int kept) {
  std::vector<std::string> environment = environment_with(options);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  // Onto itself: it is not closed then.
  if (kept >= 0) posix_spawn_file_actions_adddup2(&actions, kept, kept);
  const int error = posix_spawnp(&child, words.front().c_str(), &actions, nullptr,
                                 pointers_to(words).data(), pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace raddle::cli
