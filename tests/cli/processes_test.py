#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`raddle run` of a program that starts others: each has a trace, and each is checked."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

RADDLE = os.environ["RADDLE"]
PROGRAM = os.environ["PROGRAM"]


class Processes(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.dir = pathlib.Path(place.name)

    def run_program(self, *children, options=()):
        return subprocess.run([RADDLE, "run", "-o", "t.raddle", *options, "--", PROGRAM, *children], cwd=self.dir, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=100, check=False)

    def assert_clean(self, run, others):
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(f"nothing found in {others} other process", run.stderr)

    def traces(self):
        return sorted(path.name for path in self.dir.glob("t.raddle.*") if re.fullmatch(r"t\.raddle\.\d+", path.name))

    def test_a_race_in_a_child_is_found_and_its_process_named(self):
        run = self.run_program("race")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertRegex(run.stderr, r"in process \d+ \(\S+ race\), trace in \S+t\.raddle\.\d+:\n(.*\n)*?.*data race on g_counter")

    def test_a_race_in_the_child_of_a_child_without_threads_is_found(self):
        self.assertEqual(self.run_program("daemon").returncode, 66)

    def test_who_becomes_a_daemon_has_not_been_killed(self):
        run = self.run_program("--daemon")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("the program exited with status 0", run.stderr)

    def test_a_child_is_recorded_from_its_first_c11_thread_on(self):
        self.assertEqual(self.run_program("c11").returncode, 66)

    def test_a_race_before_a_child_becomes_another_program_is_found(self):
        run = self.run_program("race_exec")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertIn("nothing found in 1 other process", run.stderr)

    def test_a_child_that_no_handler_saw_does_not_write_into_its_parents_trace(self):
        run = self.run_program("_Fork", "clean")
        self.assert_clean(run, 2)

    def test_a_childs_uncaught_exception_ends_it_as_ever(self):
        run = self.run_program("throws")
        self.assertIn(f"signal {signal.SIGABRT.value}\n", run.stdout)
        self.assertIn("panic", run.stderr)

    def test_a_child_that_a_task_makes_is_recorded_as_the_child_of_a_thread_is(self):
        run = self.run_program("--task")
        self.assert_clean(run, 1)

    def test_a_killed_child_that_nobody_has_waited_for_is_checked(self):
        run = self.run_program("zombie")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertNotIn("still runs; later", run.stderr)

    def test_a_program_that_closes_all_descriptors_keeps_its_files(self):
        run = self.run_program("--closes")
        self.assertEqual((run.returncode, run.stdout), (0, "as written\n"), run.stderr)

    def test_a_race_in_the_program_that_takes_a_childs_place_is_found(self):
        run = self.run_program("exec")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertRegex(run.stderr, r"in process \d+ \(processes --race\)")

    def test_of_clean_children_only_their_number_is_said(self):
        run = self.run_program("clean", "clean")
        self.assert_clean(run, 2)
        self.assertNotIn("in process", run.stderr)

    def test_a_child_may_unlock_what_was_locked_before_the_fork_or_its_first_thread(self):
        run = self.run_program("holds")
        self.assert_clean(run, 1)

    def test_a_program_without_others_has_no_word_of_them(self):
        self.assertNotIn("process", self.run_program().stderr)

    def test_traces_of_an_earlier_runs_children_are_removed(self):
        self.run_program("clean", "clean", "clean")
        self.assertEqual(len(self.traces()), 3)
        (self.dir / "t.raddle.77777").write_text("no trace")
        self.run_program("clean")
        self.assertEqual(len(self.traces()), 2)
        self.assertEqual((self.dir / "t.raddle.77777").read_text(), "no trace")

    def test_each_process_with_findings_has_a_report_file_of_its_own(self):
        self.run_program("race", "clean", options=("--report", "r.json"))
        self.assertEqual(json.loads((self.dir / "r.json").read_text())["findings"], [])
        others = list(self.dir.glob("r.*.json"))
        self.assertEqual(len(others), 1)
        self.assertEqual([f["kind"] for f in json.loads(others[0].read_text())["findings"]], ["data-race"])

    def test_a_suppression_that_only_a_child_needs_counts_as_used(self):
        (self.dir / "known").write_text("race:count\n")
        run = self.run_program("race", options=("--suppressions", "known"))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotIn("matched nothing", run.stderr)

    def test_a_child_that_still_runs_is_said_and_not_judged(self):
        with subprocess.Popen([RADDLE, "run", "-o", "t.raddle", "--", PROGRAM, "stays"], cwd=self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as run:
            self.assertEqual(run.stdout.readline(), "stays\n")
            said = ""
            for line in run.stderr:
                said += line
                if "trace in" in line:
                    break
            child = re.search(r"process (\d+) \(.*\) still runs; later: raddle check \S+t\.raddle\.\d+", said)
            os.kill(int(re.match(r"t\.raddle\.(\d+)", self.traces()[0])[1]), signal.SIGKILL)
            self.assertIsNotNone(child, said)


if __name__ == "__main__":
    unittest.main()
