#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each program of tests/programs many times, and compares each run with what its source announces (expect.py).

  repeat.py BUILD [--clean N] [--buggy N] [--jobs N] [WORD...]

BUILD has all tests built. A program that announces `nothing` runs --clean times (500), any other --buggy times (200); with
words, only those of which the test's name has one. Rounds go over all programs, so that what is stopped early has run all
alike. Prints each run that was not as announced, and the sums; status 1: there was one.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import expect

ROUNDS = 100


def programs_of(build, words):
    """The tests that are an expect.py of a source here: name, its options, what is expected."""
    shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True)
    parser = argparse.ArgumentParser()
    for option in ("--raddle", "--program", "--source", "--timeout"):
        parser.add_argument(option)
    parser.add_argument("--args", nargs="*")
    parser.add_argument("--output", action="append")
    for test in json.loads(shown.stdout)["tests"]:
        command = test.get("command", [])
        if not any(word.endswith("/expect.py") for word in command) or words and not any(word in test["name"] for word in words):
            continue
        options = parser.parse_args(command[2:])
        if os.path.dirname(options.source) != os.path.dirname(os.path.realpath(__file__)):
            continue
        expected = expect.read_expectations(options.source)
        if options.args is not None:
            expected["args"] = options.args
        if options.output:
            expected["output"] = options.output
        yield test["name"], options, expected


def run(program):
    """What was not as announced."""
    _, options, expected = program
    with tempfile.TemporaryDirectory() as place:
        report = os.path.join(place, "report.json")
        command = [options.raddle, "run", "-o", os.path.join(place, "trace"), "--format", "json", "--report", report, "--",
                   options.program, *expected["args"]]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600, check=False,
                                  stdin=subprocess.DEVNULL, env={**os.environ, **expected["env"]})
            with open(report, encoding="utf-8") as file:
                findings = json.load(file)["findings"]
        except (subprocess.TimeoutExpired, OSError, ValueError) as error:
            return [repr(error)]
        return list(expect.complaints(expected, findings, done.returncode, done.stdout, options.source))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--clean", type=int, default=500)
    parser.add_argument("--buggy", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("words", nargs="*")
    options = parser.parse_intermixed_args()
    programs = list(programs_of(options.build, options.words))
    if not programs:
        sys.exit("no such program")
    wanted = [options.buggy if expected["kinds"] else options.clean for _, _, expected in programs]
    done, bad = [0] * len(programs), 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for part in range(1, ROUNDS + 1):
            batch = [i for i, most in enumerate(wanted) for _ in range(most * part // ROUNDS - done[i])]
            for i, complaints in zip(batch, pool.map(run, [programs[i] for i in batch])):
                done[i] += 1
                bad += bool(complaints)
                for complaint in complaints:
                    print(f"{programs[i][0]}: {complaint}", flush=True)
            if batch and sys.stderr.isatty():
                print(f"\r{sum(done)} of {sum(wanted)} runs", end="", file=sys.stderr)
    print(f"{sum(done)} runs of {len(programs)} programs, {bad} not as announced")
    sys.exit(bad != 0)


if __name__ == "__main__":
    main()
