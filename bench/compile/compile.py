#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What compiling costs with raddle's flag and with -fsanitize=thread, beside the plain compiler with the same flags.

  bench/compile/compile.py BUILD [--rounds N] [--flags="-O2"] [--pass OPTIONS] [SOURCE...]

Each round compiles each source in all ways, one after the other; processor time is the compiler's own in user mode, and ratios are
of medians. BUILD (build/release) has the plugin, and compile_commands.json with the include paths of the project's own sources. The
machine's load falls on all ways alike, but not evenly: believe the second digit with 9 rounds or more.
--pass: RADDLE_PASS for the way `raddle`, to see what a part of the instrumentation costs."""

import argparse
import json
import math
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The programs of bench/, and larger translation units of the project's own, of several kinds.
SOURCES = ["bench/ray.cpp", "bench/hash_map.cpp", "bench/queue.cpp", "bench/merge_sort.cpp", "bench/matrix.cpp",
           "analyzer/load/run_builder.cpp", "analyzer/order/order.cpp", "analyzer/detect/predicted_race.cpp",
           "viewer/panes/object_rows.cpp", "runtime/record/trace_file.cpp", "cli/exploration.cpp"]
CONFIG = "lib/raddle/raddle-compile.cfg"
# -g is part of raddle's flag; a program for ThreadSanitizer is compiled with it, too, since its reports have no lines otherwise.
WAYS = {"plain": [], "-g": ["-g"], "TSan": ["-fsanitize=thread"], "TSan -g": ["-fsanitize=thread", "-g"], "raddle": None}
KEPT = ("-I", "-isystem", "-D", "-std=", "-U")  # of a source's own command: what it needs to compile


def own_flags(build):
    """Source, relative to the root -> the flags of its command that decide what it means."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words, kept = shlex.split(entry["command"]), []
        for i, word in enumerate(words):
            if word in ("-I", "-isystem", "-include"):
                kept += words[i:i + 2]
            elif word.startswith(KEPT) and word not in KEPT:
                kept.append(word)
        file = pathlib.Path(entry["directory"], entry["file"])
        flags.setdefault(os.path.relpath(file, ROOT), kept)
    return flags


def compile_once(command, environment):
    """User seconds."""
    pid = os.posix_spawnp(command[0], [str(word) for word in command], environment)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"status {status}: {shlex.join(map(str, command))}")
    return usage.ru_utime


def text_bytes(file):
    """Code and what is constant."""
    return int(subprocess.run(["size", file], capture_output=True, text=True, check=True).stdout.split()[6])


def measure(options, source, flags, place):
    """By way: median seconds, and bytes of text."""
    ways = {**WAYS, "raddle": [f"--config={options.build / CONFIG}"]}
    seconds, texts = {way: [] for way in ways}, {}
    for _ in range(options.rounds):
        for way, extra in ways.items():
            output = place / "object.o"
            command = [options.clang, *flags, *shlex.split(options.flags), *extra, "-c", ROOT / source, "-o", output]
            environment = {**os.environ, "RADDLE_PASS": options.parts if way == "raddle" else ""}
            seconds[way].append(compile_once(command, environment))
            texts[way] = text_bytes(output)
    return {way: statistics.median(values) for way, values in seconds.items()}, texts


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--clang", default="clang++-19")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--flags", default="-O2 -DNDEBUG", help="for all ways")
    parser.add_argument("--pass", dest="parts", default="", help="RADDLE_PASS")
    parser.add_argument("sources", nargs="*", default=SOURCES)
    options = parser.parse_args()
    flags = own_flags(options.build)
    others = [way for way in WAYS if way != "plain"]
    print(f"User time to compile with {options.flags}, ratios of medians of {options.rounds} interleaved rounds; text in KB.")
    print(f"{'':34}{'plain s':>9}" + "".join(f"{way:>9}" for way in others)
          + "".join(f"{way:>11}" for way in ("plain KB", "TSan KB", "raddle KB")))
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for source in options.sources:
            medians, texts = measure(options, source, flags.get(source, ["-std=c++20"]), pathlib.Path(place))
            rows.append([medians[way] / medians["plain"] for way in others]
                        + [texts[way] / texts["plain"] for way in ("TSan", "raddle")])
            print(f"{source:34}{medians['plain']:9.2f}" + "".join(f"{ratio:9.2f}" for ratio in rows[-1][:-2])
                  + "".join(f"{texts[way] / 1000:11.1f}" for way in ("plain", "TSan", "raddle")), flush=True)
    means = [mean(column) for column in zip(*rows)]
    print(f"{'geom. mean':34}{'':9}" + "".join(f"{ratio:9.2f}" for ratio in means[:-2])
          + f"{'x':>11}" + "".join(f"{ratio:11.2f}" for ratio in means[-2:]))


if __name__ == "__main__":
    main()
