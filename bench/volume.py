#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many bytes of trace raddle writes for each access that a program executes.

  volume.py --raddle BIN/raddle [--scale X] [PROGRAM...]
  volume.py --raddle BIN/raddle --built 'zstd=/tmp/{way}/zstd -T2 -qkc input' ...
  volume.py --flags                 what compiles and links a program for the way `count`, with clang-19
--built: a program that is not of bench/, built by hand in two ways; {way} stands for record or count.

The accesses are those of -fsanitize=thread at -O2, a read just before a write of the same too, in a build that only counts
them (count.c). Atomic operations, memcpy and its kin are not among them, what they leave in the trace is. A trace's size is what
its file takes on the disk."""

import argparse
import os
import pathlib
import shlex
import subprocess
import tempfile

import compare

HERE = pathlib.Path(__file__).parent
COUNTED = ["-fsanitize=thread", "-fno-sanitize-link-runtime", "-Wno-unused-command-line-argument"] + [
    word for switch in ("instrument-atomics=0", "instrument-func-entry-exit=0", "instrument-memintrinsics=0",
                        "instrument-read-before-write=1") for word in ("-mllvm", f"-tsan-{switch}")]


def run(command, **environment):
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={**os.environ, **environment})


def command_of(options, name, way, place):
    if name in options.built:
        return shlex.split(options.built[name].replace("{way}", way))
    return [place / f"{name}.{way}", compare.argument(name, options.scale)]


def build(options, name, place):
    source = HERE / f"{name}.cpp"
    run([options.raddle, "c++", *compare.FLAGS, source, "-o", place / f"{name}.record"])
    run(["clang++-19", *COUNTED, *compare.FLAGS, source, place / "count.o", "-o", place / f"{name}.count"])


def volume(options, name, place):
    """Executed accesses, and bytes of the trace."""
    trace, counts = place / "run.raddle", place / "counts"
    run(command_of(options, name, "record", place), RADDLE_OPTIONS=f"trace={trace}")
    run(command_of(options, name, "count", place), RADDLE_COUNT=str(counts))
    size, accesses = trace.stat().st_blocks * 512, sum(map(int, counts.read_text().split()))
    trace.unlink()
    counts.unlink()
    return accesses, size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raddle", type=os.path.abspath)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--built", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--flags", action="store_true")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    if options.flags:
        print(shlex.join([*COUNTED, str(HERE.absolute() / "count.c")]))
        return
    options.built = dict(built.split("=", 1) for built in options.built)
    options.programs = options.programs or ([] if options.built else list(compare.SIZES))
    with tempfile.TemporaryDirectory() as directory:
        place = pathlib.Path(directory)
        run(["clang-19", "-O2", "-c", HERE / "count.c", "-o", place / "count.o"])
        print(f"{'program':11}{'accesses, M':>12}{'trace, MB':>11}{'bytes each':>11}")
        ratios = []
        for name in [*options.programs, *options.built]:
            if name not in options.built:
                build(options, name, place)
            accesses, size = volume(options, name, place)
            ratios.append(size / accesses)
            print(f"{name:11}{accesses / 1e6:12.2f}{size / 1e6:11.2f}{ratios[-1]:11.3f}", flush=True)
        print(f"{'geom. mean':34}{compare.mean(ratios):11.3f}")


if __name__ == "__main__":
    main()
