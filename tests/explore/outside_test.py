#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`raddle explore` where threads or processes are ended, or reached, from outside."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

from explore_test import RADDLE, Place, program, raddle


class Cancelled(Place):
    def assert_clean(self, *words, runs=100):
        run = self.explore(*words, runs=runs)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(run.stderr, "")

    def test_a_thread_is_cancelled_where_the_program_says_so(self):
        self.assert_clean(program("cancel_early"))

    def test_a_cancelled_waiter_takes_no_notify_away_from_another_one(self):
        self.assert_clean(program("cancelled_waiter"), runs=300)


class Ended(Place):
    def assert_clean(self, *words, runs):
        run = self.explore(*words, runs=runs)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn(f"0 found in {runs} schedules", run.stdout)

    def test_a_library_may_end_its_threads_after_the_schedule(self):
        self.assert_clean(program("leaves_threads"), runs=50)

    @unittest.skipUnless(program("openmp").exists(), "built without OpenMP")
    def test_openmp_programs_come_to_their_end(self):
        self.assert_clean(program("openmp"), runs=10)

    def test_programs_under_address_sanitizer_come_to_their_end(self):
        self.assert_clean(program("sanitized"), runs=100)

    def test_each_strategy_lets_all_who_give_way_go_on(self):
        for strategy in ("random", "pos", "pct", "surw"):
            with self.subTest(strategy):
                run = raddle("explore", "-o", self.dir / strategy, "--strategy", strategy, "--rounds", 0, "--time-limit", 3, "--minimise", 0,
                             "--runs", 10, "--seed", 1, "--", program("meetings"))
                self.assertIn("in 10 schedules", run.stdout)
                self.assertNotIn("hang", run.stdout)


class Stopped(Place):
    def test_time_in_which_all_is_stopped_does_not_count(self):
        """As that of a machine that sleeps, or is taken away for some seconds."""
        words = [RADDLE, "explore", "-o", self.dir / "out", "--time-limit", "3", "--runs", "30", "--", program("scenes"), "nanosleep"]
        run = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.addCleanup(run.communicate)
        for _ in range(2):
            time.sleep(0.3)  # a run takes a fifth of a second
            if run.poll() is not None:
                break
            os.killpg(run.pid, signal.SIGSTOP)
            time.sleep(3.5)
            os.killpg(run.pid, signal.SIGCONT)
        out, _ = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 0, out)
        self.assertIn("0 found in 30 schedules", out)


class Processes(Place):
    def test_who_waits_for_what_several_processes_have_may_be_woken_by_another_one(self):
        said = r"main slept in the kernel, in futex, at (\S+ )+between_processes.cpp:\d+"
        for scene in ("semaphore", "timed", "named", "condition", "barrier", "mutex", "rwlock"):
            with self.subTest(scene):
                run = self.explore(program("between_processes"), scene, runs=5)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
                self.assertRegex(run.stderr, said)
                self.assertIn("a replay may differ", run.stderr)

    def test_who_waits_in_memory_that_several_processes_have_may_be_woken_by_another_one(self):
        run = self.explore(program("between_processes"), "spin", runs=5)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("a replay may differ", run.stderr)


class Left(Place):
    """Nothing of an exploration is left behind, however it ends."""
    def setUp(self):
        super().setUp()
        self.numbers = self.dir / "numbers"

    def is_alive(self, number):
        try:
            return pathlib.Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
        except OSError:
            return False

    def living(self):
        return [number for number in self.numbers.read_text().split() if self.is_alive(number)]

    def wait_for(self, is_so):
        end = time.monotonic() + 30
        while not is_so() and time.monotonic() < end:
            time.sleep(0.02)
        self.assertTrue(is_so())

    def start_endless(self):
        words = [RADDLE, "explore", "-o", self.dir / "out", "--time-limit", "100", "--", program("leaves_processes"), self.numbers, "endless"]
        run = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.communicate)
        self.wait_for(lambda: self.numbers.exists() and len(self.numbers.read_text().split()) >= 3)
        return run

    def places_of(self, run):
        """Where the traces of its runs are, as the server's environment says."""
        maps = "".join(path.read_text() for path in pathlib.Path("/proc").glob(f"{self.numbers.read_text().split()[-1]}/maps"))
        return {pathlib.Path(found) for found in re.findall(r"(/\S*/raddle-explore\.\w{6})/", maps)}

    def test_processes_that_a_run_leaves_end_with_it(self):
        run = self.explore(program("leaves_processes"), self.numbers, runs=10)
        self.assertIn("in 10 schedules", run.stdout)
        self.assertGreaterEqual(len(self.numbers.read_text().split()), 20)
        self.assertEqual(self.living(), [])

    def test_a_signal_ends_it_at_once_with_what_it_has(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                run = self.start_endless()
                places = self.places_of(run)
                self.assertTrue(places)
                run.send_signal(number)
                out, err = run.communicate(timeout=60)
                self.assertEqual(run.returncode, 128 + number, out + err)
                self.assertIn("interrupted", err)
                self.assertFalse([place for place in places if place.exists()])
                self.assertEqual(self.living(), [])
                self.numbers.unlink()

    def test_killed_it_leaves_nothing_that_runs(self):
        run = self.start_endless()
        for place in self.places_of(run):
            self.addCleanup(shutil.rmtree, place)
        run.kill()
        run.wait(timeout=60)
        self.wait_for(lambda: not self.living())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
