#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the Go program of go/ and compares what it prints with expected.txt. Status 77: Go is missing or too old for it.

  compare_with_go.py FOLDER [--write]      --write makes expected.txt anew
"""

import pathlib
import shutil
import subprocess
import sys

OLDEST = (1, 25)  # WaitGroup.Go


def version_of_go():
    text = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in text.strip().removeprefix("go").split(".")[:2])


def main():
    folder = pathlib.Path(sys.argv[1])
    if shutil.which("go") is None or version_of_go() < OLDEST:
        print("skipped: needs Go", ".".join(map(str, OLDEST)), "or newer")
        sys.exit(77)
    run = subprocess.run(["go", "run", "."], cwd=folder / "go", capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    expected = folder / "expected.txt"
    if "--write" in sys.argv:
        expected.write_text(run.stdout)
        return
    seen, wanted = run.stdout.splitlines(), expected.read_text().splitlines()
    if seen != wanted:
        for line in sorted(set(seen) ^ set(wanted)):
            print("Go:      " if line in seen else "expected:", line)
        sys.exit(1)


if __name__ == "__main__":
    main()
