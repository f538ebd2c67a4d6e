#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many schedules `raddle explore` needs until a problem's bug shows, by each strategy.

  explore.py BUILD [--rounds N] [--most N] [--only WORD]
  explore.py BUILD --speed

BUILD has the target explore_problems built. For each problem, as threads and as tasks: the mean over N rounds, each with seeds of its own, of
the number of the first schedule that fails (the finding that a lock order predicts does not count: the failure has to happen).

--speed: schedules a second of processor time, of a program of four tasks with fifty operations in all: of the program (a fork each), of the same
lines in raddle::explore(), and beside it how often the program can be started without raddle deciding anything; medians of five rounds.
"""

import argparse
import math
import pathlib
import re
import resource
import subprocess
import tempfile

STRATEGIES = ("auto", "surw", "pos", "pct", "random")


def first_failure(raddle, program, strategy, seed, most):
    """The number of the first schedule in which the program fails; None: not within `most`."""
    with tempfile.TemporaryDirectory() as place:
        at = 0
        while at < most:
            runs = min(max(10, at), most - at)
            run = subprocess.run([raddle, "explore", "-o", place, "--strategy", strategy, "--seed", str(seed + at), "--runs", str(runs), "--minimise", "0",
                                  "--", program], capture_output=True, text=True, check=False)
            firsts = [int(n) for kind, n in re.findall(r"^([a-z-]+)\b.*\n(?:  predicted.*\n)?  in \d+ of \d+ schedules, first in number (\d+)",
                                                       run.stdout, re.MULTILINE) if kind != "lock-order"]
            if firsts:
                return at + min(firsts)
            at += runs
    return None


def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def runs_per_second(command, count, times, folder=None):
    """Of processor time: what one core that has nothing else to do makes."""
    begin = cpu_s()
    for _ in range(times):
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, cwd=folder)
    return count * times / (cpu_s() - begin)


def print_speed(build, raddle):
    program = build / "bench" / "explore" / "explore_speed"
    explored, within, plain = [], [], []
    with tempfile.TemporaryDirectory() as place:
        for _ in range(5):
            command = [raddle, "explore", "-o", place, "--runs", "1000", "--minimise", "0", "--seed", "1", "--", program]
            explored.append(runs_per_second(command, 1000, 1))
            within.append(runs_per_second([program.absolute(), "10000"], 10000, 1, place))
            plain.append(runs_per_second([program], 1, 200))
    middle = lambda values: sorted(values)[len(values) // 2]
    print(f"schedules/s: {middle(explored):.0f} of a program, {middle(within):.0f} by raddle::explore() in one process;"
          f" the program alone starts {middle(plain):.0f} times/s")


def mean(values):
    return sum(values) / len(values)


def geometric_mean(values):
    return math.exp(mean([math.log(value) for value in values]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=int, default=10000)
    parser.add_argument("--only", default="")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    raddle = options.build / "bin" / "raddle"
    if options.speed:
        return print_speed(options.build, raddle)
    programs = sorted(options.build.glob("bench/explore/problem_*_bug"))
    programs = [p for p in programs if options.only in p.name]
    means = {strategy: [] for strategy in STRATEGIES}
    print(f"{'schedules to the bug':<34}" + "".join(f"{s:>10}" for s in STRATEGIES))
    missed = 0
    for program in programs:
        row = ""
        for strategy in STRATEGIES:
            firsts = [first_failure(raddle, program, strategy, 1 + 100000 * i, options.most) for i in range(options.rounds)]
            found = [first for first in firsts if first is not None]
            if len(found) < len(firsts):
                missed += strategy == "auto"
                row += f"{len(found)}/{len(firsts)}".rjust(10)
                found += [options.most] * (len(firsts) - len(found))
            else:
                row += f"{mean(found):10.1f}"
            means[strategy].append(mean(found))
        print(f"{program.name[8:-4]:<34}{row}", flush=True)
    print(f"{'geometric mean':<34}" + "".join(f"{geometric_mean(means[s]):10.1f}" for s in STRATEGIES))
    print(f"{len(programs)} programs, {missed} not found by auto in each round within {options.most} schedules")


if __name__ == "__main__":
    main()
