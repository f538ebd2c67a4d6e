#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The flag under what build systems do: precompiled headers, C++20 modules, and rebuilding when the plugin is another one."""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HEADER = "#pragma once\n#include <vector>\ninline int g_count;\ninline void count(std::vector<int>& all) { all.push_back(++g_count); }\n"
USER = '#include "a.h"\nint main() { std::vector<int> all; count(all); return all[0] - 1; }\n'
MODULE = "export module numbers;\nint g_last;\nexport int next() { return ++g_last; }\n"
IMPORTER = "import numbers;\nint main() { return next() - 1; }\n"
HOOK = "__raddle_write"


def run(command, directory, **environment):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=200, check=False,
                          env={**os.environ, **environment})
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def write(directory, **files):
    for name, text in files.items():
        with open(f"{directory}/{name.replace('_', '.')}", "w", encoding="utf-8") as file:
            file.write(text)


def expect_hooks(directory, *objects):
    for name in objects:
        if HOOK not in run(["nm", name], directory):
            sys.exit(f"{name} has no hooks")


def precompiled_header(args, directory):
    write(directory, a_h=HEADER, a_cpp=USER)
    compiler = [args.clangxx, "-std=c++20", f"--config={args.config}", "-Werror"]
    run([*compiler, "-x", "c++-header", "-c", "a.h", "-o", "a.pch"], directory)
    run([*compiler, "-include-pch", "a.pch", "-c", "a.cpp", "-o", "a.o"], directory)
    expect_hooks(directory, "a.o")
    run([*compiler, "a.o", "-o", "a"], directory)
    run(["./a"], directory)
    # Without -c clang 19 takes the libraries in the configuration for more jobs: the one without them serves.
    compile_only = args.config.replace("raddle.cfg", "raddle-compile.cfg")
    run([args.clangxx, f"--config={compile_only}", "-x", "c++-header", "a.h", "-o", "b.pch"], directory)
    # The command knows that.
    for words in (["-x", "c++-header", "a.h", "-o", "c.pch"], ["a.h", "-o", "c.pch"]):
        run([args.raddle, "c++", "-std=c++20", *words], directory)
        run([args.raddle, "c++", "-std=c++20", "-include-pch", "c.pch", "a.cpp", "-o", "c"], directory)
        expect_hooks(directory, "c")


def static_objects(args, directory):
    """Only a link must not be static: what makefiles give to every job compiles."""
    write(directory, a_cpp="int g_count;\nint main() { return g_count++; }\n")
    run([args.raddle, "c++", "-static", "-c", "a.cpp", "-o", "a.o"], directory)
    expect_hooks(directory, "a.o")
    run([args.raddle, "c++", "a.o", "-o", "a"], directory)
    run(["./a"], directory)


def thread_sanitizer(args, directory):
    """Its own runtime and raddle's in one program hang: both ways to get there are refused."""
    write(directory, race_cpp="#include <thread>\nint n;\nint main() { std::thread t([] { ++n; }); t.join(); }\n")
    both = subprocess.run([args.clangxx, f"--config={args.config}", "-fsanitize=thread", "-c", "race.cpp"], cwd=directory,
                          capture_output=True, text=True, timeout=200, check=False)
    if both.returncode == 0 or "raddle flags --tsan" not in both.stderr:
        sys.exit(f"not refused: {both.stderr}")
    link = shlex.split(run([args.raddle, "flags", "--link"], directory))
    run([args.clangxx, "-fsanitize=thread", "race.cpp", *link, "-o", "race"], directory)
    recorded = subprocess.run(["./race"], cwd=directory, env={**os.environ, "RADDLE_OPTIONS": "trace=race.raddle"},
                              capture_output=True, text=True, timeout=100, check=False)
    if recorded.returncode != 0 or "nothing can be recorded" not in recorded.stderr:
        sys.exit(f"status {recorded.returncode}: {recorded.stderr}")


def modules(args, directory):
    write(directory, numbers_cppm=MODULE, main_cpp=IMPORTER)
    compiler = [args.clangxx, "-std=c++20", f"--config={args.config}", "-Werror"]
    run([*compiler, "--precompile", "numbers.cppm", "-o", "numbers.pcm"], directory)
    run([*compiler, "-c", "numbers.pcm", "-o", "numbers.o"], directory)
    run([*compiler, "-fprebuilt-module-path=.", "-c", "main.cpp", "-o", "main.o"], directory)
    expect_hooks(directory, "numbers.o")
    run([*compiler, "main.o", "numbers.o", "-o", "main"], directory)
    run(["./main"], directory)


