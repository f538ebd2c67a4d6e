#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `raddle lint` over the good and bad lines of one check.

  lint.py --raddle RADDLE FILE               each line that ends in `// bad` gets the warning that the file is named after, no
                                             other line any; the check has its page in docs/lint
  lint.py --raddle RADDLE --fix FILE         after --fix, the lines that have a fix-it are clean and the file still compiles
  lint.py --raddle RADDLE --compiler CXX --config CFG FILE   the same lines, as warnings of the compiler under RADDLE_LINT=1
  lint.py --raddle RADDLE --mistakes         what cannot be read is refused with status 2 and a reason
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

WARNING = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: warning: .*\[raddle-(?P<check>[\w-]+)\]$", re.M)


def bad_lines(source):
    return {n for n, line in enumerate(source.read_text().splitlines(), 1) if line.rstrip().endswith("// bad")}


def warned(text):
    return {(int(m["line"]), m["check"]) for m in WARNING.finditer(text)}


def compare(source, text):
    check = source.stem
    want = {(line, check) for line in bad_lines(source)}
    # One file may well show another check's mistake too; what counts here is this one's.
    got = {pair for pair in warned(text) if pair[1] == check}
    complaints = [f"{source.name}:{line}: no warning" for line, _ in sorted(want - got)]
    complaints += [f"{source.name}:{line}: a false alarm" for line, _ in sorted(got - want)]
    return complaints


def lint(arguments, *words):
    command = [arguments.raddle, "lint", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def check_lines(arguments):
    done = lint(arguments, arguments.file)
    complaints = compare(arguments.file, done.stderr)
    if done.returncode != 66:
        complaints.append(f"status {done.returncode} instead of 66")
    page = pathlib.Path(__file__).parents[2] / "docs" / "lint" / (arguments.file.stem + ".md")
    if not page.is_file():
        complaints.append(f"no page docs/lint/{page.name}")
    return complaints, done.stderr


def check_compiler(arguments):
    command = [arguments.compiler, f"--config={arguments.config}", "-std=c++20", "-fsyntax-only", arguments.file]
    silent = subprocess.run(command, capture_output=True, text=True, timeout=120)
    complaints = [f"a warning without RADDLE_LINT: {w}" for w in warned(silent.stderr)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "RADDLE_LINT": "1"})
    return complaints + compare(arguments.file, done.stderr), silent.stderr + done.stderr


def check_fix(arguments):
    with tempfile.TemporaryDirectory() as place:
        copy = pathlib.Path(place) / arguments.file.name
        shutil.copy(arguments.file, copy)
        first = lint(arguments, "--fix", copy)
        if copy.read_bytes() == arguments.file.read_bytes():
            return ["nothing was changed"], first.stderr
        again = lint(arguments, copy)
        before, after = (file.read_text().splitlines() for file in (arguments.file, copy))
    mended = {n for n, (old, new) in enumerate(zip(before, after), 1) if old != new}
    left = {line for line, check in warned(again.stderr) if check == arguments.file.stem} & mended
    complaints = [f"{arguments.file.name}:{line}: still there after --fix" for line in sorted(left)]
    if again.returncode == 2:
        complaints.append("it no longer compiles")
    return complaints, first.stderr + again.stderr


def check_mistakes(arguments):
    complaints, seen = [], ""
    with tempfile.TemporaryDirectory() as place:
        broken = pathlib.Path(place) / "broken.cpp"
        broken.write_text("int main( {\n")
        quiet = pathlib.Path(place) / "quiet.cpp"
        quiet.write_text(
            "#include <mutex>\n#include <condition_variable>\nstd::mutex m;\nstd::condition_variable c;\n"
            "void f() {\n  std::unique_lock l(m);\n  c.wait(l);  // NOLINT(raddle-wait-without-predicate)\n"
            "  // NOLINTNEXTLINE(raddle-*)\n  c.wait(l);\n}\n")
        for words, status, reason in [
                (["no-such-file.cpp"], 2, "no file no-such-file.cpp"),
                ([], 2, "usage"),
                (["-p", place], 2, "no compilation database"),
                ([broken], 2, "do not compile"),
                ([quiet], 0, "")]:
            done = lint(arguments, *words)
            seen += done.stdout + done.stderr
            if done.returncode != status or reason not in done.stderr:
                complaints.append(f"{words}: status {done.returncode}, {done.stderr!r}")
    return complaints, seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raddle", required=True)
    parser.add_argument("--compiler")
    parser.add_argument("--config")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--mistakes", action="store_true")
    parser.add_argument("file", type=pathlib.Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.mistakes:
        complaints, seen = check_mistakes(arguments)
    elif arguments.compiler:
        complaints, seen = check_compiler(arguments)
    else:
        complaints, seen = (check_fix if arguments.fix else check_lines)(arguments)
    if complaints:
        print(seen, *complaints, sep="\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
