#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs with ThreadSanitizer's instrumentation, recorded by raddle's runtime: each must give the findings that its source
announces, at the lines it announces.

  clang    built by clang with `raddle flags --tsan`
  objects  compiled by any compiler with -fsanitize=thread, linked with `raddle flags --link`
  program  built by GCC with -fsanitize=thread, and left as it is"""
import argparse
import os
import shlex
import subprocess
import sys
import tempfile

PROGRAMS = {
    "clang": ["race_counter", "race_relaxed_flag", "race_fibers", "uaf_threads", "deadlock_rwlock",
              "clean_mutex", "clean_fences", "clean_fibers", "clean_std20", "clean_shared_ptr"],
    "objects": ["race_counter", "race_vector", "clean_flag", "clean_queue"],
    "program": ["race_counter", "clean_mutex"],
}


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def flags(args, *which):
    return shlex.split(run([args.raddle, "flags", *which]))


def build(args, source, program):
    base = [args.compiler, "-std=c++20", "-O1", "-g"]
    if args.way == "clang":
        run([*base, *flags(args, "--tsan"), source, "-o", program])
    elif args.way == "objects":
        run([*base, "-fsanitize=thread", "-c", source, "-o", f"{program}.o"])
        run([args.compiler, f"{program}.o", *flags(args, "--link"), "-o", program])
    else:
        run([*base, "-fsanitize=thread", "-pthread", source, "-o", program])


def main():
    parser = argparse.ArgumentParser()
    for name in ("raddle", "programs", "compiler"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("way", choices=PROGRAMS)
    args = parser.parse_args()
    environment = dict(os.environ)
    if args.way == "program":
        config = flags(args, "--config")[0]
        environment["LD_LIBRARY_PATH"] = os.path.join(os.path.dirname(config), "tsan")
    with tempfile.TemporaryDirectory() as place:
        for name in PROGRAMS[args.way]:
            source, program = f"{args.programs}/{name}.cpp", f"{place}/{name}"
            build(args, source, program)
            run([sys.executable, f"{args.programs}/expect.py", "--raddle", args.raddle, "--program", program,
                 "--source", source], env=environment)


if __name__ == "__main__":
    main()
