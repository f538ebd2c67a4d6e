#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs into an empty prefix, and from there compiles, runs, checks and views a program outside the repository.

  install_test.py BUILD-DIR
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

BUILD = sys.argv.pop() if len(sys.argv) > 1 else "build/dev"
CLANG = "clang++-19"

APP = """#include <cstdio>
#include <raddle/raddle.h>
int total = 0;
int main() {
  raddle::WaitGroup group;
  for (int i = 0; i < 2; ++i) group.go([] { ++total; });
  group.wait();
  std::printf("total %d\\n", total);
}
"""
THREADS = """#include <thread>
int total = 0;
int main() {
  std::thread other([] { ++total; });
  ++total;
  other.join();
}
"""
LARGE_FRAME = """#include <raddle/raddle.h>
[[gnu::noinline]] void parse() {
  char line[3 << 20];
  line[0] = 1;
  asm volatile("" ::"r"(line) : "memory");
}
int main() {
  raddle::WaitGroup group;
  group.go(raddle::name("parser"), parse);
  group.wait();
}
"""
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES CXX)
find_package(raddle 0.1 CONFIG REQUIRED)
add_executable(app app.cpp)
target_compile_features(app PRIVATE cxx_std_20)
target_link_libraries(app PRIVATE raddle::raddle)
raddle_instrument(app)
add_executable(plain app.cpp)
target_compile_features(plain PRIVATE cxx_std_20)
target_link_libraries(plain PRIVATE raddle::raddle)
add_executable(large large.cpp)
target_compile_features(large PRIVATE cxx_std_20)
target_link_libraries(large PRIVATE raddle::raddle)
"""


def run(*words, **more):
    return subprocess.run([*map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150, **more)


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="raddle install ")  # a blank in the path must not matter
        root = pathlib.Path(cls.place.name)
        cls.prefix, cls.home = root / "moved", root / "home"
        installed = run("cmake", "--install", BUILD, "--prefix", root / "prefix")
        assert installed.returncode == 0, installed.stderr
        # It must work wherever it is carried.
        (root / "prefix").rename(cls.prefix)
        cls.home.mkdir()
        (cls.home / "app.cpp").write_text(APP)
        (cls.home / "threads.cpp").write_text(THREADS)
        (cls.home / "large.cpp").write_text(LARGE_FRAME)
        (cls.home / "CMakeLists.txt").write_text(PROJECT)
        cls.raddle = cls.prefix / "bin" / "raddle"

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def ok(self, *words, status=0):
        result = run(*words, cwd=self.home)
        self.assertEqual(result.returncode, status, f"{words}\n{result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def check_run(self, program):
        report = self.ok(self.raddle, "run", "-o", "t.raddle", "--", program, status=66)
        self.assertIn("data-race", report)
        self.assertIn(".cpp:", report)

    def test_nothing_points_into_the_build_tree(self):
        build = os.path.abspath(BUILD).encode()
        for file in self.prefix.rglob("*"):
            if file.is_file() and not file.is_symlink() and file.suffix in (".cfg", ".cmake", ".h", ".pc"):
                self.assertNotIn(build, file.read_bytes(), file)

    def test_one_flag_compiles_and_links(self):
        config = self.ok(self.raddle, "flags", "--config").strip()
        self.ok(CLANG, f"--config={config}", "-std=c++20", "app.cpp", "-o", "app")
        self.check_run("./app")
        self.ok(self.raddle, "check", "t.raddle", status=66)

    def test_a_makefile_can_use_what_flags_prints(self):
        (self.home / "Makefile").write_text(f"app:\n\t{CLANG} $(shell '{self.raddle}' flags) -std=c++20 app.cpp -o by_make\n")
        self.ok("make", "app")
        self.check_run("./by_make")

    def test_compiler_command_works_in_two_steps(self):
        self.ok(self.raddle, "c++", "-std=c++20", "-O2", "-c", "threads.cpp", "-o", "threads.o")
        self.ok(self.raddle, "c++", "threads.o", "-o", "threads")
        self.check_run("./threads")

    def check_overflow(self, program):
        self.assertIn("(parser) has used up its stack of 256 KiB", self.ok(program, status=-signal.SIGSEGV))

    def test_a_large_frame_does_not_step_over_the_guard(self):
        self.ok(self.raddle, "c++", "-std=c++20", "-O1", "large.cpp", "-o", "large")
        self.check_overflow("./large")

    def test_viewer_draws_a_screenshot_without_a_display(self):
        if not (self.prefix / "bin" / "raddle-view").exists():
            self.skipTest("built without the viewer")
        self.ok(self.raddle, "c++", "-std=c++20", "app.cpp", "-o", "seen")
        self.check_run("./seen")
        environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        drawn = run(self.raddle, "view", "t.raddle", "--screenshot", "t.png", cwd=self.home, env=environment)
        self.assertEqual(drawn.returncode, 0, drawn.stderr)
        self.assertEqual((self.home / "t.png").read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def configure(self, directory, compiler):
        return run("cmake", "-S", ".", "-B", directory, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}",
                   f"-DCMAKE_PREFIX_PATH={self.prefix}", cwd=self.home)

    def test_cmake_finds_it_and_instruments_a_target(self):
        configured = self.configure("out", CLANG)
        self.assertEqual(configured.returncode, 0, configured.stderr)
        self.ok("cmake", "--build", "out")
        self.check_run("./out/app")
        # The target without raddle_instrument() stays plain: it runs, and no access is seen.
        self.assertIn("total 2", self.ok("./out/plain"))
        self.check_overflow("./out/large")
        self.assertIn("no work to do", self.ok("cmake", "--build", "out"))
        (self.prefix / "lib" / "raddle" / "raddle.cfg").touch()
        self.assertNotIn("no work to do", self.ok("cmake", "--build", "out"))

    def test_another_compiler_is_refused_in_clear_words(self):
        if shutil.which("g++") is None:
            self.skipTest("no g++")
        refused = self.configure("gcc", "g++")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("needs clang 19", " ".join(refused.stderr.split()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
