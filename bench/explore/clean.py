#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the fixed twins of the problems have nothing, under many schedules each.

  clean.py BUILD [--runs N] [--at-a-time N] [--only WORD] [--state FILE]

BUILD has the target explore_problems built. Each program gets N schedules (100000), in one process some at a time (10000), each time all programs in
turn, so that whatever is interrupted has given all of them about as many. FILE keeps how many each has had: the next call goes on from there, with other seeds.
Prints each finding as it comes, and at the end how many schedules were run; status 1: something was found.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

def explore(program, seed, runs):
    """What the exploration printed if it found something, or could not be made; else nothing."""
    with tempfile.TemporaryDirectory() as place:
        run = subprocess.run([program.absolute(), str(runs), str(seed)], capture_output=True, text=True, check=False, cwd=place)
    has_made_all = f"0 found in {runs} schedules" in run.stdout or "have been seen" in run.stderr
    return "" if run.returncode == 0 and has_made_all else run.stdout + run.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=100000)
    parser.add_argument("--at-a-time", type=int, default=10000)
    parser.add_argument("--only", default="")
    parser.add_argument("--state", type=pathlib.Path)
    options = parser.parse_args()
    done = json.loads(options.state.read_text()) if options.state and options.state.exists() else {}
    programs = [p for p in sorted(options.build.glob("bench/explore/problem_*_fixed")) if options.only in p.name]
    found = 0
    try:
        while left := [p for p in programs if done.get(p.name, 0) < options.runs]:
            for program in left:
                before = done.get(program.name, 0)
                runs = min(options.at_a_time, options.runs - before)
                trouble = explore(program, before + 1, runs)
                if trouble:
                    found += 1
                    print(f"{program.name}, from seed {before + 1}: {trouble}", flush=True)
                done[program.name] = before + runs
                if options.state:
                    options.state.write_text(json.dumps(done))
    except KeyboardInterrupt:
        pass
    counts = [done.get(p.name, 0) for p in programs]
    print(f"{len(programs)} programs, {sum(counts)} schedules, {min(counts, default=0)} at least of each: {found} times something was found")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
