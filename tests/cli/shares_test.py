#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A check in shares, by the recipes of docs/large-traces.md, gives the report of a check in one piece."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

RADDLE = os.environ["RADDLE"]
GENERATE = os.environ["GENERATE"]
RECIPES = (pathlib.Path(__file__).parents[2] / "docs" / "large-traces.md").read_text()


def recipe(name):
    return re.search(rf"```sh {name}\n(.*?)```", RECIPES, re.S).group(1)


class Shares(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.dir = pathlib.Path(place.name)
        bin_dir = self.dir / "bin"
        bin_dir.mkdir()
        (bin_dir / "raddle").symlink_to(RADDLE)
        self.trace = self.dir / "t.raddle"
        subprocess.run([GENERATE, "threads", self.trace, "--tasks", "6", "--events", "60000"], check=True,
                       stdout=subprocess.DEVNULL)
        self.env = {**os.environ, "PATH": f"{bin_dir}:{os.environ['PATH']}", "TRACE": str(self.trace)}
        self.whole = self.raddle("check", self.trace)
        self.assertEqual(self.whole.returncode, 66, self.whole.stderr)

    def raddle(self, *words):
        return subprocess.run([RADDLE, *map(str, words)], cwd=self.dir, capture_output=True, text=True, timeout=100)

    def sh(self, script, **env):
        return subprocess.run(["sh", "-c", script], cwd=self.dir, env={**self.env, **env}, capture_output=True, text=True,
                              timeout=100)

    def merge(self):
        return self.raddle("merge", self.trace, *sorted(self.dir.glob("*.part")))

    def test_threads(self):
        self.assertEqual(self.raddle("check", "--threads", "3", self.trace).stdout, self.whole.stdout)

    @unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
    def test_gnu_parallel(self):
        self.assertEqual(self.sh(recipe("parallel")).stdout, self.whole.stdout)

    def test_slurm_array(self):
        for share in "3124":
            self.assertEqual(self.sh(recipe("slurm"), SLURM_ARRAY_TASK_ID=share).returncode, 0)
        self.assertEqual(self.merge().stdout, self.whole.stdout)

    def test_a_lost_part_is_named_and_can_be_made_again(self):
        for share in "124":
            self.sh(recipe("slurm"), SLURM_ARRAY_TASK_ID=share)
        (self.dir / "3.part.unfinished").write_bytes(b"half")  # what a killed one leaves
        merged = self.merge()
        self.assertEqual(merged.returncode, 2)
        self.assertIn("share 3 of 4 is missing", merged.stderr)
        self.sh(recipe("slurm"), SLURM_ARRAY_TASK_ID="3")
        self.assertEqual(self.merge().stdout, self.whole.stdout)

    def test_a_damaged_part_is_refused(self):
        part = self.dir / "1.part"
        self.raddle("check", "--share", "1/1", "--part", part, self.trace)
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(data)
        merged = self.merge()
        self.assertEqual(merged.returncode, 2)
        self.assertIn("1.part", merged.stderr)


if __name__ == "__main__":
    unittest.main()
