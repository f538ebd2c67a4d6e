#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads every #include against the table of docs/architecture.md, "Who may include what".

  layers.py [ROOT]        prints each forbidden include; status 1 if there is one
  layers.py --can-fail    proves that a forbidden include of each room is found
"""

import pathlib
import re
import sys
import tempfile

# Room -> what it may include besides itself: a folder (ends in /), or a file. The longest matching room counts.
MAY_INCLUDE = {
    "trace/": [],
    "leaks/": [],
    "runtime/include/raddle/": [],
    "runtime/record/": ["trace/", "runtime/hooks/hooks.h", "runtime/hooks/hooks.def"],
    "runtime/hooks/": ["runtime/record/", "trace/event.h"],
    "runtime/sched/": ["runtime/record/", "trace/", "leaks/layout.h"],
    "runtime/sync/": ["runtime/include/raddle/", "runtime/sched/", "runtime/record/", "trace/"],
    "runtime/interpose/": ["runtime/record/", "trace/"],
    "instrument/pass/": ["runtime/hooks/hooks.h", "runtime/hooks/hooks.def", "runtime/hooks/filter_x86_64.h"],
    "instrument/lint/": [],
    "analyzer/model/": ["trace/event.h", "trace/format.h"],
    "analyzer/load/": ["trace/", "analyzer/model/"],
    "analyzer/order/": ["trace/event.h"],
    "analyzer/detect/": ["analyzer/model/", "analyzer/order/", "trace/event.h", "trace/late_decoders.h"],
    "analyzer/report/": ["analyzer/model/"],
    "analyzer/export/": ["analyzer/model/"],
    # The door puts the rooms behind it together.
    "analyzer/": ["analyzer/", "trace/", "leaks/leaks.h"],
    "viewer/layout/": ["analyzer/model/"],
    "viewer/raster/": [],
    "viewer/panes/": ["analyzer/model/", "viewer/layout/"],
    "viewer/app/": ["viewer/panes/", "viewer/layout/", "viewer/raster/", "analyzer/analyze.h", "analyzer/model/"],
    "cli/": ["analyzer/analyze.h", "analyzer/follow.h", "analyzer/live.h", "leaks/leaks.h", "analyzer/report/", "analyzer/export/", "analyzer/model/", "trace/experience.h", "trace/mapped_file.h", "trace/schedule.h", "trace/run_server.h", "trace/control.h"],
    "examples/": ["runtime/include/raddle/"],
    "bench/": ["runtime/include/raddle/"],
    "bench/viewer/": ["viewer/app/", "analyzer/model/", "trace/"],
    "bench/check/": ["trace/"],
}
# Result<T> stands in the signatures of the doors, and a check of our own invariants may stand anywhere but in public headers.
EVERYWHERE = ["trace/result.h", "trace/check.h"]
NOT_IN = ["runtime/include/raddle/", "runtime/hooks/hooks.h", "examples/", "bench/"]
# A header of which a whole program depends: more is forbidden than to its room.
HEADERS = {"runtime/hooks/hooks.h": [], "runtime/hooks/hooks.def": []}

# Libraries -> the rooms that may use them; other libraries are free.
LIBRARIES = {
    r"llvm/|llvm-c/": ["instrument/", "analyzer/load/"],
    r"clang/": ["instrument/lint/"],
    r"imgui": ["viewer/panes/", "viewer/app/", "viewer/raster/", "bench/viewer/"],
    r"GLFW/|GL/": ["viewer/app/"],
    r"CLI/": ["cli/"],
    r"zstd|xxhash": ["trace/", "runtime/record/", "analyzer/"],
    r"nlohmann/": ["analyzer/report/", "analyzer/export/", "viewer/app/"],
    r"gtest|gmock": [],
}

# No detector includes another, no pane another: the header of one is for its own source and for the list.
PEERS = {"analyzer/detect/": (": public Detector", "detectors"), "viewer/panes/": (": public Pane", "panes")}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
SOURCES = {".h", ".cpp", ".c", ".def", ".S", ".in"}


def room_of(path):
    rooms = [room for room in MAY_INCLUDE if path.startswith(room)]
    return max(rooms, key=len) if rooms else None


def resolve(root, target):
    """The path from the root of one of our headers; None for a library's."""
    if (root / target).is_file():
        return target
    public = "runtime/include/" + target
    return public if (root / public).is_file() else None


def is_allowed(path, room, target):
    if path in HEADERS:
        return target in HEADERS[path]
    if target.startswith(room) and room_of(target) == room:
        return True
    free = [] if any(path.startswith(place) for place in NOT_IN) else EVERYWHERE
    allowed = MAY_INCLUDE[room] + free
    return any(target == entry or (entry.endswith("/") and target.startswith(entry)) for entry in allowed)


