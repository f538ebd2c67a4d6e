#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast `raddle check` is on made-up traces, and how much memory it takes.

  check.py BUILD [--other BIN/raddle | --threads N] [--rounds N] [--scale X] [ROW...]

BUILD is a directory with bin/raddle and bin/generate_trace (targets raddle-cli and generate_trace). The rate counts a trace's
records, events and accesses, against processor time of the whole command: opening, merging, checking and reporting. With
--other a second raddle checks the same traces, in turn with the first, and the last column is the ratio of the two medians. With --threads N that second one is the same raddle with one thread,
and the first has N: see `x wall`.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

# Row -> what generate_trace makes, and the target: million records a second, or seconds; and megabytes.
ROWS = {
    "8 threads": (["threads", "--tasks", "8", "--events", "20000000"], "60 M/s"),
    "64 threads": (["threads", "--tasks", "64", "--events", "20000000"], "60 M/s"),
    "1000 threads": (["threads", "--tasks", "1000", "--events", "20000000"], "8 M/s"),
    "churn": (["churn", "--tasks", "1000000", "--width", "64"], "1 s, 250 MB"),
}


def measure(spawn, raddle, trace, threads=1):
    """Processor seconds, wall seconds and peak megabytes of checking the trace."""
    line = subprocess.run([spawn, raddle, "check", "--threads", str(threads), trace], stdout=subprocess.PIPE, text=True, check=True).stdout
    status, wall, processor, peak = line.split()
    if int(status) not in (0, 66):
        sys.exit(f"{raddle} ended with status {status}")
    return float(processor), float(wall), int(peak) / 1024


def medians(rows):
    return [statistics.median(column) for column in zip(*rows)]


def run(options, name, place):
    arguments, target = ROWS[name]
    trace = place / "made_up.raddle"
    scaled = [str(int(int(word) * options.scale)) if before in ("--events",) or name == "churn" and before == "--tasks" else word
              for before, word in zip(["", *arguments], arguments)]
    generate = pathlib.Path(options.build) / "bin/generate_trace"
    command = [generate, scaled[0], trace, *scaled[1:]]
    records = int(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    raddle = pathlib.Path(options.build) / "bin/raddle"
    mine, others = [], []
    for _ in range(options.rounds):
        mine.append(measure(place / "spawn", raddle, trace, options.threads))
        if options.other or options.threads > 1:
            others.append(measure(place / "spawn", options.other or raddle, trace))
    processor, wall, peak = medians(mine)
    line = f"{name:14}{records / 1e6:9.1f}{records / processor / 1e6:9.1f}{processor:9.2f}{peak:9.0f}   {target:13}"
    if others:
        other = medians(others)
        line += f"{other[0] / processor:9.2f}{other[1] / wall:9.2f}{other[2] / peak:9.2f}"
    print(line, flush=True)
    trace.unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--other", type=os.path.abspath)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--place", help="where traces are put; without it a temporary directory")
    parser.add_argument("rows", nargs="*", default=list(ROWS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.place) as name:
        place = pathlib.Path(name)
        here = pathlib.Path(__file__).parent
        subprocess.run(["clang-19", "-O2", here.parent / "spawn.c", "-o", place / "spawn"], check=True)
        print(f"Medians of {options.rounds} interleaved rounds, {os.cpu_count()} cores; processor time of the whole command.")
        head = f"{'':14}{'M rec.':>9}{'M/s':>9}{'CPU s':>9}{'MB':>9}   {'target':13}"
        print(head + (f"{'x other':>9}{'x wall':>9}{'x MB':>9}" if options.other or options.threads > 1 else ""))
        for row in options.rows:
            run(options, row, place)


if __name__ == "__main__":
    main()
