#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What users get wrong, and what they are told: a link without the flag, another compiler, the flag given twice."""
import argparse
import re
import subprocess
import sys
import tempfile

SOURCE = "int g; void unknown(); int main() { unknown(); return g; }\nvoid unknown() { g = 0; }\n"


def run(*command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=100)
    return done.returncode, done.stdout + done.stderr


def forgotten_flag_is_named_first(args, directory):
    for linker in args.linkers.split(","):
        run(args.clangxx, f"--config={args.config}", "-c", "a.cpp", directory=directory)
        status, text = run(args.clangxx, f"-fuse-ld={linker}", "a.o", "-o", "a", directory=directory)
        first = next((line for line in text.splitlines() if "undefined" in line), "")
        if status == 0 or "__raddle_link_with_the_same_config_flag" not in first:
            sys.exit(f"{linker}: {text}")


def another_compiler_is_refused(args, directory):
    stamp = args.config.replace("raddle.cfg", "raddle_stamp.h")
    status, text = run(args.clangxx, "-include", stamp, "-U__clang__", "-fsyntax-only", "a.cpp", directory=directory)
    if status == 0 or "this instrumentation plugin needs clang" not in text:
        sys.exit(text)


def flag_twice_instruments_once(args, directory):
    once = run(args.clangxx, f"--config={args.config}", "-S", "-emit-llvm", "-o", "-", "a.cpp", directory=directory)
    twice = run(args.clangxx, *[f"--config={args.config}"] * 2, "-S", "-emit-llvm", "-o", "-", "a.cpp", directory=directory)
    # By a call, or by assembly that calls.
    hooks = [len(re.findall(r"call void (?:@|asm.*?)__raddle_write4", text)) for _, text in (once, twice)]
    if hooks != [1, 1]:
        sys.exit(f"{hooks[0]} and {hooks[1]} hooks")


def no_warning_for_other_jobs(args, directory):
    for job in (["-E"], ["-M"], ["-fsyntax-only"], ["-S", "-o", "-"], ["-x", "c", "-fsyntax-only"]):
        status, text = run(args.clangxx, f"--config={args.config}", "-Werror", "-Wall", "-Wextra", *job, "a.cpp", directory=directory)
        if status != 0 or "warning:" in text:
            sys.exit(f"{job}: {text}")


def main():
    checks = [forgotten_flag_is_named_first, another_compiler_is_refused, flag_twice_instruments_once, no_warning_for_other_jobs]
    parser = argparse.ArgumentParser()
    for name in ("clangxx", "config"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--linkers", default="bfd")
    parser.add_argument("check", choices=[check.__name__ for check in checks])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/a.cpp", "w") as file:
            file.write(SOURCE)
        next(check for check in checks if check.__name__ == args.check)(args, directory)


if __name__ == "__main__":
    main()
