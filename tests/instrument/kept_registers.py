#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The entries that compiled code calls by assembly (runtime/hooks/kept_x86_64.cpp) keep their registers.

  kept_registers.py calls --clang clang --config FILE    kept_registers.c, recorded and not recorded
  kept_registers.py code OBJECT;...                       what the entries are made of: no vector registers, nothing shared with
                                                         other files, which may have been compiled with them"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def check_calls(args):
    source = pathlib.Path(__file__).with_suffix(".c")
    with tempfile.TemporaryDirectory() as place:
        program = f"{place}/program"
        subprocess.run([args.clang, f"--config={args.config}", "-O1", source, "-o", program], check=True)
        for options in ({}, {"RADDLE_OPTIONS": f"trace={place}/t.raddle:level=full"}):
            done = subprocess.run([program], capture_output=True, text=True, env={**os.environ, **options}, check=False)
            if done.returncode != 0:
                sys.exit(f"{options}: status {done.returncode}\n{done.stdout}{done.stderr}")
        if os.path.getsize(f"{place}/t.raddle") == 0:
            sys.exit("nothing was recorded")


def check_code(args):
    file = next(file for file in args.files.split(";") if re.search(r"kept_x86_64[^/]*$", file))
    code = subprocess.run(["objdump", "-d", file], capture_output=True, text=True, check=True).stdout
    if vectors := [line for line in code.splitlines() if re.search(r"%[xyz]mm|%mm|%st", line)]:
        sys.exit(f"{file} uses vector registers: {vectors[:3]}")
    symbols = subprocess.run(["nm", "-C", file], capture_output=True, text=True, check=True).stdout.splitlines()
    # Those that is_plain_case() rules out, and the usual hooks, to which the long way goes.
    rare = r"find_site_id|reserve_in_new_chunk|define_context|__raddle_(read|write)(\d+|_range|_group)$|_GLOBAL_OFFSET_TABLE_"
    data = r"t_recorder|g_level|__raddle_thread"
    for line in symbols:
        kind, name = line[17], line[19:]
        if kind == "U" and not re.search(f"{rare}|{data}", name):
            sys.exit(f"{file} calls {name}")
        if kind in "Ww":
            sys.exit(f"{file} shares {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=["calls", "code"])
    parser.add_argument("--clang")
    parser.add_argument("--config")
    parser.add_argument("files", nargs="?")
    args = parser.parse_args()
    {"calls": check_calls, "code": check_code}[args.check](args)


if __name__ == "__main__":
    main()
