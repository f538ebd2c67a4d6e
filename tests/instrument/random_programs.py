#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random programs, each compiled as usual and with every elimination switched off (RADDLE_PASS): the variables that race must be
the same.

  random_programs.py --clang clang --raddle raddle [--seed N] [--programs N] [--flags=-O2] [--show]

A program's threads run one after the other, kept apart by a relaxed flag that orders nothing, so that which of their accesses
race depends on the program alone. A race is known by the variable whose bytes it is about: where one access stands for another,
lines may differ. --show prints each program and what races in it."""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

WITHOUT = "no-dominance,no-loops,no-groups,no-quiet-calls,no-once,no-filter,no-assembly"
SCALARS, STRUCTS, ARRAYS = ("s0", "s1", "s2", "s3"), ("r0", "r1"), ("a0", "a1", "a2")
MEMBERS, LOCKS, MATRIX = ("a", "b", "c", "d[3]"), ("L0", "L1"), "m0"
ORDERS = ("RELAXED", "ACQUIRE", "RELEASE", "SEQ_CST")
VARIABLES = (*SCALARS, *STRUCTS, *ARRAYS, MATRIX)
THREADS = 3

HEAD = """#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int s0, s1, s2, s3;
static struct { int a; long b; short c; char d[12]; } r0, r1;
static int a0[64], a1[64], a2[64];
static double m0[8][8];
static pthread_mutex_t L0 = PTHREAD_MUTEX_INITIALIZER, L1 = PTHREAD_MUTEX_INITIALIZER;
static int turn;
"""
TAIL = """
static void (*const bodies[])(int) = {%s};
static int count;
static void* run(void* number) {
  const int mine = (int)(long)number;
  while (__atomic_load_n(&turn, __ATOMIC_RELAXED) != mine) sched_yield();
  bodies[mine](count);
  __atomic_store_n(&turn, mine + 1, __ATOMIC_RELAXED);
  return NULL;
}
int main(int argc, char** argv) {
  (void)argv;
  count = 7 + argc;
#define TELL(v) printf("%%s %%lu %%lu\\n", #v, (unsigned long)&v, (unsigned long)sizeof v)
  %s
  pthread_t threads[%d];
  for (long i = 0; i < %d; ++i) pthread_create(&threads[i], NULL, run, (void*)i);
  for (int i = 0; i < %d; ++i) pthread_join(threads[i], NULL);
}
"""


class Author:
    """Writes the text of one program."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.loops = 0
        self.held = []

    def one(self, choices):
        return self.random.choice(choices)

    def program(self):
        helpers = [f"__attribute__((noinline)) static void call_{v}(int n) {{ {self.plain(v)} }}\n" for v in SCALARS]
        bodies = [f"static void body{i}(int n) {{\n{self.block(2, self.random.randint(3, 9))}}}\n" for i in range(THREADS)]
        tells = " ".join(f"TELL({v});" for v in VARIABLES)
        names = ", ".join(f"body{i}" for i in range(THREADS))
        return HEAD + "".join(helpers + bodies) + TAIL % (names, tells, THREADS, THREADS, THREADS)

    def block(self, depth, length):
        return "".join(self.statement(depth) + "\n" for _ in range(length))

    def statement(self, depth):
        kinds = ["scalar"] * 4 + ["member"] * 3 + ["loop"] * 4 + ["whole"] * 2 + ["atomic", "call", "branch"]
        if depth > 0:
            kinds += ["lock"] * 3 + ["nest"] * 2
        return getattr(self, self.one(kinds))(depth)

    def plain(self, v):
        return self.one([f"{v} += n;", f"{v} = n;", f"if ({v} == 99) abort();", f"{v} = {v} * 3 + 1;"])

    def scalar(self, _):
        return self.one([self.plain(self.one(SCALARS)), f"{self.one(SCALARS)} = {self.one(SCALARS)} + 1;"])

    def place(self):
        return self.one([self.one(SCALARS), f"{self.one(STRUCTS)}.{self.one(MEMBERS)}"])

    def member(self, _):
        place = f"{self.one(STRUCTS)}.{self.one(MEMBERS)}"
        return self.one([self.plain(place), f"r0.{self.one(MEMBERS)} = r1.{self.one(MEMBERS)};"])

    def whole(self, _):
        a, b = self.random.sample(ARRAYS, 2)
        size = self.one(["sizeof a0", "(unsigned)n * 4", "24"])
        return self.one([f"memset({a}, n, {size});", f"memcpy({a}, {b}, {size});", "r0 = r1;", "memset(&r1, 0, sizeof r1);"])

    def index(self):
        self.loops += 1
        return f"i{self.loops}"

    def loop(self, _):
        a, b, i, j = self.one(ARRAYS), self.one(ARRAYS), self.index(), self.index()
        up = f"for (int {i} = 0; {i} < n; ++{i})"
        return self.one([
            f"{up} {a}[{i}] += {i};", f"{up} {a}[2 * {i}] = {b}[{i}];", f"{up} {a}[{i} + 1] = {a}[{i}];",
            f"for (int {i} = n; {i} > 0; --{i}) {a}[{i}] = n;", f"{up} if ({a}[{i}] > 3) {b}[{i}] = 0;",
            f"{up} {self.one(SCALARS)} += {a}[{i}];", f"{up} {{ {a}[{i}] = 1; if ({b}[{i}] == 77) break; }}",
            f"{up} for (int {j} = 0; {j} < 8; ++{j}) m0[{i} % 8][{j}] += 1;",
            f"for (int {i} = 0; {i} < 8; ++{i}) m0[{i}][n % 8] = {i};",
            f"{up} {{ {a}[{i}] = {i}; call_{self.one(SCALARS)}({i}); }}",
            f"{up} {{ if ({i} % 2) {self.plain(self.place())} call_{self.one(SCALARS)}({i}); {self.plain(self.place())} }}",
            f"{up} {{ if ({a}[{i}] % 2 == 0) {self.plain(self.place())} if ({i} % 3 == 1) {self.plain(self.place())} }}",
            f"{up} {{ if ({a}[{i}] % 2 == 0) {{ {self.plain(self.place())} {self.plain(self.place())} }} else {self.plain(self.place())} }}",
            f"{up} {{ long w; memcpy(&w, (char*){a} + 3 * {i}, sizeof w); memcpy((char*){b} + 5 * {i}, &w, {self.one((2, 4, 8))}); }}"])

    def nest(self, depth):
        i = self.index()
        return f"for (int {i} = 0; {i} < n % 3; ++{i}) {{\n{self.block(depth - 1, 2)}}}"

    def branch(self, depth):
        return f"if (n > {self.random.randint(6, 10)}) {{\n{self.block(max(depth - 1, 0), 2)}}}"

    def atomic(self, _):
        v, order = self.one(SCALARS), self.one(ORDERS)
        load, store = order.replace("RELEASE", "ACQUIRE"), order.replace("ACQUIRE", "RELEASE")
        return self.one([f"if (__atomic_load_n(&{v}, __ATOMIC_{load}) == 99) abort();",
                         f"__atomic_store_n(&{v}, n, __ATOMIC_{store});", f"__atomic_fetch_add(&{v}, 1, __ATOMIC_{order});"])

    def call(self, _):
        return f"call_{self.one(SCALARS)}(n);"

    def lock(self, depth):
        free = [lock for lock in LOCKS if lock not in self.held]
        if not free:
            return self.scalar(depth)
        self.held.append(self.one(free))
        inside = self.block(depth - 1, self.random.randint(1, 4))
        lock = self.held.pop()
        return f"pthread_mutex_lock(&{lock});\n{inside}pthread_mutex_unlock(&{lock});"