def is_peer(root, path, target):
    """Whether `path` includes the header of a peer in its own room, which only the list of peers may."""
    base, list_name = PEERS.get(room_of(path), (None, None))
    if base is None or room_of(target) != room_of(path) or base not in (root / target).read_text(errors="replace"):
        return False
    return pathlib.PurePath(path).stem not in (pathlib.PurePath(target).stem, list_name)


def complaint(root, path, quote, target):
    """What is wrong with one #include of the file at `path`, or None."""
    room = room_of(path)
    ours = resolve(root, target)
    if ours is not None:
        if not is_allowed(path, room, ours):
            return f"{room} may not include {ours}"
        if is_peer(root, path, ours):
            return f"{ours} is for its own source and the list of its peers"
        return None
    for library, rooms in LIBRARIES.items():
        if re.match(library, target) and not any(path.startswith(place) for place in rooms):
            return f"{room} may not use {target}"
    if quote == '"' and (root / path).parent.joinpath(target).is_file():
        return f"{target}: include by path from the root"
    return None


def complaints(root):
    for folder in sorted({room.split("/")[0] for room in MAY_INCLUDE}):
        for file in sorted((root / folder).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix not in SOURCES or not file.is_file() or room_of(path) is None:
                continue
            for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
                match = INCLUDE.match(line)
                text = match and complaint(root, path, match[1], match[2])
                if text:
                    yield f"{path}:{number}: {text}"


PEER_TEXT = "class X : public Detector {};\nclass Y : public Pane {};\n"

# One forbidden include for each row of the table.
FORBIDDEN = [
    ("trace/writer.cpp", "analyzer/model/run.h"),
    ("runtime/include/raddle/chan.h", "trace/event.h"),
    ("runtime/include/raddle/go.h", "runtime/sched/task.h"),
    ("runtime/record/stream.cpp", "runtime/sync/mutex.h"),
    ("runtime/hooks/hooks.h", "trace/event.h"),
    ("runtime/hooks/hooks.cpp", "runtime/sched/task.h"),
    ("runtime/sched/task.cpp", "runtime/sync/mutex.h"),
    ("runtime/sync/mutex.cpp", "runtime/interpose/mutex.h"),
    ("runtime/interpose/mutex.cpp", "runtime/sync/mutex.h"),
    ("instrument/pass/pass.cpp", "trace/event.h"),
    ("instrument/lint/check.cpp", "trace/event.h"),
    ("analyzer/model/run.h", "analyzer/order/order.h"),
    ("analyzer/load/load.cpp", "analyzer/detect/race.h"),
    ("analyzer/order/order.h", "analyzer/model/run.h"),
    ("analyzer/detect/race.h", "analyzer/report/reports.h"),
    ("analyzer/report/text.cpp", "analyzer/load/load.h"),
    ("viewer/layout/lanes.h", "imgui.h"),
    ("viewer/raster/raster.cpp", "viewer/panes/pane.h"),
    ("viewer/panes/timeline.cpp", "analyzer/analyze.h"),
    ("viewer/app/main.cpp", "analyzer/detect/race.h"),
    ("viewer/panes/list.cpp", "GLFW/glfw3.h"),
    ("cli/run.cpp", "analyzer/detect/race.h"),
    ("cli/view.cpp", "viewer/app/main.h"),
    ("examples/demo.cpp", "runtime/sched/task.h"),
    ("bench/ray.cpp", "trace/event.h"),
    ("viewer/layout/time.cpp", "gtest/gtest.h"),
    ("analyzer/detect/leak.cpp", "analyzer/detect/race.h"),
    ("viewer/panes/list.cpp", "viewer/panes/timeline.h"),
]


def prove():
    missed = 0
    for path, target in FORBIDDEN:
        with tempfile.TemporaryDirectory() as place:
            root = pathlib.Path(place)
            for name, text in ((target, PEER_TEXT), (path, f'#include "{target}"\n')):
                if name == target and room_of(target) is None:
                    continue  # a library's header
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            if len(list(complaints(root))) != 1:
                print(f"not found: {path} includes {target}")
                missed += 1
    print(f"{len(FORBIDDEN) - missed} of {len(FORBIDDEN)} forbidden includes found")
    return 1 if missed else 0


def main():
    if sys.argv[1:] == ["--can-fail"]:
        return prove()
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
    found = list(complaints(root.resolve()))
    for text in found:
        print(text)
    print(f"layers: {len(found)} forbidden includes")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
