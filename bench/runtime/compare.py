#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the rows of bench/runtime/ on raddle's runtime and on its peers, interleaved in one run, and prints the tables of
README.md: processor time at one worker against Go and the targets, and wall time at two workers.

  compare.py --raddle BIN/raddle [--rounds N] [--scale PERCENT] [--workers 1|2|both] [ROW...]
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
CXX = ["clang++-19", "-std=c++20", "-O2", "-g", f"-I{ROOT}"]

# Row -> unit, what the unit divides nanoseconds by, and the targets: unhooked, recorded.
ROWS = {
    "yield": ("ns", 1, 20, None), "spawn_join": ("ns", 1, 130, 220), "fan_out": ("ns", 1, 250, 320),
    "ping_pong": ("ns", 1, 130, 230), "spsc": ("ns", 1, 20, 30), "mpmc": ("ns", 1, 24, 40),
    "select_ready_2": ("ns", 1, 40, None), "select_ready_8": ("ns", 1, 45, None), "select_ready_64": ("ns", 1, 150, None),
    "select_blocking_2": ("ns", 1, 120, None), "select_blocking_8": ("ns", 1, 250, None),
    "select_blocking_64": ("ns", 1, 2000, None), "select_poll_64": ("ns", 1, 350, None), "mutex": ("ns", 1, 12, 24),
    "sieve": ("us", 1e3, 35, None), "blocked": ("us", 1e3, 3, None), "sleepers": ("us", 1e3, 4, None),
    "skynet": ("ns", 1, 900, None),
}
# Rows that also compare memory: unit, what it divides bytes by, target.
MEMORY = {"blocked": ("B", 1, 4300), "skynet": ("MB", 1e6, 400)}
WAYS = ["raddle", "recorded", "go", "fiber", "tbb"]
TITLES = {"raddle": "raddle", "recorded": "recorded", "go": "Go", "fiber": "Boost.Fiber", "tbb": "oneTBB"}
RECORDED_SHARE = 0.2  # a trace holds each operation: fewer are enough
SIZED = {"sieve", "blocked", "sleepers", "skynet"}  # but for these, whose operations cost more the more there are
PARALLEL = ["pool", "ping_pong", "mutex_contended"]


