#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`raddle check --format html`: the page as text, its pictures, and, where there is a browser, the viewer in it."""

import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

RADDLE = os.environ.get("RADDLE", "raddle")
PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", "."))
PAGE = pathlib.Path(os.environ.get("PAGE", "page_viewer.js"))
SKIPPED = 77


def raddle(*words):
    return subprocess.run([RADDLE, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)


class Reader(html.parser.HTMLParser):
    """What the page has: its text outside of scripts, what it refers to, its pictures, and tags that were not closed."""

    def __init__(self, page):
        super().__init__()
        self.text, self.references, self.ids, self.pictures, self.open = "", [], [], 0, []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.references += [known[name] for name in ("href", "src") if name in known]
        self.ids += [known["id"]] if "id" in known else []
        self.pictures += tag == "img"
        if tag not in ("meta", "img", "br", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text += data


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.dir = pathlib.Path(place.name)
        cls.trace = cls.dir / "demo.raddle"
        raddle("run", "-o", cls.trace, "--", PROGRAMS / "example_demo")
        cls.page = cls.dir / "demo.html"
        cls.run_of_check = raddle("check", cls.trace, "--report", cls.page)


class Page(Base):
    def test_the_extension_chooses_the_format_and_findings_the_status(self):
        self.assertEqual(self.run_of_check.returncode, 66, self.run_of_check.stderr)
        self.assertTrue(self.page.read_text().startswith("<!doctype html>"))

    def test_each_finding_is_told_in_words_with_its_source(self):
        text = Reader(self.page.read_text()).text
        for words in ("data race on statistics", "leaked: waits to send on answers (channel", "statistics.bytes +=", "demo.cpp", "What to do"):
            self.assertIn(words, text)

    def test_tags_are_closed_and_anchors_are_there(self):
        reader = Reader(self.page.read_text())
        self.assertEqual(reader.open, [])
        for reference in reader.references:
            if reference.startswith("#finding-"):
                self.assertIn(reference[1:], reader.ids)
        self.assertIn("#finding-2", reader.references)

    def test_the_page_refers_to_nothing_outside_of_itself(self):
        for reference in Reader(self.page.read_text()).references:
            self.assertTrue(reference.startswith(("#", "data:")), reference[:80])

    def test_a_clean_run_says_so(self):
        trace = self.dir / "clean.raddle"
        raddle("run", "-o", trace, "--", PROGRAMS / "example_hello_tasks")
        run = raddle("check", trace, "--format", "html")
        self.assertEqual(run.returncode, 0)
        self.assertIn("Nothing was found", Reader(run.stdout).text)


class Pictures(Base):
    """A raddle without the viewer for pages: a copy of the command and its own viewer alone."""

    def check(self, *words):
        bin_dir = self.dir / "bin"
        bin_dir.mkdir(exist_ok=True)
        for name in ("raddle", "raddle-view"):
            built = pathlib.Path(RADDLE).parent / name
            if not built.exists():
                print("skipped: built without the viewer")
                sys.exit(SKIPPED)
            shutil.copy(built, bin_dir / name)
        run = subprocess.run([bin_dir / "raddle", "check", self.trace, "--format", "html", *words], capture_output=True, text=True,
                             timeout=100, check=False)
        return run.stdout

    def test_without_the_viewer_each_finding_has_its_picture(self):
        reader = Reader(self.check())
        self.assertEqual(reader.pictures, 2)
        self.assertNotIn("viewer", reader.ids)

    def test_a_finding_keeps_its_own_picture_where_another_is_suppressed(self):
        (self.dir / "known").write_text("race:*\n")
        pictures = [re.findall(r'data:image/png;base64,[^"]*', page)
                    for page in (self.check(), self.check("--suppressions", self.dir / "known"))]
        self.assertEqual([len(of_page) for of_page in pictures], [2, 1])
        self.assertEqual(pictures[1][0], pictures[0][1])

    def test_without_any_viewer_the_page_is_words_alone(self):
        (self.dir / "alone").mkdir()
        shutil.copy(RADDLE, self.dir / "alone" / "raddle")
        run = subprocess.run([self.dir / "alone" / "raddle", "check", self.trace, "--format", "html"], capture_output=True, text=True,
                             timeout=100, check=False)
        self.assertEqual(run.returncode, 66)
        self.assertEqual(Reader(run.stdout).pictures, 0)


class Browser(Base):
    """The page in headless Chromium: what is drawn, by the viewer's own records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        options = webdriver.ChromeOptions()
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000"):
            options.add_argument(word)
        options.binary_location = shutil.which("chromium")
        cls.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        cls.addClassCleanup(cls.driver.quit)

    def setUp(self):
        self.driver.get("about:blank")
        self.driver.get(self.page.as_uri())
        self.settle()

    def settle(self):
        for _ in range(600):
            if self.driver.execute_script("return document.documentElement.dataset.viewer") == "ready":
                return
            time.sleep(0.05)
        self.fail("the viewer does not come to rest")

    def link(self):
        return self.driver.execute_script("return location.hash")

    def press(self, keys):
        ActionChains(self.driver).send_keys(keys).perform()
        self.settle()

    def test_it_opens_on_the_first_finding(self):
        self.assertTrue(self.link().startswith("#f=1"), self.link())
        records = self.driver.execute_script("return JSON.stringify(Module.records())")
        self.assertIn("data race on statistics", records)

    def test_keys_walk_through_the_findings(self):
        self.driver.find_element("id", "viewer").click()
        self.settle()
        self.press("n")
        self.assertTrue(self.link().startswith("#f=2"), self.link())
        self.press("p")
        self.assertTrue(self.link().startswith("#f=1"), self.link())

    def test_a_link_in_the_words_shows_the_finding_on_the_timeline(self):
        self.driver.execute_script("document.querySelector('#finding-2 a[href=\"#f=2\"]').click()")
        self.settle()
        self.assertTrue(self.link().startswith("#f=2"), self.link())

    def test_nothing_is_said_on_the_console(self):
        self.assertEqual([entry for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"], [])


def has_browser():
    return PAGE.exists() and shutil.which("chromium") and shutil.which("chromedriver")


if __name__ == "__main__":
    if "Browser" in sys.argv:
        try:
            from selenium import webdriver
            from selenium.webdriver.chrome.service import Service
            from selenium.webdriver.common.action_chains import ActionChains
        except ImportError:
            webdriver = None
        if webdriver is None or not has_browser():
            print("skipped: no viewer for pages, or no chromium, chromium-driver and python3-selenium (scripts/setup --html)")
            sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
