#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether `raddle check` and RAPID find the same races by happens-before, and how much faster raddle is.

  rapid.py BUILD RAPID_CLASSPATH [--events N] [--rounds N] [--racy SHARE] [--small N]

BUILD is a directory with bin/raddle and bin/generate_trace (targets raddle-cli and generate_trace). RAPID_CLASSPATH has the
classes of Umang Mathur's RAPID (https://github.com/umangm/rapid) and the jars of its lib folder. Each trace is made by
generate_trace, and what `raddle dump` prints of it is written in RAPID's STD format, in the same order.

What is compared. RAPID says which events race with an earlier one; its engine with epochs (HBEpoch, the fastest that it has for
happens-before) forgets a read that raced, and the write before the last. raddle reports two accesses of each byte that race, and
unites the reports of the same two functions. What both find for certain is whether there is a race on a variable at all. So
each variable that is accessed without order has a function and a line of its own in these traces (generate_trace --apart 1), and
the number of lines that RAPID calls racy has to be the number of raddle's findings; the lines themselves are compared, too.
Besides the large traces, --small traces of 4 000 records are compared, also with RAPID's engine without epochs (HB), which
forgets nothing.

The rate counts a trace's records, events and accesses, against processor time of the whole command, medians of the rounds, in
each of which the two take turns. RAPID's time has the start of the Java machine and the parsing of its text, which it does
twice, as it wants to know all threads first; raddle's has opening, merging, all its other detectors and the report. `RAPID says`
is against what RAPID itself calls the time for its analysis: wall time, with the parsing, without the start of the machine. Java
gets one collector thread (-XX:+UseSerialGC), with which it takes the least processor time.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

LARGE = [(8, 1, 1), (8, 2, 1), (64, 1, 1), (64, 2, 1), (1000, 1, 8)]  # threads, seed, and what --events is divided by
ACCESS = re.compile(r"    task (\d+) (reads|writes) 8 bytes at (0x[0-9a-f]+)  \S+ made_up\.cpp:(\d+)\n")
EVENT = re.compile(r"\d+ ns  task (\d+) (spawns task|joins task|locks mutex|unlocks mutex|starts task|ends task|returns from main)"
                   r" ?(\S*)  \[.*\]  \S+ made_up\.cpp:(\d+)\n")
OPERATIONS = {"reads": "r(V{})", "writes": "w(V{})", "spawns task": "fork(T{})", "joins task": "join(T{})",
              "locks mutex": "acq(L{})", "unlocks mutex": "rel(L{})"}  # what else there is orders nothing


def generate(build, trace, tasks, seed, events, racy):
    command = [build / "bin/generate_trace", "threads", trace, "--apart", "1", "--tasks", tasks, "--seed", seed, "--events", events,
               "--racy", racy]
    return int(subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True).stdout)


def convert(raddle, trace, std):
    """Writes what the dump says in RAPID's format: THREAD|OPERATION(OPERAND)|LINE."""
    with subprocess.Popen([raddle, "dump", trace], stdout=subprocess.PIPE, text=True) as dump, open(std, "w") as out:
        for line in dump.stdout:
            match = ACCESS.fullmatch(line) or EVENT.fullmatch(line)
            if not match:
                sys.exit(f"what is this in RAPID's format: {line}")
            task, verb, operand, place = match.groups()
            if verb in OPERATIONS:
                out.write(f"T{task}|{OPERATIONS[verb].format(operand)}|{place}\n")
    if dump.returncode != 0:
        sys.exit(f"raddle dump ended with status {dump.returncode}")


def run(command, out):
    """Processor seconds of the command, of which the output is put in a file."""
    with open(out, "w") as file, subprocess.Popen(command, stdout=file) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 66):
        sys.exit(f"{command[0]} ended with status {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def check(raddle, trace, out):
    """Processor seconds, and the racy lines, one for each finding."""
    processor = run([raddle, "check", "--format", "json", trace], out)
    findings = [finding for finding in json.loads(out.read_text())["findings"] if finding["kind"] == "data-race"]
    lines = {party["stack"][0]["line"] for finding in findings for party in finding["parties"]}
    if len(lines) != len(findings):
        sys.exit(f"{len(findings)} findings on {len(lines)} lines")
    return processor, lines


def rapid(classpath, engine, std, out):
    """Processor seconds, what RAPID calls the time for its analysis, and the racy lines."""
    processor = run(["java", "-XX:+UseSerialGC", "-cp", classpath, engine, "-f", "std", "-p", str(std)], out)
    lines, seconds = set(), 0.0
    for line in out.read_text().splitlines():
        if line.isdigit():
            lines.add(int(line))
        elif line.startswith("Time for analysis = "):
            seconds = int(line.split()[4]) / 1e3
    return processor, seconds, lines


def compare_large(options, place, tasks, seed, less):
    build = pathlib.Path(options.build)
    raddle, trace, std, out = build / "bin/raddle", place / "made_up.raddle", place / "made_up.std", place / "out"
    records = generate(build, trace, tasks, seed, options.events // less, options.racy)
    convert(raddle, trace, std)
    mine, whole, said = [], [], []
    for _ in range(options.rounds):
        processor, lines = check(raddle, trace, out)
        mine.append(processor)
        processor, seconds, others = rapid(options.classpath, "HBEpoch", std, out)
        whole.append(processor)
        said.append(seconds)
    mine, whole, said = map(statistics.median, (mine, whole, said))
    same = "same" if lines == others else "DIFFERENT"
    print(f"{f'{tasks} threads, seed {seed}':22}{records / 1e6:7.2f}{len(lines):8}{len(others):7} {same:9}{records / mine / 1e6:8.2f}"
          f"{records / whole / 1e6:8.3f}{records / said / 1e6:12.3f}{whole / mine:7.0f}", flush=True)
    trace.unlink()
    std.unlink()
    return lines == others


def compare_small(options, place):
    build = pathlib.Path(options.build)
    trace, std, out = place / "made_up.raddle", place / "made_up.std", place / "out"
    races, different = [0, 0, 0], []
    for seed in range(1, options.small + 1):
        generate(build, trace, 2 + seed % 9, seed, 4000, 0.1)
        convert(build / "bin/raddle", trace, std)
        found = [check(build / "bin/raddle", trace, out)[1]] + [rapid(options.classpath, name, std, out)[2] for name in ("HBEpoch", "HB")]
        races = [n + len(lines) for n, lines in zip(races, found)]
        if found[0] != found[1] or found[0] != found[2]:
            different.append(seed)
    print(f"{options.small} small traces: racy variables {races[0]}, HBEpoch {races[1]}, HB {races[2]}; different in seeds: {different or 'none'}")
    return not different


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("classpath")
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--racy", type=float, default=0.002, help="the share of accesses without order")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", type=int, default=30)
    parser.add_argument("--place", help="where traces are put; without it a temporary directory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.place) as name:
        place = pathlib.Path(name)
        print(f"Medians of {options.rounds} interleaved rounds, {os.cpu_count()} cores; processor time of the whole command.")
        print(f"{'':29}{'racy variables':>15}{'':10}{'million records a second':>28}")
        print(f"{'':22}{'M rec.':>7}{'raddle':>8}{'RAPID':>7} {'':9}{'raddle':>8}{'RAPID':>8}{'RAPID says':>12}{'ratio':>7}")
        same = [compare_large(options, place, *row) for row in LARGE]
        if options.small:
            same.append(compare_small(options, place))
    sys.exit(0 if all(same) else 1)


if __name__ == "__main__":
    main()