def attempt(command, why, cwd=None):
    """Builds a peer; without it its column stays empty."""
    result = subprocess.run(command, cwd=cwd, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        print(f"note: no column for {why}\n{result.stderr[:400]}", file=sys.stderr)
    return result.returncode == 0


def build(options, place):
    """The ways that could be built."""
    library = pathlib.Path(options.raddle).parent.parent / "lib"
    rpath = [f"-L{library}", f"-Wl,-rpath,{library}", "-lraddle"]
    source = HERE / "raddle.cpp"
    subprocess.run([*CXX, f"-I{ROOT}/runtime/include", source, *rpath, "-o", place / "raddle"], check=True)
    subprocess.run([options.raddle, "c++", *CXX[1:], source, *rpath, "-o", place / "recorded"], check=True)
    ways = ["raddle", "recorded"]
    if shutil.which("go") is None:
        print("note: no column for Go: no `go` on this machine", file=sys.stderr)
    elif attempt(["go", "build", "-o", place / "go", "."], "Go", cwd=HERE / "go"):
        ways.append("go")
    if attempt([*CXX, HERE / "boost_fiber.cpp", "-lboost_fiber", "-lboost_context", "-o", place / "fiber"],
               "Boost.Fiber: scripts/setup --bench installs it"):
        ways.append("fiber")
    if attempt([*CXX, HERE / "onetbb.cpp", "-ltbb", "-o", place / "tbb"], "oneTBB: scripts/setup --bench installs it"):
        ways.append("tbb")
    rows = {way: subprocess.run([place / way], stdout=subprocess.PIPE, text=True, check=True).stdout.split() for way in ways}
    return ways, rows


def run(place, way, row, scale, workers):
    """Processor and wall nanoseconds an operation, and bytes."""
    trace = place / "trace.raddle"
    environment = {"RADDLE_MAXPROCS": str(workers), "GOMAXPROCS": str(workers), "BENCH_WORKERS": str(workers)}
    if way == "recorded":
        environment["RADDLE_OPTIONS"] = f"trace={trace}"
        scale = scale if row in SIZED else scale * RECORDED_SHARE
    result = subprocess.run([place / way, row, str(max(2, int(scale)))], stdout=subprocess.PIPE, text=True,
                            env={**os.environ, **environment}, timeout=300)
    trace.unlink(missing_ok=True)
    if result.returncode != 0:
        print(f"note: {TITLES[way]}, {row}: ended with status {result.returncode}", file=sys.stderr)
        return None
    return [float(value) for value in result.stdout.split()[1:]]


def medians(options, place, ways, rows, row, workers):
    """Way -> medians (processor ns, wall ns, bytes), of interleaved rounds."""
    runs = {way: [] for way in ways if row in rows[way]}
    for _ in range(options.rounds):
        for way in list(runs):
            figures = run(place, way, row, options.scale, workers)
            if figures is None:
                del runs[way]
            else:
                runs[way].append(figures)
    return {way: [statistics.median(column) for column in zip(*figures)] for way, figures in runs.items()}


def number(value):
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def verdict(value, target):
    if target is None:
        return ""
    return f"{target}" if value is None or value <= target else f"{target} **missed**"


def print_line(name, figures, divisor, targets):
    """One row of a table: figures (way -> value), raddle / Go, the targets."""
    cells = {way: number(figures[way] / divisor) if way in figures else "–" for way in WAYS}
    ratio = f"{figures['raddle'] / figures['go']:.2f}" if "go" in figures and "raddle" in figures else "–"
    met = [verdict(figures[way] / divisor if way in figures else None, target) for way, target in zip(WAYS, targets)]
    print(f"| {name} | {cells['raddle']} | {met[0]} | {cells['recorded']} | {met[1]} | {cells['go']} | {ratio} | "
          f"{cells['fiber']} | {cells['tbb']} |", flush=True)


def print_one_worker(options, place, ways, rows):
    print("| processor time, 1 worker | raddle | target | recorded | target | Go | raddle / Go | Boost.Fiber | oneTBB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for row in options.rows or ROWS:
        if row not in ROWS:
            continue
        unit, divisor, *targets = ROWS[row]
        result = medians(options, place, ways, rows, row, 1)
        print_line(f"{row}, {unit}", {way: figures[0] for way, figures in result.items()}, divisor, targets)
        if row in MEMORY:
            unit, divisor, target = MEMORY[row]
            memory = {way: figures[2] for way, figures in result.items() if way != "recorded"}
            print_line(f"{row}, {unit}", memory, divisor, [target, None])


def print_two_workers(options, place, ways, rows):
    """Wall time at one worker over that at two: above 1 is faster; for the pool at most the number of free cores."""
    print("\n| wall time, 1 worker / 2 workers | " + " | ".join(f"{TITLES[way]} ns | gain" for way in ways) + " |")
    print("|---|" + "--:|--:|" * len(ways))
    for row in options.rows or PARALLEL:
        if row not in PARALLEL:
            continue
        one, two = (medians(options, place, ways, rows, row, workers) for workers in (1, 2))
        cells = [f"{number(two[way][1])} | {one[way][1] / two[way][1]:.2f}" if way in one and way in two else "– | –"
                 for way in ways]
        print(f"| {row} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raddle", required=True, type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=int, default=100, help="percent of the usual number of operations")
    parser.add_argument("--workers", choices=["1", "2", "both"], default="both")
    parser.add_argument("--place", help="where programs and traces are put; without it a temporary directory")
    parser.add_argument("rows", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.place) as name:
        place = pathlib.Path(name)
        ways, rows = build(options, place)
        print(f"Medians of {options.rounds} interleaved rounds, {os.cpu_count()} cores.\n")
        if options.workers != "2":
            print_one_worker(options, place, ways, rows)
        if options.workers != "1":
            print_two_workers(options, place, ways, rows)


if __name__ == "__main__":
    main()
