#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles, links and runs small programs with raddle's flag in one way named on the command line; each must print what the
plain program prints, with and without recording, and leave no file behind when nothing is recorded."""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = {
    "exceptions.cpp": r"""
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
int g_sum;
std::atomic<int> g_count;
thread_local long t_own;
struct Parts { int a; long b; char c[3]; };
Parts g_parts;
__attribute__((noinline)) void may_throw(int i) {
  g_sum += i;
  ++t_own;
  if (i % 3 == 0) throw std::runtime_error("third");
  g_parts.c[i % 3] = static_cast<char>(i);
}
int main() {
  std::vector<std::string> texts;
  int caught = 0;
  for (int i = 0; i < 10; ++i) {
    try {
      may_throw(i);
      texts.push_back(std::to_string(i));
      g_count.fetch_add(1);
    } catch (const std::exception&) {
      ++caught;
    }
  }
  std::thread other([&] { for (const std::string& text : texts) g_count += static_cast<int>(text.size()); });
  other.join();
  Parts copy = g_parts;
  copy.b = g_sum;
  g_parts = copy;
  std::printf("%d %d %zu %d %ld %ld\n", caught, g_sum, texts.size(), g_count.load(), t_own, g_parts.b);
}
""",
    "coroutine.cpp": r"""
#include <coroutine>
#include <cstdio>
struct Generator {
  struct promise_type {
    int value = 0;
    Generator get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int v) { value = v; return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  std::coroutine_handle<promise_type> handle;
  ~Generator() { if (handle) handle.destroy(); }
};
Generator numbers(int n) { for (int i = 0; i < n; ++i) co_yield i * i; }
int main() {
  Generator all = numbers(20);
  long sum = 0;
  while (all.handle.resume(), !all.handle.done()) sum += all.handle.promise().value;
  std::printf("%ld\n", sum);
}
""",
    "loops.c": r"""
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static jmp_buf g_back;
static double g_a[64][64], g_b[64][64], g_c[64][64];
static int sum(int n, ...) {
  va_list list;
  int total = 0;
  va_start(list, n);
  for (int i = 0; i < n; ++i) total += va_arg(list, int);
  va_end(list);
  return total;
}
static int by_number(const void* x, const void* y) { return *(const int*)x - *(const int*)y; }
static int deep(int n) {
  if (n == 0) longjmp(g_back, 7);
  return deep(n - 1) + 1;
}
int main(void) {
  for (int i = 0; i < 64; ++i)
    for (int j = 0; j < 64; ++j) g_a[i][j] = i - j, g_b[i][j] = i * j % 7;
  for (int i = 0; i < 64; ++i)
    for (int j = 0; j < 64; ++j)
      for (int k = 0; k < 64; ++k) g_c[i][j] += g_a[i][k] * g_b[k][j];
  int* numbers = malloc(1000 * sizeof *numbers);
  for (int i = 999; i >= 0; --i) numbers[i] = (i * 7919) % 1000;
  qsort(numbers, 1000, sizeof *numbers, by_number);
  char text[100];
  memset(text, 'x', sizeof text);
  text[99] = 0;
  memmove(text + 3, text, 50);
  int jumped = setjmp(g_back);
  if (jumped == 0) deep(20);
  printf("%.0f %d %d %zu %d\n", g_c[3][5], numbers[500], sum(4, 1, 2, 3, 4), strlen(text), jumped);
  free(numbers);
  return 0;
}
""",
}
LIBRARY = {
    "library.cpp": r"""
#include <vector>
static std::vector<int> g_all;
int add_one(int x) { g_all.push_back(x); return static_cast<int>(g_all.size()) + x; }
""",
    "main.cpp": r"""
#include <cstdio>
int add_one(int x);
int main() { int last = 0; for (int i = 0; i < 9; ++i) last = add_one(i); std::printf("%d\n", last); }
""",
}


class Way:
    """Builds sources into a program, with and without raddle's flag."""

    def __init__(self, args, directory):
        self.args, self.directory = args, directory

    def run(self, command, environment=None):
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, env=environment, timeout=100)
        if done.returncode != 0 or done.stderr:
            sys.exit(f"{' '.join(map(str, command))}\nstatus {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def compiler(self, source, is_raddle):
        is_c = source.endswith(".c")
        command = [self.args.clang if is_c else self.args.clangxx, *([] if is_c else ["-std=c++20"]), "-Wall", "-Wextra", "-Werror"]
        return command + ([f"--config={self.args.config}"] if is_raddle else ["-pthread"]) + self.args.flags.split()

    def build(self, source, is_raddle):
        program = f"{source}.{'raddle' if is_raddle else 'plain'}"
        compiler = self.compiler(source, is_raddle)
        if self.args.way == "at-once":
            self.run([*compiler, source, "-o", program])
        else:
            self.run([*compiler, "-c", source, "-o", f"{program}.o"])
            self.run([*compiler, f"{program}.o", "-o", program])
        return program

    def build_library(self, is_raddle):
        kind = "raddle" if is_raddle else "plain"
        compiler = self.compiler("main.cpp", is_raddle)
        self.run([*compiler, "-fPIC", "-shared", "-Wl,-z,defs", "library.cpp", "-o", f"library.{kind}.so"])
        self.run([*compiler, "main.cpp", f"./library.{kind}.so", "-o", f"main.{kind}"])
        return f"main.{kind}"

    def compare(self, plain, instrumented):
        before = sorted(os.listdir(self.directory))
        environment = {name: value for name, value in os.environ.items() if name != "RADDLE_OPTIONS"}
        wanted = self.run([f"./{plain}"], environment)
        if self.run([f"./{instrumented}"], environment) != wanted:
            sys.exit(f"{instrumented} prints something else")
        if sorted(os.listdir(self.directory)) != before:
            sys.exit(f"{instrumented} leaves files behind: {os.listdir(self.directory)}")
        trace = f"{instrumented}.trace"
        if self.run([f"./{instrumented}"], dict(environment, RADDLE_OPTIONS=f"trace={trace}")) != wanted:
            sys.exit(f"{instrumented} prints something else while it is recorded")
        if not os.path.getsize(os.path.join(self.directory, trace)):
            sys.exit(f"{instrumented} records nothing")


def main():
    parser = argparse.ArgumentParser()
    for name in ("clang", "clangxx", "config"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--way", choices=["at-once", "separately", "library"], default="at-once")
    parser.add_argument("--flags", default="")
    args = parser.parse_args()
    directory = tempfile.mkdtemp()
    try:
        way = Way(args, directory)
        for name, text in {**PROGRAMS, **LIBRARY}.items():
            with open(os.path.join(directory, name), "w") as file:
                file.write(text)
        if args.way == "library":
            way.compare(way.build_library(False), way.build_library(True))
            return
        for source in PROGRAMS:
            way.compare(way.build(source, False), way.build(source, True))
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
