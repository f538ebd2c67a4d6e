#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The `raddle` command from outside: bad input gives one clear line and status 2, a program's status and signals pass."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

RADDLE = os.environ.get("RADDLE", "raddle")
PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", "."))  # where hello_tasks and its like were built


def raddle(*words, cwd=None, env=None):
    return subprocess.run([RADDLE, *map(str, words)], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=100, env={**os.environ, **(env or {})})


class Place(unittest.TestCase):
    """Each test has a directory of its own, and must leave nothing else."""

    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.dir = pathlib.Path(self.place.name)

    def assert_refused(self, run, *words):
        """One line on standard error that has all the words, status 2, nothing on standard output."""
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertEqual(run.stdout, "")
        lines = run.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, run.stderr)
        self.assertTrue(lines[0].startswith("raddle: "), lines[0])
        for word in words:
            self.assertIn(word, lines[0])

    def write(self, name, content):
        path = self.dir / name
        path.write_bytes(content)
        return path


class BadUsage(Place):
    def test_unknown_command_is_refused(self):
        self.assert_refused(raddle("frobnicate"), "frobnicate", "--help")

    def test_unknown_option_is_refused_with_the_known_ones(self):
        self.assert_refused(raddle("check", "--fromat", "json"), "--fromat", "--format")

    def test_unknown_option_before_the_program_is_refused(self):
        self.assert_refused(raddle("run", "--levle", "sync", "--", "true"), "--levle", "--level")

    def test_what_stands_behind_the_program_is_its_own(self):
        for words in (["run"], ["run", "-o", self.dir / "t"], ["run", "--level=sync"], ["run", "--"]):
            self.assert_refused(raddle(*words, "true", "--levle", "--help"), "true left no trace")
        schedule = self.write("schedule", b"no schedule")
        self.assert_refused(raddle("replay", schedule, "true", "--levle"), "schedule")

    def test_a_static_link_is_refused(self):
        self.assert_refused(raddle("c++", "-static", "empty.cpp", cwd=self.dir), "-static", "shared library")

    def test_unknown_format_is_refused_with_the_known_ones(self):
        self.assert_refused(raddle("check", self.write("a", b"x"), "--format", "xml"), "xml", "text", "json")

    def test_missing_argument_is_refused(self):
        self.assert_refused(raddle("check"), "TRACE", "--help")
        self.assert_refused(raddle("run"), "PROGRAM")

    def test_help_and_version_are_no_errors(self):
        for words in (["--help"], ["--version"], ["run", "--help"], ["view", "--help"]):
            run = raddle(*words)
            self.assertEqual(run.returncode, 0)
            self.assertIn("raddle", (run.stdout + " ".join(words)).lower())
            self.assertEqual(run.stderr, "")


class BadTrace(Place):
    def test_each_reader_refuses_what_is_no_trace(self):
        traces = {"missing": self.dir / "missing", "empty": self.write("empty", b""),
                  "text": self.write("text", b"hello\n" * 2000), "directory": self.dir}
        for command in ("check", "dump", "stats"):
            for name, trace in traces.items():
                with self.subTest(command=command, trace=name):
                    self.assert_refused(raddle(command, trace), str(trace))


class BadProgram(Place):
    def test_recording_of_a_process_without_a_trace_cannot_be_started(self):
        self.assert_refused(raddle("record", "start", str(os.getpid())), str(os.getpid()), "raddle run")

    def test_missing_program_is_refused(self):
        self.assert_refused(raddle("run", "--", "./nowhere", cwd=self.dir), "no such program", "./nowhere")

    def test_program_of_this_directory_without_its_dot_is_explained(self):
        self.write("app", b"")
        self.assert_refused(raddle("run", "--", "app", cwd=self.dir), "./app")

    def test_file_that_is_not_executable_is_refused(self):
        self.write("app", b"text")
        self.assert_refused(raddle("run", "--", "./app", cwd=self.dir), "./app", "not executable")

    def test_program_without_the_flag_runs_and_is_explained(self):
        run = raddle("run", "--", "touch", "ran", cwd=self.dir)
        self.assertTrue((self.dir / "ran").exists())
        self.assert_refused(run, "touch", "without raddle's flag", "raddle c++")

    def test_a_refused_run_leaves_no_trace(self):
        raddle("run", "--", "./nowhere", cwd=self.dir)
        self.assertEqual(list(self.dir.iterdir()), [])