def late_library(args, directory):
    """A plugin has the flag, its program has not: raddle's library comes with the plugin, unless it is preloaded."""
    write(directory, plugin_cpp='int n;\nextern "C" void count() { ++n; }\n', host_cpp="""
#include <dlfcn.h>
#include <thread>
int main() {
  void* plugin = dlopen("./plugin.so", RTLD_NOW);
  if (plugin == nullptr) return 1;
  auto* count = reinterpret_cast<void (*)()>(dlsym(plugin, "count"));
  std::thread a(count), b(count);
  a.join();
  b.join();
}
""")
    run([args.clangxx, f"--config={args.config}", "-shared", "-fPIC", "plugin.cpp", "-o", "plugin.so"], directory)
    run([args.clangxx, "-std=c++20", "-pthread", "host.cpp", "-o", "host"], directory)
    late = subprocess.run(["./host"], cwd=directory, env={**os.environ, "RADDLE_OPTIONS": "trace=late.raddle"},
                          capture_output=True, text=True, timeout=100, check=False)
    library = late.stderr.rpartition("LD_PRELOAD=")[2].strip()
    if late.returncode != 0 or not os.path.exists(library):
        sys.exit(f"status {late.returncode}: {late.stderr}")
    found = subprocess.run([args.raddle, "run", "./host"], cwd=directory, env={**os.environ, "LD_PRELOAD": library},
                           capture_output=True, text=True, timeout=100, check=False)
    if found.returncode != 66 or "data race on n" not in found.stderr or "LD_PRELOAD" in found.stderr:
        sys.exit(f"status {found.returncode}: {found.stderr}")


def another_plugin(args, directory):
    """A copy of the configuration, to be changed as a new release would: the plugin's hash is in the stamp."""
    place = os.path.dirname(args.config)
    for name in os.listdir(place):
        if os.path.isfile(f"{place}/{name}") and name.endswith((".cfg", ".h", ".so")):
            os.makedirs(f"{directory}/lib/raddle", exist_ok=True)
            shutil.copy(f"{place}/{name}", f"{directory}/lib/raddle/{name}")
    stamp = f"{directory}/lib/raddle/raddle_stamp.h"

    def renew():
        text = open(stamp, encoding="utf-8").read()
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(text.replace('build "', 'build "0'))
    return f"{directory}/lib/raddle/raddle.cfg", renew


def ccache_notices_another_plugin(args, directory):
    if shutil.which("ccache") is None:
        return
    config, renew = another_plugin(args, directory)
    write(directory, a_cpp=MODULE.replace("export ", "").replace("module numbers;\n", ""))
    cache = {"CCACHE_DIR": f"{directory}/cache", "CCACHE_DISABLE": "", "CCACHE_NODISABLE": "1", "CCACHE_SLOPPINESS": ""}

    def misses():
        run(["ccache", args.clangxx, f"--config={config}", "-c", "a.cpp", "-o", "a.o"], directory, **cache)
        lines = dict(line.split("\t") for line in run(["ccache", "--print-stats"], directory, **cache).splitlines())
        return int(lines["cache_miss"])
    first, again = misses(), misses()
    renew()
    if (again - first, misses() - again) != (0, 1):
        sys.exit("ccache: wanted a hit with the same plugin and a miss with another")


def ninja_notices_another_plugin(args, directory):
    config, renew = another_plugin(args, directory)
    write(directory, a_cpp=USER.replace('#include "a.h"\n', HEADER.replace("#pragma once\n", "")))
    with open(f"{directory}/build.ninja", "w", encoding="utf-8") as file:
        file.write(f"rule cxx\n  command = {args.clangxx} --config={config} -MMD -MF $out.d -c $in -o $out\n  depfile = $out.d\n"
                   "  deps = gcc\nbuild a.o: cxx a.cpp\n")
    run(["ninja"], directory)
    if "no work" not in run(["ninja"], directory):
        sys.exit("ninja builds again without a reason")
    renew()
    if "no work" in run(["ninja"], directory):
        sys.exit("ninja does not build again what another plugin made")


def main():
    checks = [precompiled_header, modules, thread_sanitizer, static_objects, late_library, ccache_notices_another_plugin,
              ninja_notices_another_plugin]
    parser = argparse.ArgumentParser()
    for name in ("clangxx", "config", "raddle"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("check", choices=[check.__name__ for check in checks])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        next(check for check in checks if check.__name__ == args.check)(args, directory)


if __name__ == "__main__":
    main()
