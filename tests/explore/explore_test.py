#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`raddle explore` and `raddle replay` from outside."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

RADDLE = os.environ.get("RADDLE", "raddle")
PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", "."))
BUGS = {"account": "panic", "account_tasks": "panic", "dining": "deadlock", "two_clocks": "task-leak",
        "reorder": "panic", "dropped_notify": "lost-wakeup", "semaphores": "deadlock"}


def raddle(*words, env=None):
    return subprocess.run([RADDLE, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=200, env={**os.environ, **(env or {})})


def program(name):
    return PROGRAMS / f"explore_{name}"


class Place(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.dir = pathlib.Path(place.name)

    def explore(self, *words, runs=100, seed=1):
        """Of the program `words`, which a `--` does not separate."""
        return raddle("explore", "-o", self.dir / "out", "--time-limit", 3, "--runs", runs, "--seed", seed, "--", *words)

    def assert_clean(self, *words, runs=100):
        run = self.explore(*words, runs=runs)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn(f"0 found in {runs} schedules", run.stdout)
        return run

    def schedule_of(self, name):
        run = self.explore(program(name))
        self.assertEqual(run.returncode, 66, run.stdout + run.stderr)
        kind = BUGS[name]
        found = re.search(rf"^{kind}: .*\n(?:  .*\n)*  run it again: raddle replay (\S+\.schedule)", run.stdout, re.MULTILINE)
        self.assertTrue(found, run.stdout)
        return pathlib.Path(found.group(1))

    def events(self, schedule, *words):
        """What one replay did: each event without its time."""
        trace = self.dir / "replay.raddle"
        run = raddle("replay", "-o", trace, schedule, "--", *words)
        self.assertNotIn("left its schedule", run.stderr)
        dump = raddle("dump", trace).stdout
        return [re.sub(r"^ *\d+ ns ", "", line) for line in dump.splitlines()]


class Finding(Place):
    def test_each_bug_is_found_with_a_schedule(self):
        for name in BUGS:
            with self.subTest(name):
                self.schedule_of(name)

    def test_whoever_takes_part_has_a_place_in_the_code(self):
        self.explore(program("scenes"), "lose", runs=300)
        traces = list((self.dir / "out").glob("*.raddle"))
        self.assertEqual(len(traces), 1, "one finding, whatever its schedule")
        self.assertNotIn("no stack known", raddle("check", traces[0]).stdout)

    def test_a_second_exploration_goes_on_with_other_schedules(self):
        raddle("explore", "-o", self.dir / "out", "--runs", 5, "--", program("scenes"), "spin")
        self.assertEqual((self.dir / "out" / "next_seed").read_text(), "6\n")

    def test_first_stops_when_something_is_found(self):
        run = raddle("explore", "-o", self.dir / "out", "--first", "--", program("account"))
        self.assertEqual(run.returncode, 66)
        self.assertLess(int(re.search(r"found in (\d+) schedules", run.stdout).group(1)), 1000)

    def test_the_run_that_nobody_schedules_counts_as_none(self):
        run = self.explore(program("scenes"), "fails", runs=3)
        self.assertIn("in 3 of 3 schedules", run.stdout)

    def test_several_jobs_find_the_same(self):
        run = raddle("explore", "-o", self.dir / "out", "--runs", 100, "--seed", 1, "-j", 3, "--", program("account"))
        self.assertEqual(run.returncode, 66)
        self.assertIn("1 found in 100 schedules", run.stdout)

    def test_the_kept_schedule_has_no_switch_too_many(self):
        run = self.explore(program("account"))
        self.assertIn("the simplest has 2 switches", run.stdout)

    def test_accesses_can_be_decisions(self):
        few = self.explore(program("account_fixed"), runs=20).stdout
        many = raddle("explore", "-o", self.dir / "out", "--runs", 20, "--seed", 1, "--accesses", "--",
                      program("account_fixed")).stdout
        different = lambda text: int(re.search(r"(\d+) of them different", text).group(1))
        self.assertGreater(different(many), different(few))


class Livelock(Place):
    """Runs in which all go on for ever. They take no time, so few rounds do."""
    def explore_rounds(self, *words, runs=40, rounds=2000):
        return raddle("explore", "-o", self.dir / "out", "--rounds", rounds, "--minimise", 20, "--runs", runs, "--seed", 1, "--", *words)

    def test_who_goes_round_is_named_with_a_schedule_that_shows_it_again(self):
        for name, word in (("goes_round", "thread"), ("goes_round_tasks", "task")):
            with self.subTest(name):
                run = self.explore_rounds(program(name))
                self.assertEqual(run.returncode, 66, run.stdout + run.stderr)
                self.assertRegex(run.stdout, rf"(?m)^livelock: {word} \d+ \(work\)( and {word} \d+ \(work\))? goe?s? round without end \[suspected\]$")
                schedule = re.search(r"livelock: .*\n(?:  .*\n)*  run it again: raddle replay (\S+)", run.stdout).group(1)
                again = raddle("replay", schedule, "--", program(name))
                self.assertEqual(again.returncode, 66)
                self.assertIn("livelock", again.stderr)
                self.assertIn("goes_round.cpp:2", again.stderr)
                self.assertNotIn("left its schedule", again.stderr)

    def test_a_lock_that_waits_by_looking_again_is_none(self):
        for name in ("goes_round_fixed", "goes_round_tasks_fixed"):
            with self.subTest(name):
                run = self.explore_rounds(program(name), runs=100)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_to_wait_for_a_mutex_is_no_look_at_the_clock(self):
        options = f"trace={self.dir / 'run.raddle'}:trace_limit=1M:strategy=random:seed=1:rounds=2000"
        run = subprocess.run([program("scenes"), "look"], env={**os.environ, "RADDLE_OPTIONS": options}, capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertIn("nobody comes to an end", run.stderr)

    def test_who_waits_for_a_moment_by_looking_at_the_clock_does_not_go_round(self):
        for scene in ("clock", "sleep", "poll"):
            with self.subTest(scene):
                run = self.explore_rounds(program("scenes"), scene, runs=3, rounds=100)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_what_a_signal_will_end_does_not_go_round(self):
        run = self.explore_rounds(program("scenes"), "alarm", runs=2, rounds=100)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


class Predicting(Place):
    def trace_that_hides_the_race(self, name):
        """Of a run without a switch that need not be: the lock orders the writes."""
        trace = self.dir / "hidden.raddle"
        subprocess.run([program(name)], capture_output=True, timeout=100, check=True,
                       env={**os.environ, "RADDLE_OPTIONS": f"trace={trace}:strategy=dfs:experience={self.dir}/experience"})
        return trace

    def test_a_race_that_a_lock_hides_is_predicted_if_that_is_asked_for(self):
        trace = self.trace_that_hides_the_race("hidden_race")
        self.assertEqual(raddle("check", trace).returncode, 0)
        self.assertIn("data-race", raddle("check", "--predict", trace).stdout)

    def test_nothing_is_predicted_where_the_lock_guards_the_writes(self):
        trace = self.trace_that_hides_the_race("hidden_race_fixed")
        self.assertEqual(raddle("check", "--predict", trace).returncode, 0)

    def test_what_is_predicted_is_made_to_happen(self):
        run = self.explore(program("dining"), runs=40)
        self.assertRegex(run.stdout, r"lock-order: .*\n  predicted, and confirmed by: deadlock")
        run = self.explore(program("hidden_race"), runs=40)
        self.assertRegex(run.stdout, r"data-race: .*\n(  predicted from one run, and confirmed\n)?  in \d+ of 40 schedules")

    def test_what_no_schedule_has_shown_yet_is_predicted_only(self):
        # The run that nobody schedules may be one that shows it.
        for _ in range(20):
            run = raddle("explore", "-o", self.dir / "out", "--strategy", "dfs", "--runs", 1, "--", program("dining"))
            if "only in the run that nobody scheduled" not in run.stdout:
                break
        self.assertRegex(run.stdout, r"lock-order: .*\n  predicted only")

    def test_a_circle_that_the_value_of_a_variable_prevents_is_not_predicted(self):
        trace = self.dir / "never.raddle"
        subprocess.run([program("never")], capture_output=True, timeout=100, check=True,
                       env={**os.environ, "RADDLE_OPTIONS": f"trace={trace}"})
        self.assertIn("raddle check --predict", raddle("check", trace).stdout)
        self.assertEqual(raddle("check", "--predict", trace).returncode, 0)
        self.assertEqual(self.explore(program("never"), runs=40).returncode, 0)


class DepthFirst(Place):
    def see_all(self, *words, options=()):
        """Explores to the end; the exit statuses that were not usual."""
        run = raddle("explore", "-o", self.dir / "out", "--strategy", "dfs", "--minimise", 0, "--runs", 5000, *options, "--", *words)
        self.assertIn("have been seen", run.stderr, run.stdout)
        return set(re.findall(r"^exit status (\d+) ", run.stdout, re.MULTILINE))

    def test_every_order_of_three_is_seen(self):
        self.assertEqual(len(self.see_all(program("scenes"), "order")), 5)

    def test_every_ready_case_of_a_select_is_taken(self):
        self.assertEqual(len(self.see_all(program("scenes"), "select")), 2)

    def test_without_preemptions_one_after_the_other_is_seen(self):
        self.see_all(program("account"), options=("--preemptions", 0))
        self.assertEqual(list((self.dir / "out").glob("*.schedule")), [])

    def test_it_says_nothing_of_all_schedules_before_the_end(self):
        run = raddle("explore", "-o", self.dir / "out", "--strategy", "dfs", "--runs", 3, "--", program("scenes"), "order")
        self.assertNotIn("have been seen", run.stderr)

    def test_the_next_exploration_goes_on_where_it_ended(self):
        words = ("explore", "-o", self.dir / "out", "--strategy", "dfs", "--minimise", 0, "--runs")
        whole = raddle(*words, 100, "--", program("dropped_notify_fixed"))
        count = int(re.search(r"found in (\d+) schedules", whole.stdout).group(1))
        (self.dir / "out" / "experience").unlink()
        self.assertNotIn("have been seen", raddle(*words, count - 1, "--", program("dropped_notify_fixed")).stderr)
        self.assertIn("have been seen", raddle(*words, 1, "--", program("dropped_notify_fixed")).stderr)

    def test_jobs_are_refused(self):
        run = raddle("explore", "--strategy", "dfs", "-j", 2, "--", program("scenes"), "order")
        self.assertEqual(run.returncode, 2)
        self.assertIn("-j", run.stderr)


class Clean(Place):
    def test_the_fixed_twins_have_nothing(self):
        for name in BUGS:
            with self.subTest(name):
                self.assert_clean(program(f"{name}_fixed"))

    def test_loops_that_wait_come_to_their_end(self):
        self.assert_clean(program("scenes"), "spin")

    def test_threads_and_tasks_take_turns_together(self):
        run = self.assert_clean(program("scenes"), "mix")
        self.assertEqual(run.stderr, "")

    def test_a_library_has_the_thread_that_it_starts_before_main(self):
        run = self.assert_clean(program("asks"), runs=5)
        self.assertIn("does not wait for its turn", run.stderr)

    def test_a_status_that_is_usual_is_no_failure(self):
        self.assert_clean(program("scenes"), "status", runs=5)

    def test_who_sleeps_in_the_kernel_loses_the_turn_and_the_report_says_so(self):
        for scene, said in (("pipe", r"main slept in the kernel, in read, at \S*read_pipe\S* scenes.cpp:\d+"),
                            ("pipe_in_task", r"task \d+ \(.*\) slept in the kernel, in read, at \S.* scenes.cpp:\d+"),
                            ("socket", r"main slept in the kernel, in recv, at \S*receive\S* scenes.cpp:\d+"),
                            ("futex", r"main slept in the kernel, in futex"),
                            ("process", r"main slept in the kernel, in wait, at \S*wait_for_process\S* scenes.cpp:\d+"),
                            ("nanosleep", r"main slept in the kernel, in nanosleep")):
            with self.subTest(scene):
                # Whether it has to sleep, and is seen asleep, is a matter of who is faster.
                for _ in range(8):
                    run = self.assert_clean(program("scenes"), scene, runs=10)
                    if re.search(said, run.stderr):
                        break
                self.assertRegex(run.stderr, said)
                self.assertIn("does not wait for its turn there", run.stderr)

    def test_who_lost_the_turn_may_end_without_it(self):
        self.assert_clean(program("scenes"), "signal", runs=20)


class Replay(Place):
    def test_every_replay_does_the_same(self):
        for name in BUGS:
            with self.subTest(name):
                schedule = self.schedule_of(name)
                first = self.events(schedule, program(name))
                self.assertGreater(len(first), 10)
                for _ in range(20):
                    self.assertEqual(self.events(schedule, program(name)), first)

    def test_a_replay_reports_the_finding_again(self):
        run = raddle("replay", self.schedule_of("dining"), "--", program("dining"))
        self.assertEqual(run.returncode, 66)
        self.assertIn("deadlock", run.stderr)

    def test_each_event_of_threads_that_take_turns_has_its_own_time(self):
        trace, schedule = self.dir / "t.raddle", self.dir / "t.schedule"
        for words in (f"strategy=pct:seed=1:schedule={schedule}", f"replay={schedule}"):
            with self.subTest(words):
                subprocess.run([program("scenes"), "locks"], capture_output=True, timeout=100, check=True,
                               env={**os.environ, "RADDLE_OPTIONS": f"trace={trace}:{words}"})
                times = re.findall(r"^ *(\d+) ns ", raddle("dump", trace).stdout, re.MULTILINE)
                self.assertGreater(len(times), 3 * 20 * 3 * 2)
                self.assertEqual(len(set(times)), len(times))


class Time(Place):
    def test_hours_pass_at_once(self):
        self.assert_clean(program("scenes"), "sleep", runs=10)

    def test_a_loop_that_looks_at_the_clock_comes_to_its_end(self):
        self.assert_clean(program("scenes"), "clock", runs=3)

    def test_a_time_out_may_come_before_others_go_on(self):
        for scene in ("threads", "tasks"):
            with self.subTest(scene):
                run = self.explore(program("time_outs"), scene, "10", runs=300)
                self.assertEqual(run.returncode, 66, run.stdout + run.stderr)
                self.assertRegex(run.stdout, r"exit status 5 instead of the usual 0\n  in \d+ of 300")

    def test_that_it_does_is_one_of_all_schedules(self):
        run = raddle("explore", "-o", self.dir / "out", "--strategy", "dfs", "--runs", 20000, "--", program("time_outs"), "threads", "10")
        self.assertIn("exit status 5", run.stdout)
        self.assertIn("all have been seen", run.stderr)

    def test_it_comes_again_in_a_replay(self):
        self.explore(program("time_outs"), "tasks", "10", runs=300)
        schedule = self.dir / "out" / "status-5.schedule"
        first = self.events(schedule, program("time_outs"), "tasks", "10")
        for _ in range(5):
            self.assertEqual(self.events(schedule, program("time_outs"), "tasks", "10"), first)
        run = raddle("replay", schedule, "--", program("time_outs"), "tasks", "10")
        self.assertEqual(run.returncode, 5, run.stderr)

    def test_one_that_is_far_away_waits_for_the_others(self):
        for scene in ("threads", "tasks"):
            with self.subTest(scene):
                self.assert_clean(program("time_outs"), scene, "1000", runs=300)

    def test_how_far_is_an_option(self):
        for far, status in ((0, 0), (2000, 66)):
            with self.subTest(far):
                run = raddle("explore", "-o", self.dir / str(far), "--runs", 300, "--seed", 1, "--early-ms", far, "--",
                             program("time_outs"), "threads", "10" if far == 0 else "1000")
                self.assertEqual(run.returncode, status, run.stdout + run.stderr)

    def test_who_looks_at_the_clock_and_gives_way_does_not_wait_for_the_next_day(self):
        for scene in ("watch_threads", "watch_tasks"):
            with self.subTest(scene):
                self.assert_clean(program("time_outs"), scene, "86400000", runs=50)

    def test_a_first_run_that_takes_too_long_tells_no_usual_status(self):
        run = self.assert_clean(program("time_outs"), "sleep", "3600000", runs=5)
        self.assertIn("did not end within 3 seconds", run.stderr)


class Again(Place):
    def test_a_failure_that_its_schedule_does_not_bring_back_is_said_to_be_such(self):
        run = self.explore(program("time_outs"), "count", self.dir / "count", runs=5)
        self.assertRegex(run.stdout, r"exit status 7 instead of the usual 0\n(  .*\n)*  it did not come again under this schedule")

    def test_what_failed_before_is_run_again(self):
        self.explore(program("account"))
        schedules = {path.name for path in (self.dir / "out").glob("*.schedule")}
        run = raddle("explore", "-o", self.dir / "out", "--runs", 1, "--early-ms", 0, "--seed", 1, "--", program("account"))
        self.assertEqual(run.returncode, 66, run.stdout + run.stderr)
        self.assertEqual({path.name for path in (self.dir / "out").glob("*.schedule")}, schedules)

    def test_zero_is_not_the_failure(self):
        run = self.explore(program("time_outs"), "natural", runs=3)
        self.assertIn("exit status 8 instead of 0\n  only in the run that nobody scheduled", run.stdout)

    def test_a_replay_ends_after_its_time(self):
        self.explore(program("time_outs"), "for_ever", runs=1)
        schedule = self.dir / "out" / "out-of-time.schedule"
        run = raddle("replay", "--time-limit", 1, schedule, "--", program("time_outs"), "for_ever")
        self.assertIn("did not end within 1 second", run.stderr)
        self.assertNotEqual(run.returncode, 0)


class BadInput(Place):
    def assert_refused(self, run, *words):
        self.assertEqual(run.returncode, 2, run.stdout + run.stderr)
        lines = run.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, run.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def test_a_schedule_of_another_program_is_refused(self):
        schedule = self.schedule_of("account")
        self.assert_refused(raddle("replay", schedule, "--", program("dining")), "another program", "explore")

    def test_a_file_that_is_no_schedule_is_refused(self):
        path = self.dir / "x.schedule"
        path.write_bytes(b"RDLSCHED" * 4)
        self.assert_refused(raddle("replay", path, "--", program("account")), "no schedule", "explore")

    def test_a_cut_schedule_is_refused(self):
        path = self.dir / "x.schedule"
        path.write_bytes(self.schedule_of("account").read_bytes()[:-2])
        self.assert_refused(raddle("replay", path, "--", program("account")), "no schedule")

    def test_a_program_without_the_flag_is_refused(self):
        self.assert_refused(self.explore("true"), "left no trace", "flag")
        self.assertFalse((self.dir / "out").exists())

    def test_a_program_that_is_not_there_is_refused(self):
        self.assert_refused(self.explore("./nothing-here"), "no such program")

    def test_an_unknown_strategy_is_refused_with_the_known_ones(self):
        run = raddle("explore", "--strategy", "best", "--", program("account"))
        self.assert_refused(run, "best", "random", "pct", "pos")

    def test_an_unknown_strategy_in_the_environment_is_refused_with_the_known_ones(self):
        run = subprocess.run([program("account")], capture_output=True, text=True, timeout=100,
                             env={**os.environ, "RADDLE_OPTIONS": f"trace={self.dir}/t.raddle:strategy=best"})
        self.assert_refused(run, "best", "random", "pct", "pos")

    def test_a_program_that_depends_on_something_else_is_told_where(self):
        state = self.dir / "state"
        schedule = self.dir / "by_hand.schedule"
        for byte, words in (("1", f"strategy=random:seed=5:schedule={schedule}"), ("0", f"replay={schedule}")):
            state.write_text(byte)
            run = subprocess.run([program("scenes"), "depend", state], capture_output=True, text=True, timeout=100,
                                 env={**os.environ, "RADDLE_OPTIONS": f"trace={self.dir}/t.raddle:{words}"})
        self.assertRegex(run.stderr, r"left its schedule at decision \d+, in task 1 about to operate at \S+\.\w+:\d+: "
                                     r"\d+ operations had been done and \d could go on there, now \d+ and \d")

    def test_a_schedule_of_another_version_is_refused(self):
        path = self.dir / "x.schedule"
        whole = bytearray(self.schedule_of("account").read_bytes())
        whole[8] += 1
        path.write_bytes(whole)
        self.assert_refused(raddle("replay", path, "--", program("account")), "another version", "explore")

    def test_a_schedule_of_another_build_is_refused(self):
        schedule = self.schedule_of("account")
        rebuilt = self.dir / "account"
        rebuilt.write_bytes(program("account").read_bytes() + b"another")
        rebuilt.chmod(0o755)
        self.assert_refused(raddle("replay", schedule, "--", rebuilt), "another build", "explore")

    def test_what_was_found_before_an_interrupt_is_kept(self):
        words = [RADDLE, "explore", "-o", self.dir / "out", "--runs", "1000000", "--seed", "1", "--", program("account")]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            while not list((self.dir / "out").glob("*.schedule")):
                time.sleep(0.05)
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 66, out + err)
        self.assertRegex(out, r"panic: .*\n(  .*\n)*  run it again: ")
        self.assertIn("interrupted", err)
        self.assertNotEqual(int((self.dir / "out" / "next_seed").read_text()), 1)
        schedule = next((self.dir / "out").glob("*.schedule"))
        self.assertEqual(raddle("replay", schedule, "--", program("account")).returncode, 66)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