class BadTracePath(Place):
    def refused_before_running(self, *words):
        run = raddle("run", *words, "--", "touch", "ran", cwd=self.dir)
        self.assertFalse((self.dir / "ran").exists(), "the program has run")
        return run

    def test_missing_directory_is_refused_before_running(self):
        self.assert_refused(self.refused_before_running("-o", "no/where"), "no/where", "No such file")

    def test_directory_is_refused(self):
        self.assert_refused(self.refused_before_running("-o", "."), "is a directory")

    def test_colon_is_refused(self):
        self.assert_refused(self.refused_before_running("-o", "a:b"), "':'")

    def test_file_that_is_no_trace_is_kept(self):
        source = self.write("app.cpp", b"int main() {}\n")
        self.assert_refused(self.refused_before_running("-o", "app.cpp"), "app.cpp", "not a trace")
        self.assertEqual(source.read_bytes(), b"int main() {}\n")


class Programs(Place):
    """With instrumented programs."""

    def setUp(self):
        super().setUp()
        if not (PROGRAMS / "example_hello_tasks").exists():
            self.skipTest("no instrumented programs in this build")

    def run_example(self, name, *words, program_args=(), **more):
        return raddle("run", *words, "--", PROGRAMS / f"example_{name}", *program_args, cwd=self.dir, **more)

    def test_trace_is_named_after_the_program(self):
        run = self.run_example("hello_tasks")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([path.name for path in self.dir.iterdir()], ["example_hello_tasks.raddle"])

    def test_an_old_trace_is_replaced(self):
        for _ in range(2):
            run = self.run_example("hello_tasks", "-o", "t.raddle")
            self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([path.name for path in self.dir.iterdir()], ["t.raddle"])

    def test_findings_give_status_66_in_run_and_check(self):
        run = self.run_example("unsafe_counter", "-o", "t.raddle")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertIn("data-race", run.stderr)
        self.assertIn("unsafe_counter.cpp", run.stderr)
        check = raddle("check", self.dir / "t.raddle")
        self.assertEqual(check.returncode, 66)
        self.assertIn("data-race", check.stdout)

    def test_report_goes_to_a_file_in_the_form_of_its_name(self):
        run = self.run_example("unsafe_counter", "--report", "r.json")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertTrue((self.dir / "r.json").read_text().lstrip().startswith("{"))

    def follows_schema(self, report):
        """Debian's own interpreter has Debian's jsonschema, whichever python3 comes first in PATH."""
        schema = pathlib.Path(__file__).parents[2] / "share" / "report.schema.json"
        file = self.write("r.json", report.encode())
        return subprocess.run(["/usr/bin/python3", "-W", "ignore", "-m", "jsonschema", "-i", file, schema], capture_output=True,
                              text=True, timeout=60)

    def test_a_report_follows_its_published_schema(self):
        for example in ["unsafe_counter", "leaking_fetch", "send_after_close", "hello_tasks"]:
            self.run_example(example, "-o", "t.raddle")
            report = raddle("check", self.dir / "t.raddle", "--format", "json").stdout
            valid = self.follows_schema(report)
            self.assertEqual((valid.returncode, valid.stdout), (0, ""), valid.stderr)
        invalid = self.follows_schema(json.dumps({**json.loads(report), "findings": [{"id": 1}]}))
        self.assertEqual(invalid.returncode, 1)
        self.assertIn("'kind' is a required property", invalid.stderr)

    def test_what_a_baseline_has_is_no_failure(self):
        self.run_example("unsafe_counter", "-o", "t.raddle")
        trace = self.dir / "t.raddle"
        for name in ["base.json", "base.sarif"]:
            raddle("check", trace, "--report", self.dir / name)
            check = raddle("check", trace, "--baseline", self.dir / name)
            self.assertEqual(check.returncode, 0, check.stderr)
            self.assertIn("1 finding is in the baseline", check.stderr)
            self.assertIn("nothing found", check.stdout)
        self.assert_refused(raddle("check", trace, "--baseline", trace), "t.raddle", "--format json")

    def test_suppressions_leave_out_and_unused_ones_are_told(self):
        self.run_example("unsafe_counter", "-o", "t.raddle")
        file = self.write("s.supp", b"# known\nrace:increment\nleak:nothing\n")
        check = raddle("check", self.dir / "t.raddle", "--suppressions", file)
        self.assertEqual(check.returncode, 0, check.stderr)
        self.assertIn("1 finding is suppressed", check.stderr)
        self.assertIn("leak:nothing has matched nothing", check.stderr)
        self.write("s.supp", b"rice:x\n")
        self.assert_refused(raddle("check", self.dir / "t.raddle", "--suppressions", file), "s.supp:1", "rice:x")

    def test_diff_says_what_is_new_and_what_is_gone(self):
        self.run_example("unsafe_counter", "-o", "a.raddle")
        self.run_example("leaking_fetch", "-o", "b.raddle")
        raddle("check", self.dir / "a.raddle", "--report", self.dir / "a.json")
        same = raddle("diff", self.dir / "a.raddle", self.dir / "a.json")
        self.assertEqual((same.returncode, same.stdout), (0, "0 new, 0 gone, 1 in both\n"))
        other = raddle("diff", self.dir / "a.json", self.dir / "b.raddle")
        self.assertEqual(other.returncode, 66)
        self.assertIn("- data-race", other.stdout)
        self.assertIn("+ task-leak", other.stdout)
        self.assert_refused(raddle("diff", self.dir / "a.raddle", "nowhere"), "nowhere")

    def test_explain_knows_each_kind_and_refuses_others(self):
        for kind in ["data-race", "lock-order", "lost-wakeup", "context-leak", "panic"]:
            told = raddle("explain", kind)
            self.assertEqual(told.returncode, 0)
            self.assertGreater(len(told.stdout), 80)
        self.assert_refused(raddle("explain", "rice"), "rice", "data-race")

    def test_progress_is_shown_where_it_is_wanted(self):
        self.run_example("hello_tasks", "-o", "t.raddle")
        self.assertEqual(raddle("check", self.dir / "t.raddle").stderr, "")
        wanted = raddle("check", self.dir / "t.raddle", "--progress")
        self.assertIn("raddle: checking, 100 %", wanted.stderr)
        self.assertTrue(wanted.stderr.endswith("\x1b[K"), wanted.stderr)
        self.assertIn("nothing found", wanted.stdout)

    def test_unwritable_report_is_refused(self):
        self.run_example("hello_tasks", "-o", "t.raddle")
        self.assert_refused(raddle("check", self.dir / "t.raddle", "--report", "/nowhere/r.json"), "/nowhere/r.json")

    def test_a_full_disk_is_an_error_of_each_command_that_writes(self):
        self.run_example("hello_tasks", "-o", "t.raddle")
        trace, report = self.dir / "t.raddle", self.dir / "r.json"
        raddle("check", trace, "--report", report)
        for form in ("text", "json", "sarif", "junit", "github", "html"):
            with self.subTest(form):
                self.assert_refused(raddle("check", trace, "--format", form, "--report", "/dev/full"), "cannot write", "/dev/full")
        for words in (["check", trace], ["check", trace, "--format", "json"], ["stats", trace], ["dump", trace], ["export", trace],
                      ["diff", report, report], ["explain", "data-race"]):
            with self.subTest(words), open("/dev/full", "w") as full:
                run = subprocess.run([RADDLE, *map(str, words)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=100, check=False)
                self.assertEqual(run.returncode, 2, run.stderr)
                self.assertIn("cannot write", run.stderr)

    def test_a_cut_trace_is_read_as_far_as_it_goes_or_refused_in_one_line(self):
        self.run_example("hello_tasks", "-o", "t.raddle")
        whole = (self.dir / "t.raddle").read_bytes()
        for size in (1, 8, 100, 4095, 4096, 5000, len(whole) // 2):
            with self.subTest(size=size):
                cut = raddle("check", self.write("cut.raddle", whole[:size]))
                self.assertIn(cut.returncode, (0, 2, 66), cut.stderr)
                if cut.returncode == 2:
                    self.assert_refused(cut, "cut.raddle")

    def test_another_version_is_refused(self):
        self.run_example("hello_tasks", "-o", "t.raddle")
        trace = bytearray((self.dir / "t.raddle").read_bytes())
        trace[8:12] = (77).to_bytes(4, "little")
        self.assert_refused(raddle("check", self.write("new.raddle", trace)), "77")

    def test_the_users_own_options_reach_the_recorder(self):
        run = self.run_example("hello_tasks", env={"RADDLE_OPTIONS": "nonsense=1"})
        self.assertEqual(run.returncode, 2)
        self.assertIn("nonsense", run.stderr)

    def test_dump_and_stats_print_the_run(self):
        self.run_example("safe_counter", "-o", "t.raddle")
        dump = raddle("dump", self.dir / "t.raddle")
        self.assertEqual(dump.returncode, 0, dump.stderr)
        self.assertIn("spawns", dump.stdout)
        stats = raddle("stats", self.dir / "t.raddle")
        self.assertEqual(stats.returncode, 0, stats.stderr)
        for part in ("mutex", "object (times in ms)", "blocked (times in ms)", "life times (in ms)", "<1ms"):
            self.assertIn(part, stats.stdout)

    def test_a_mutex_of_tasks_is_no_atomic_of_the_program(self):
        self.run_example("safe_counter", "-o", "t.raddle")
        dump = raddle("dump", self.dir / "t.raddle").stdout
        self.assertIn("unlocks mutex", dump)
        self.assertNotIn("atomic", dump)

    def compile(self, name, text):
        self.write(f"{name}.cpp", text.encode())
        run = raddle("c++", f"{name}.cpp", "-o", name, cwd=self.dir)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_the_programs_own_status_and_output_pass(self):
        self.compile("app", '#include <cstdio>\nint main(int c, char** v) { std::puts(v[c - 1]); return 7; }')
        run = raddle("run", "--", "./app", "--help", "--", "-o", cwd=self.dir)
        self.assertEqual(run.returncode, 7, run.stderr)
        self.assertIn("-o", run.stdout.splitlines())

    def test_a_killing_signal_gives_128_and_its_number(self):
        self.compile("app", "#include <csignal>\nint main() { std::raise(SIGKILL); }")
        run = raddle("run", "--", "./app", cwd=self.dir)
        self.assertEqual(run.returncode, 128 + signal.SIGKILL, run.stdout + run.stderr)

    def test_an_interrupt_ends_the_program_and_its_trace_is_checked(self):
        self.compile("app", "#include <cstdio>\n#include <unistd.h>\n"
                            "int main() { std::puts(\"up\"); std::fflush(stdout); sleep(60); }")
        process = subprocess.Popen([RADDLE, "run", "--", "./app"], cwd=self.dir, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.assertEqual(process.stdout.readline(), "up\n")
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does
        begin = time.monotonic()
        _, errors = process.communicate(timeout=50)
        self.assertLess(time.monotonic() - begin, 45)
        self.assertEqual(process.returncode, 128 + signal.SIGINT, errors)
        self.assertIn("raddle view", errors)


if __name__ == "__main__":
    unittest.main(verbosity=2)
