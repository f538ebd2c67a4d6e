#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles a source with raddle's flag and counts lines of the resulting IR, function by function.

The source says what it expects:
  // FLAGS: -O2                       compiler flags, one set a line; each set must fulfil all that follows
  // PASS: no-loops                   RADDLE_PASS for the compiler
  // IR function: 2 x REGEX           so many lines of the function match
  // IR function: some REGEX          at least one
  // IR function: no REGEX            none
  // IR function: REGEX > REGEX ...   lines that match stand in this order
  // IR -: 1 x REGEX                  lines outside functions
"""
import argparse
import os
import re
import subprocess
import sys


def functions_of(ir):
    """Name -> lines of its body; "-" -> all lines outside of functions."""
    result, name = {"-": []}, "-"
    for line in ir.splitlines():
        if found := re.match(r'define .*?@"?([\w.$]+)"?\(', line):
            name = found.group(1)
            result[name] = [line]
        elif line == "}":
            name = "-"
        else:
            result[name].append(line)
    return result


def failure_of(lines, wish):
    if found := re.fullmatch(r"(\d+) x (.*)", wish):
        count = sum(1 for line in lines if re.search(found.group(2), line))
        return None if count == int(found.group(1)) else f"found {count} times"
    if found := re.fullmatch(r"(some|no) (.*)", wish):
        has = any(re.search(found.group(2), line) for line in lines)
        return None if has == (found.group(1) == "some") else ("missing" if not has else "found")
    at = 0
    for pattern in wish.split(" > "):
        while at < len(lines) and not re.search(pattern, lines[at]):
            at += 1
        if at == len(lines):
            return f"`{pattern}` is missing or out of order"
        at += 1
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clang", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("source")
    args = parser.parse_args()
    text = open(args.source).read()
    flag_sets = re.findall(r"^// FLAGS: (.*)$", text, re.M) or ["-O2"]
    wishes = re.findall(r"^// IR (\S+): (.*)$", text, re.M)
    environment = dict(os.environ, RADDLE_PASS=",".join(re.findall(r"^// PASS: (.*)$", text, re.M)))
    if not wishes:
        sys.exit("the source expects nothing")
    failures = 0
    for flags in flag_sets:
        command = [args.clang, f"--config={args.config}", "-S", "-emit-llvm", "-fno-discard-value-names", "-o", "-", *flags.split(), args.source]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=100)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{done.stderr}")
        functions = functions_of(done.stdout)
        for name, wish in wishes:
            failure = failure_of(functions[name], wish) if name in functions else "no such function"
            if failure:
                failures += 1
                print(f"{flags}: {name}: {wish}: {failure}")
                if os.environ.get("VERBOSE"):
                    print("\n".join(functions.get(name, [])))
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
