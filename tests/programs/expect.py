#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program under `raddle run` and compares what is found with what its source announces.

In the source:
  // EXPECT: data-race        a finding of this kind; a line for each. `nothing`: no finding at all.
  // EXPECT: deadlock?        may or may not be found (a schedule decides)
  // EXPECT-STATUS: 3         the exit status of `raddle run`; without it 66 with findings, else 0
  // EXPECT-OUTPUT: 42        a line of the program's standard output
  // EXPECT-REPORT: why: x    what a line of the printed report has in it, folders left out
  // ARGS: 4 100              arguments of the program
  // ENV: RADDLE_MAXPROCS=1   of the program
  code;  // <- data-race      this line stands in a stack of a finding of this kind
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

KIND = r"([a-z][a-z-]*\??)"


def read_expectations(source):
    text = open(source, encoding="utf-8").read()
    find = lambda word: re.findall(rf"^\s*(?://|/\*) {word}: (.*?)(?: \*/)?$", text, re.MULTILINE)
    kinds = [kind for line in find("EXPECT") for kind in re.match(KIND, line).groups()]
    if not kinds:
        sys.exit(f"{source}: no line `// EXPECT: kind` or `// EXPECT: nothing`")
    marks = [(number, kind) for number, line in enumerate(text.splitlines(), 1)
             for kind in re.findall(rf"// <- {KIND}", line)]
    return {
        "kinds": [kind for kind in kinds if kind != "nothing"],
        "status": [int(status) for status in find("EXPECT-STATUS")],
        "output": find("EXPECT-OUTPUT"),
        "report": find("EXPECT-REPORT"),
        "args": [word for line in find("ARGS") for word in line.split()],
        "env": dict(word.split("=", 1) for line in find("ENV") for word in line.split()),
        "marks": marks,
    }


def lines_of(finding, source):
    """The lines of `source` in the finding's stacks, wherever the report puts them."""
    name = os.path.basename(source)
    lines = set()
    def visit(node):
        if isinstance(node, dict):
            if os.path.basename(str(node.get("file", ""))) == name and "line" in node:
                lines.add(node["line"])
            for child in node.values():
                visit(child)
        elif isinstance(node, list):
            for child in node:
                visit(child)
    visit(finding)
    return lines


def complaints(expected, findings, status, output, source):
    certain = collections.Counter(kind for kind in expected["kinds"] if not kind.endswith("?"))
    possible = {kind[:-1] for kind in expected["kinds"] if kind.endswith("?")}
    found = collections.Counter(finding["kind"] for finding in findings)
    for kind in sorted(set(certain) | set(found)):
        if found[kind] != certain[kind] and not (kind in possible and found[kind] > certain[kind]):
            yield f"expected {certain[kind]} of {kind}, found {found[kind]}"
    want = expected["status"] or ([66] if findings else [0])
    if status != want[0]:
        yield f"expected exit status {want[0]}, got {status}"
    for line in expected["output"]:
        if line not in output.splitlines():
            yield f"expected the output line `{line}`"
    for number, kind in expected["marks"]:
        if kind.endswith("?"):
            continue
        if not any(f["kind"] == kind and number in lines_of(f, source) for f in findings):
            yield f"no {kind} has line {number} in its stacks"


def missing_lines(lines, raddle, trace):
    if not lines:
        return
    report = subprocess.run([raddle, "check", trace], capture_output=True, text=True, errors="replace", check=False)
    printed = re.sub(r"(?:[\w.~+-]*/)+(\w+\.\w+:)", r"\1", report.stdout + report.stderr)
    for line in lines:
        if line not in printed:
            yield f"expected the report to say `{line}`, not\n{printed}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raddle", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--timeout", type=float, default=90)
    parser.add_argument("--args", nargs="*", help="instead of the source's ARGS")
    parser.add_argument("--output", action="append", help="instead of the source's EXPECT-OUTPUT")
    options = parser.parse_args()
    expected = read_expectations(options.source)
    if options.args is not None:
        expected["args"] = options.args
    if options.output:
        expected["output"] = options.output
    with tempfile.TemporaryDirectory() as place:
        trace, report = os.path.join(place, "run.raddle"), os.path.join(place, "report.json")
        command = [options.raddle, "run", "-o", trace, "--format", "json", "--report", report, "--",
                   options.program, *expected["args"]]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             errors="replace", timeout=options.timeout, stdin=subprocess.DEVNULL,
                             env={**os.environ, **expected["env"]})
        if not os.path.exists(report):
            sys.exit(f"no report; status {run.returncode}\n{run.stdout}{run.stderr}")
        findings = json.load(open(report, encoding="utf-8"))["findings"]
        found = list(missing_lines(expected["report"], options.raddle, trace))
        found += list(complaints(expected, findings, run.returncode, run.stdout, options.source))
        if found:
            print("\n".join(found))
            print(f"\n--- standard output\n{run.stdout}--- standard error\n{run.stderr}--- report")
            subprocess.run([options.raddle, "check", trace], check=False)
            sys.exit(1)
    print(f"as expected: {', '.join(expected['kinds']) or 'nothing'}")


if __name__ == "__main__":
    main()