def racing(args, source, place, without):
    """The names of the variables that race."""
    program, report = f"{place}/program", f"{place}/report.json"
    config = subprocess.run([args.raddle, "flags"], capture_output=True, text=True, check=True).stdout.split()
    subprocess.run([args.clang, *config, args.flags, "-Wno-everything", source, "-o", program], check=True,
                   env=dict(os.environ, RADDLE_PASS=without))
    done = subprocess.run([args.raddle, "run", "-o", f"{place}/t.raddle", "--format", "json", "--report", report, "--", program],
                          capture_output=True, text=True, check=False, cwd=place)
    if done.returncode not in (0, 66):
        sys.exit(f"{source}: status {done.returncode}\n{done.stdout}{done.stderr}")
    with open(report, encoding="utf-8") as file:
        findings = json.load(file)["findings"]
    ranges = [(name, int(begin), int(size)) for name, begin, size in map(str.split, done.stdout.splitlines())]
    found = set()
    for finding in findings:
        if finding["kind"] != "data-race":
            continue
        address = finding["parties"][0]["address"]
        found |= {name for name, begin, size in ranges if begin <= address < begin + size} or {f"unknown {address:#x}"}
    os.remove(f"{place}/t.raddle")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--raddle", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--programs", type=int, default=10)
    parser.add_argument("--flags", default="-O2")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    failed = racy = 0
    for seed in range(args.seed, args.seed + args.programs):
        with tempfile.TemporaryDirectory() as place:
            source = f"{place}/random{seed}.c"
            text = Author(seed).program()
            with open(source, "w", encoding="utf-8") as file:
                file.write(text)
            usual, whole = racing(args, source, place, ""), racing(args, source, place, WITHOUT)
        racy += bool(whole)
        if args.show or usual != whole:
            print(f"{text}\nseed {seed}: races on {sorted(usual)}, without eliminations on {sorted(whole)}")
        failed += usual != whole
    print(f"{args.programs} programs, {racy} with races, {failed} with another verdict without eliminations")
    sys.exit(1 if failed or not racy else 0)


if __name__ == "__main__":
    main()
