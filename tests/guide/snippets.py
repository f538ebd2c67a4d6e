#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes programs of the snippets in docs/guide, for tests/programs/expect.py.

  snippets.py GUIDE_FOLDER OUTPUT_FOLDER      writes OUTPUT_FOLDER/NAME.cpp for each, prints the names

A snippet is a fenced block ```cpp run=NAME [expect=KIND...] [status=N]; blocks ```text and ```report behind it are lines that the
program must print and that the report must have. What all snippets begin with (snippet.h) comes by -include, so that line numbers
in reports are those of the snippet.
"""

import pathlib
import re
import sys

FENCE = re.compile(r"^```(\w*)(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(text, page):
    """[(name, options, code, output lines, report lines)] of one page."""
    found = []
    for language, info, body in FENCE.findall(text):
        options = dict(word.split("=", 1) for word in info.split())
        if language == "cpp" and "run" in options:
            found.append((options.pop("run"), options, body, [], []))
        elif language in ("text", "report"):
            if not found:
                sys.exit(f"{page}: a block ```{language} before any program")
            found[-1][3 if language == "text" else 4].extend(body.splitlines())
    return found


def program(options, code, output, report):
    lines = [f"// EXPECT: {kind}" for kind in options.get("expect", "nothing").split(",")]
    if "status" in options:
        lines.append(f"// EXPECT-STATUS: {options['status']}")
    lines += [f"// EXPECT-OUTPUT: {line}" for line in output]
    lines += [f"// EXPECT-REPORT: {line}" for line in report]
    return code + "\n" + "\n".join(lines) + "\n"


def main():
    guide, place = map(pathlib.Path, sys.argv[1:3])
    place.mkdir(parents=True, exist_ok=True)
    names = {}
    for page in sorted(guide.glob("*.md")):
        for name, options, code, output, report in snippets(page.read_text(), page.name):
            if name in names:
                sys.exit(f"{page.name}: run={name} is in {names[name]} already")
            names[name] = page.name
            text = program(options, code, output, report)
            file = place / f"{name}.cpp"
            if not file.exists() or file.read_text() != text:  # what has not changed is not compiled anew
                file.write_text(text)
    print(";".join(names))


if __name__ == "__main__":
    main()
