#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `raddle leaks` finds in programs that run. Status 77: processes may not look at each other here."""

import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

RADDLE = os.environ.get("RADDLE", "raddle")
PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", "."))
LOST = ["a_circle", "a_circle", "a_local_group", "a_nil_channel", "a_select", "an_object_of_its_own", "nobody_is_done", "nobody_receives",
        "nobody_sends", "nobody_unlocks"]


class Program:
    """A program that says how many of its tasks are going to wait, and runs until its input ends."""

    def __init__(self, name, options="", stderr=None):
        environment = dict(os.environ, RADDLE_OPTIONS=options)
        self.process = subprocess.Popen([PROGRAMS / name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True,
                                        env=environment)
        self.waiting = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.status = self.process.wait(timeout=60)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def leaks(self, *options):
        """Once as many tasks wait as have been promised."""
        while True:
            run = subprocess.run([RADDLE, "leaks", str(self.process.pid), *options], capture_output=True, text=True, timeout=60, check=False)
            seen = re.search(r"(\d+) of them waiting", run.stdout)
            if run.returncode not in (0, 66) or seen is None or int(seen.group(1)) >= self.waiting:
                return run


class Leaks(unittest.TestCase):
    maxDiff = None

    def test_every_task_that_nobody_can_wake_is_found(self):
        with Program("lost_tasks") as program:
            program.leaks()
            run = program.leaks("--format", "json")
        report = json.loads(run.stdout)
        names = sorted(re.search(r"\((\w+)\) leaked", finding["title"]).group(1) for finding in report["findings"])
        self.assertEqual(names, LOST)
        self.assertEqual(run.returncode, 66)

    def test_the_json_report_follows_the_schema(self):
        schema = pathlib.Path(__file__).parents[2] / "share" / "report.schema.json"
        with Program("lost_tasks") as program, tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            program.leaks()
            file.write(program.leaks("--format", "json").stdout)
            file.flush()
            valid = subprocess.run(["/usr/bin/python3", "-W", "ignore", "-m", "jsonschema", "-i", file.name, schema], capture_output=True, text=True,
                                   check=False)
        self.assertEqual(valid.returncode, 0, valid.stderr)

    def test_they_are_found_while_a_trace_is_written_too(self):
        with Program("lost_tasks", f"trace={os.environ['TMP_TRACE']}") as program:
            program.leaks()
            run = program.leaks("--numbers")
        self.assertEqual(len(run.stdout.split()), len(LOST))

    def test_no_task_that_can_be_woken_is_reported(self):
        with Program("waiting_tasks") as program:
            run = program.leaks()
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("nothing found", run.stdout)
        self.assertEqual(program.status, 0)

    def test_a_finding_shows_where_its_task_waits(self):
        with Program("lost_tasks") as program:
            run = program.leaks()
        self.assertRegex(run.stdout, r"leaked: waits to send on the channel at 0x")
        self.assertRegex(run.stdout, r"lost_tasks\.cpp:\d+")
        self.assertIn("results.send(1)", run.stdout)
        self.assertIn("the program runs on", run.stdout)

    def test_a_signal_asks_for_the_report(self):
        with Program("lost_tasks", f"leaks_signal={signal.SIGUSR2}", stderr=subprocess.PIPE) as program:
            program.leaks()
            program.process.send_signal(signal.SIGUSR2)
            lines = iter(program.process.stderr.readline, "")
            report = "".join(itertools.takewhile(lambda line: "the program runs on" not in line, lines))
        self.assertEqual(report.count("task-leak: "), len(LOST))
        self.assertEqual(program.status, 0)

    def test_a_program_without_tasks_is_refused(self):
        with subprocess.Popen(["sleep", "100"]) as process:
            run = subprocess.run([RADDLE, "leaks", str(process.pid)], capture_output=True, text=True, timeout=60, check=False)
            process.kill()
        self.assertEqual(run.returncode, 2)
        self.assertIn("does not use libraddle.so", run.stderr)

    def test_a_process_that_is_not_there_is_said(self):
        run = subprocess.run([RADDLE, "leaks", "999999999"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("no such process", run.stderr)


def may_look():
    with subprocess.Popen(["sleep", "100"]) as process:
        run = subprocess.run([RADDLE, "leaks", str(process.pid)], capture_output=True, text=True, timeout=60, check=False)
        process.kill()
    return "must be yours" not in run.stderr


if __name__ == "__main__":
    if not may_look():
        print("skipped: a process may not look at its child here")
        sys.exit(77)
    unittest.main()
