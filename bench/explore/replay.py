#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a schedule, run again, gives the same trace: all its bytes, times aside.

  replay.py BUILD [--times N] [--only WORD]

BUILD has the target explore_problems built. Of each problem, as threads and as tasks, the schedule that shows its bug is run again N times (1000), and
each event of each trace is compared with the first: task, kind, object, order, value and place. Prints how many were the same; status 1: some were not.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile


def events(raddle, schedule, program, trace):
    """What one replay did, without times; and what it said of itself."""
    run = subprocess.run([raddle, "replay", "-o", trace, schedule, "--", program], capture_output=True, text=True, check=False)
    dump = subprocess.run([raddle, "dump", trace], capture_output=True, text=True, check=True).stdout
    return re.sub(r"(?m)^ *\d+ ns ", "", dump), "left its schedule" in run.stderr


def schedule_of(raddle, program, place):
    """A schedule that is kept of the program; None: it has none."""
    # Where the natural run fails already, the first failure has no schedule.
    for which in (["--first", "--runs", "3000"], ["--runs", "300"]):
        subprocess.run([raddle, "explore", "-o", place, *which, "--seed", "1", "--", program], capture_output=True, check=False)
        if schedules := sorted(place.glob("*.schedule")):
            return schedules[0]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    raddle = options.build / "bin" / "raddle"
    differ = 0
    for program in sorted(options.build.glob("bench/explore/problem_*_bug")):
        if options.only not in program.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            schedule = schedule_of(raddle, program, place)
            if schedule is None:
                print(f"{program.name[8:-4]:<34} no schedule that fails within 3000", flush=True)
                continue
            first, _ = events(raddle, schedule, program, place / "first.raddle")
            same = sum(events(raddle, schedule, program, place / "again.raddle") == (first, False) for _ in range(options.times))
            print(f"{program.name[8:-4]:<34} {same} of {options.times} the same, {len(first.splitlines())} events", flush=True)
            differ += same != options.times
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
