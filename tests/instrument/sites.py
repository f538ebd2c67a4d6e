#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds a program without -g, strips it, and reads its table of sites (runtime/hooks/hooks.h) out of the file."""
import argparse
import os
import struct
import subprocess
import sys
import tempfile

SOURCE = r"""
int g_shared;
struct Box { int wanted[4]; };
Box g_box;
void unknown();
static inline __attribute__((always_inline)) void inner() {
  g_shared = 1;
}
template <typename T> __attribute__((noinline)) void templated(T x) { g_box.wanted[2] = x; }
void outer() {
  inner();
}
int main() {
  outer();
  templated(3);
}
"""


class Elf:
    """A 64-bit little-endian ELF file's sections."""

    def __init__(self, path):
        self.data = open(path, "rb").read()
        offset, = struct.unpack_from("<Q", self.data, 0x28)
        size, count, names = struct.unpack_from("<HHH", self.data, 0x3A)
        headers = [struct.unpack_from("<IIQQQQIIQQ", self.data, offset + i * size) for i in range(count)]
        self.sections = {self.text_at_file(headers[names][4] + header[0]): header for header in headers}

    def text_at_file(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def text(self, address):
        for header in self.sections.values():
            if header[3] != 0 and header[3] <= address < header[3] + header[5]:
                return self.text_at_file(address - header[3] + header[4])
        return f"no section has {address:#x}"


def sites_of(path):
    """(function, line, variable, function and line of the inlined call or None) of every site."""
    elf = Elf(path)
    header = elf.sections["raddle_sites"]
    address, at, size = header[3], header[4], header[5]

    def site(address):
        fields = struct.unpack_from("<iiiiIII", elf.data, at + address - header[3])
        target = lambda i: address + 4 * i + fields[i] if fields[i] else None
        text = lambda i: elf.text(target(i)) if fields[i] else ""
        return (os.path.basename(text(0)), text(1), fields[4], text(2)), target(3)

    found = []
    for i in range(0, size - size % 28, 28):
        own, caller = site(address + i)
        found.append((*own, site(caller)[0][1:3] if caller else None))
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clangxx", required=True)
    parser.add_argument("--config", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "program.cpp"), "w") as file:
            file.write(SOURCE)
        for command in ([args.clangxx, f"--config={args.config}", "-O1", "program.cpp", "-o", "program"], ["strip", "program"]):
            subprocess.run(command, cwd=directory, check=True, timeout=100)
        sites = sites_of(os.path.join(directory, "program"))
    wanted = {
        ("program.cpp", "_ZL5innerv", 7, "g_shared", ("_Z5outerv", 11)),
        ("program.cpp", "_Z9templatedIiEvT_", 9, "g_box.wanted[]", None),
        ("program.cpp", "_Z5outerv", 11, "", None),
        ("program.cpp", "main", 15, "", None),
    }
    missing = wanted - set(sites)
    if missing:
        sys.exit("missing:\n" + "\n".join(map(str, missing)) + "\nfound:\n" + "\n".join(map(str, sites)))


if __name__ == "__main__":
    main()
