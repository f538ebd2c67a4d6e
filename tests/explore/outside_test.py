#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`raddle explore` where threads or processes are ended, or reached, from outside."""

import sys
import unittest

from explore_test import Place, program, raddle


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

    def test_each_strategy_lets_all_who_give_way_go_on(self):
        for strategy in ("random", "pos", "pct", "surw"):
            with self.subTest(strategy):
                run = raddle("explore", "-o", self.dir / strategy, "--strategy", strategy, "--rounds", 0, "--time-limit", 3, "--minimise", 0,
                             "--runs", 10, "--seed", 1, "--", program("meetings"))
                self.assertIn("in 10 schedules", run.stdout)
                self.assertNotIn("hang", run.stdout)


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


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
