#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the programs of bench/ natively, under ThreadSanitizer, and recorded and checked by raddle, interleaved in one run.

Prints ratios of medians: processor time, wall time and peak memory against native, and against ThreadSanitizer.
  compare.py --raddle BIN/raddle [--rounds N] [--scale X] [PROGRAM...]
  compare.py --raddle BIN/raddle [--rounds N] --built 'pigz=/tmp/{way}/pigz -p4 -kc input' ...
--built: a program that is not of bench/, built by hand in three ways; {way} stands for native, tsan or record.
"""

import argparse
import math
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

# Program -> its size. Small enough that each trace stays below a gigabyte or so: --scale makes them larger.
SIZES = {"ray": 1500, "hash_map": 1000000, "queue": 150000, "merge_sort": 1000000, "matrix": 350}
WAYS = ["native", "tsan", "sync", "sample", "record", "check"]
LEVELS = {"sync": "sync", "sample": "sample", "record": "full"}  # of what is recorded
FLAGS = ["-std=c++20", "-O2", "-g"]


def build(options, name, place):
    source = str(pathlib.Path(__file__).parent / f"{name}.cpp")
    for way, command in {"native": ["clang++-19"], "tsan": ["clang++-19", "-fsanitize=thread"],
                         "record": [options.raddle, "c++"]}.items():
        subprocess.run([*command, *FLAGS, source, "-o", place / f"{name}.{way}"], check=True)


def argument(name, scale):
    """What a program of bench/ is told, so that its run takes about `scale` times as long."""
    return str(int(SIZES[name] * {"ray": math.sqrt(scale), "matrix": scale ** (1 / 3)}.get(name, scale)))


def command_of(options, name, way, place):
    """The command and the environment that runs `name` in this way."""
    trace = place / f"{name}.raddle"
    if way == "check":
        return [options.raddle, "check", trace], {}
    environment = {}
    if way in LEVELS:
        trace.unlink(missing_ok=True)
        environment = {"RADDLE_OPTIONS": f"trace={trace}:level={LEVELS[way]}"}
        way = "record"
    if name in options.built:
        return shlex.split(options.built[name].replace("{way}", way)), environment
    return [place / f"{name}.{way}", argument(name, options.scale)], environment


def measure(place, command, environment):
    """Wall seconds, processor seconds and peak bytes of one run."""
    process = subprocess.run([place / "spawn", *command], stdout=subprocess.PIPE, text=True, check=True,
                             env={**os.environ, **environment})
    status, wall, processor, peak = process.stdout.split()
    if int(status) not in (0, 66):
        sys.exit(f"{command[0]} ended with status {status}")
    if int(status) == 66:
        print(f"note: {pathlib.Path(command[-1]).stem}: something was found", file=sys.stderr)
    return float(wall), float(processor), int(peak) * 1024


def compare(options, name, place):
    """Medians by way: (wall, processor, memory), and the trace's size in bytes."""
    runs = {way: [] for way in WAYS}
    for number in range(options.rounds):
        for way in WAYS:
            runs[way].append(measure(place, *command_of(options, name, way, place)))
        print(f"  {name}: round {number + 1} of {options.rounds}", file=sys.stderr)
    trace = place / f"{name}.raddle"
    size = trace.stat().st_blocks * 512
    trace.unlink()
    return {way: [statistics.median(column) for column in zip(*rows)] for way, rows in runs.items()}, size


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def print_row(name, medians, size):
    native, tsan, sync, sample, record, check = (medians[way] for way in WAYS)
    cells = [native[1]]
    cells += [tsan[1] / native[1], sync[1] / native[1], sample[1] / native[1], record[1] / native[1], check[1] / native[1]]
    cells += [record[1] / tsan[1], (record[1] + check[1]) / tsan[1], record[0] / tsan[0]]
    cells += [tsan[2] / native[2], record[2] / native[2], size / 1e6]
    print(f"{name:11}" + "".join(f"{cell:9.2f}" for cell in cells))
    return cells


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raddle", required=True, type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--place", help="where programs and traces are put; without it a temporary directory")
    parser.add_argument("--built", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    options.built = dict(built.split("=", 1) for built in options.built)
    options.programs = options.programs or ([] if options.built else list(SIZES))
    with tempfile.TemporaryDirectory(dir=options.place) as place:
        rows = []
        here = pathlib.Path(__file__).parent
        subprocess.run(["clang-19", "-O2", here / "spawn.c", "-o", pathlib.Path(place) / "spawn"], check=True)
        for name in options.programs:
            build(options, name, pathlib.Path(place))
        print("x native: processor time against the plain program; x TSan: against ThreadSanitizer. Medians of "
              f"{options.rounds} interleaved rounds, {os.cpu_count()} cores.")
        print(f"{'':11}{'native':>9}{'TSan':>9}{'sync':>9}{'sample':>9}{'record':>9}{'check':>9}{'record':>9}{'rec+chk':>9}{'wall rec':>9}"
              f"{'TSan':>9}{'record':>9}{'trace':>9}")
        print(f"{'program':11}{'CPU s':>9}" + f"{'x native':>9}" * 5 + f"{'x TSan':>9}" * 3 + f"{'x mem':>9}" * 2 + f"{'MB':>9}")
        for name in [*options.programs, *options.built]:
            rows.append(print_row(name, *compare(options, name, pathlib.Path(place))))
        means = [mean(column) for column in zip(*rows)]
        print(f"{'geom. mean':11}" + " " * 9 + "".join(f"{cell:9.2f}" for cell in means[1:11]))


if __name__ == "__main__":
    main()
