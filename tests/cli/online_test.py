#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checking while the program runs: `raddle run --online`, and RADDLE_OPTIONS=check=online without a command."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

RADDLE = os.environ["RADDLE"]
PROGRAM = os.environ["PROGRAM"]
PROGRAMS = pathlib.Path(os.environ["PROGRAMS"])

# Programs with findings of most kinds, and their twins without.
TWINS = [
    "race_counter", "clean_mutex", "race_barrier", "clean_barrier", "race_descriptors", "clean_descriptors", "race_semaphore", "clean_semaphore",
    "race_fibers", "clean_fibers", "uaf_threads", "clean_free", "race_benign", "clean_benign", "lock_order_tasks", "clean_lock_order_tasks",
    "misuse_unlock", "misuse_destroy", "lost_wakeup_tasks", "clean_wakeup", "leak_context", "clean_context", "leak_thread", "panic_exception",
    "panic_segfault", "deadlock_two_mutexes", "clean_two_mutexes",
]
LEAST_EVENTS_OF_LONG = 600_000


class Online(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.dir = pathlib.Path(place.name)

    def command(self, *words, **options):
        return subprocess.run(words, cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False, **options)

    def run_online(self, *what, options=(), env=None):
        return self.command(RADDLE, "run", "--online", "-o", "t.raddle", *options, "--", PROGRAM, *what, env={**os.environ, **(env or {})})

    def environment(self, options="", **more):
        return {**os.environ, "RADDLE_OPTIONS": "check=online" + options, "TMPDIR": str(self.dir), **more}

    def run_alone(self, *what, options="", **more):
        """Without a command: the library starts one."""
        return self.command(PROGRAM, *what, env=self.environment(options, **more))

    def start_alone(self, *what, options=""):
        return subprocess.Popen([PROGRAM, *what], cwd=self.dir, env=self.environment(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def assert_race(self, stderr, times=1):
        self.assertEqual(stderr.count(": data-race: "), times, stderr)
        self.assertIn("raddle: 1 finding (1 data-race)", stderr)

    def events(self, stderr):
        return int(stderr.split(" events and")[0].split()[-1])

    def test_a_command_that_does_not_check_is_told_with_the_trace(self):
        run = self.run_alone("race", RADDLE_COMMAND="/bin/true")
        self.assertEqual(run.returncode, 0, run.stderr)
        place = run.stderr.split("not checked to its end; its trace is kept in ")[1].strip()
        check = self.command(RADDLE, "check", place)
        self.assertEqual(check.returncode, 66, check.stdout)

    def test_a_folder_that_cannot_be_written_is_not_used(self):
        run = self.run_alone("race", TMPDIR=str(self.dir / "none"))
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assert_race(run.stderr)

    def test_a_checker_that_is_not_there_is_told_and_another_one_started(self):
        run = self.run_alone("race", options=":checker=99999999")
        self.assertIn("checker= names no process", run.stderr)
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assert_race(run.stderr)

    def test_a_race_is_found_and_is_the_exit_status(self):
        run = self.run_online("race")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assert_race(run.stderr)

    def test_without_findings_the_status_is_the_programs_own(self):
        self.assertEqual(self.run_online("status").returncode, 3)
        self.assertEqual(self.run_alone("status").returncode, 3)

    def test_the_findings_are_those_of_a_check_afterwards(self):
        for name in TWINS:
            program = PROGRAMS / name
            with self.subTest(name):
                self.command(RADDLE, "run", "--online", "-o", "t.raddle", "--report", "online.json", "--", program)
                self.command(RADDLE, "check", "t.raddle", "--report", "later.json")
                online, later = (sorted((f["kind"], f["fingerprint"]) for f in json.loads((self.dir / report).read_text())["findings"])
                                 for report in ("online.json", "later.json"))
                self.assertEqual(online, later)

    def test_a_finding_is_told_while_the_program_runs(self):
        with subprocess.Popen([RADDLE, "run", "--online", "-o", "t.raddle", "--", PROGRAM, "race", "line"], cwd=self.dir, stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as run:
            self.assertIn("data-race: data race on g_counter", run.stderr.readline())
            self.assertIsNone(run.poll())
            run.stdin.close()
            self.assertIn("raddle: 1 finding (1 data-race)", run.stderr.read())
            self.assertEqual(run.wait(), 66)

    def test_a_program_without_a_command_starts_one_and_leaves_no_file(self):
        run = self.run_alone("race", "says")
        self.assertEqual((run.returncode, run.stdout), (66, "here\n"), run.stderr)
        self.assert_race(run.stderr)
        self.assertEqual(list(self.dir.iterdir()), [])

    def test_exitcode_says_the_status_of_findings(self):
        self.assertEqual(self.run_alone("race", options=":exitcode=0").returncode, 0)
        self.assertEqual(self.run_alone("race", options=":exitcode=7").returncode, 7)

    def test_options_for_the_check_come_from_the_environment(self):
        (self.dir / "known").write_text("race:count\n")
        run = self.run_alone("race", RADDLE_CHECK_OPTIONS="--suppressions known --report r.json")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(json.loads((self.dir / "r.json").read_text())["findings"], [])
        self.assertNotIn("data-race", run.stderr)

    def test_the_trace_stays_small_and_no_event_is_lost(self):
        run = self.run_online("race", "long", "long", "race", env={"RADDLE_OPTIONS": "trace_limit=2M"})
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertGreater(self.events(run.stderr), 2 * LEAST_EVENTS_OF_LONG)
        self.assertNotIn("damage", run.stderr)
        self.assertLess((self.dir / "t.raddle").stat().st_size, 4 << 20)
        self.assert_race(run.stderr)

    def test_chunks_of_threads_that_have_ended_are_given_back(self):
        run = self.run_online("threads", "race", env={"RADDLE_OPTIONS": "trace_limit=512K"})
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertIn(" in 602 tasks", run.stderr)
        self.assert_race(run.stderr)

    def test_what_is_left_of_the_trace_is_whole(self):
        self.run_online("long", "race", env={"RADDLE_OPTIONS": "trace_limit=512K"})
        check = self.command(RADDLE, "check", "t.raddle")
        self.assertIn("were given up for trace_limit", check.stdout)
        self.assertNotIn("damage", check.stdout)
        self.assertEqual(check.returncode, 66, check.stdout)

    def test_a_killed_programs_findings_are_told(self):
        run = self.run_online("race", "kill")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertIn("killed by signal 9", run.stderr)
        self.assert_race(run.stderr)
        alone = self.run_alone("race", "kill")  # the pipe ends with the checker
        self.assertEqual(alone.returncode, -signal.SIGKILL)
        self.assert_race(alone.stderr)

    def children(self, process):
        return [int(child) for child in pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()]

    def test_a_killed_checker_does_not_hold_the_program_back(self):
        with self.start_alone("race", "line", "long", "status", options=":trace_limit=512K:trace=t.raddle") as run:
            self.assertIn("data-race", run.stderr.readline())  # so it runs
            (helper,) = self.children(run.pid)
            (command,) = self.children(helper)
            self.wait_until_marked()
            os.kill(command, signal.SIGKILL)
            run.stdin.close()
            self.assertIn("raddle: the checker has ended too early", run.stderr.read())
            self.assertEqual(run.wait(), 66)
        check = self.command(RADDLE, "check", "t.raddle")
        self.assertIn("were given up for trace_limit", check.stdout)

    def test_what_a_killed_checker_has_told_is_the_exit_status(self):
        with self.start_alone("race", "line", "status", options=":trace=t.raddle") as run:
            self.assertIn("data-race", run.stderr.readline())
            self.wait_until_marked()
            (helper,) = self.children(run.pid)
            (command,) = self.children(helper)
            os.kill(command, signal.SIGKILL)
            run.stdin.close()
            self.assertEqual(run.wait(), 66)

    def wait_until_marked(self):
        """Until the checker has said in the trace, behind the header's page, that it has told of a finding."""
        with open(self.dir / "t.raddle", "rb") as trace:
            while os.pread(trace.fileno(), 1, 4096 + 40) != b"\1":
                pass

    def test_bad_options_for_the_check_are_the_exit_status(self):
        for options, text in (("--nonsense", "unknown option --nonsense"), ("--suppressions none", "none"), ("--report no/r.json", "no/r.json")):
            with self.subTest(options):
                run = self.run_alone("race", "status", options=":trace=t.raddle", RADDLE_CHECK_OPTIONS=options)
                self.assertEqual(run.returncode, 2, run.stderr)
                self.assertIn(text, run.stderr)

    def test_a_checker_ends_with_its_helper(self):
        with self.start_alone("race", "line", "long", "status", options=":trace_limit=512K:trace=t.raddle") as run:
            self.assertIn("data-race", run.stderr.readline())
            (helper,) = self.children(run.pid)
            os.kill(helper, signal.SIGKILL)
            run.stdin.close()
            rest = run.stderr.read()  # to its end: the checker has this pipe, too
            self.assertNotIn("g_guarded", rest)
            self.assertIn("raddle: the checker has ended too early", rest)
            run.wait()

    def test_where_there_is_no_command_the_program_runs_on(self):
        missing = self.dir / "none"
        run = self.run_alone("race", "says", options=":trace=t.raddle", RADDLE_COMMAND=str(missing))
        self.assertEqual((run.returncode, run.stdout), (0, "here\n"), run.stderr)
        self.assertIn(f"there is no command {missing} to check with", run.stderr)
        self.assertEqual(self.command(RADDLE, "check", "t.raddle").returncode, 66)

    def test_a_command_that_is_none_is_as_one_that_has_died(self):
        nothing = self.dir / "nothing"
        nothing.write_text("#!/bin/sh\nexit 0\n")
        nothing.chmod(0o755)
        run = self.run_alone("long", options=":trace_limit=512K:trace=t.raddle", RADDLE_COMMAND=str(nothing))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("raddle: the checker has ended too early", run.stderr)

    def test_the_program_has_no_child_that_it_did_not_make(self):
        self.assertEqual(self.run_alone("wait").stdout, "no child\n")

    def test_a_forked_child_has_a_checker_of_its_own(self):
        run = self.run_alone("fork")
        self.assertIn("data-race: data race on g_counter", run.stderr)
        self.assertIn("raddle: nothing found", run.stderr)
        self.assertEqual(run.returncode, 0)
        self.assertEqual(list(self.dir.iterdir()), [])

    def findings_of_reports(self):
        return sorted(len(json.loads(path.read_text())["findings"]) for path in self.dir.glob("r*.json"))

    def test_each_process_of_a_run_has_a_report_of_its_own(self):
        run = self.run_alone("many", "race", RADDLE_CHECK_OPTIONS="--report r.json")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertEqual(len(json.loads((self.dir / "r.json").read_text())["findings"]), 1)
        self.assertEqual(self.findings_of_reports(), [1, 1, 1])

    def test_a_program_in_the_place_of_another_keeps_its_report(self):
        run = self.run_alone("race", "exec", RADDLE_CHECK_OPTIONS="--report r.json")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertEqual(self.findings_of_reports(), [1, 1])

    def test_the_report_of_an_earlier_run_is_replaced(self):
        for _ in range(2):
            self.run_alone("race", RADDLE_CHECK_OPTIONS="--report r.json")
            self.assertEqual(self.findings_of_reports(), [1])

    def test_a_program_in_the_place_of_another_has_a_checker_of_its_own(self):
        run = self.run_alone("exec")
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assert_race(run.stderr)
        self.assertIn("raddle: nothing found", run.stderr)

    def test_a_recorded_program_can_be_followed_by_hand(self):
        with subprocess.Popen([RADDLE, "run", "-o", "t.raddle", "--", PROGRAM, "race", "says", "line"], cwd=self.dir, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            self.assertEqual(run.stdout.readline(), "here\n")
            with subprocess.Popen([RADDLE, "check", "--follow", "t.raddle"], cwd=self.dir, stdout=subprocess.PIPE, text=True) as check:
                self.assertIn("data-race: data race on g_counter", check.stdout.readline())
                run.stdin.close()
                self.assertIn("raddle: 1 finding (1 data-race)", check.stdout.read())
                self.assertEqual(check.wait(), 66)

    def test_a_trace_with_a_limit_of_its_own_cannot_be_followed(self):
        self.command(PROGRAM, "long", env={**os.environ, "RADDLE_OPTIONS": "trace=t.raddle:trace_limit=512K"})
        check = self.command(RADDLE, "check", "--follow", "t.raddle")
        self.assertEqual(check.returncode, 2)
        self.assertIn("check=online", check.stderr)


if __name__ == "__main__":
    unittest.main()
