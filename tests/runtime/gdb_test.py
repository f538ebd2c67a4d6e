#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets gdb show the tasks of a stopped program. Status 77: gdb is missing or may not trace here.

  gdb_test.py SCRIPT PROGRAM
"""

import re
import shutil
import subprocess
import sys


def main():
    script, program = sys.argv[1:]
    if shutil.which("gdb") is None:
        print("skipped: no gdb")
        sys.exit(77)
    command = ["gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "run", "-ex", f"source {script}",
               "-ex", "info raddle-tasks", "-ex", "raddle-bt all", "-ex", "raddle-bt 99", "-ex", "continue", program]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL)
    text = run.stdout + run.stderr
    if "SIGTRAP" not in text:
        print("skipped: gdb could not run the program\n", text)
        sys.exit(77)
    wanted = [r"\d+  reader +waits to receive from 0x[0-9a-f]+", r"\d+  locker +waits to lock 0x[0-9a-f]+", r"2 tasks",
              r"#\d+ .*wait_for_news", r"#\d+ .*lock_slowly", r"no task 99", r"exited normally"]
    missing = [pattern for pattern in wanted if not re.search(pattern, text)]
    # An unwinder that does not know where a task's stack ends goes on into nothing.
    if re.search(r"0x0+ in \?\?|Backtrace stopped", text):
        missing.append("a backtrace that ends cleanly")
    if missing:
        print("missing:", *missing, sep="\n  ")
        print(text)
        sys.exit(1)


if __name__ == "__main__":
    main()
