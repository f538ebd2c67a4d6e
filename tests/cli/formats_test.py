#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reports of real findings in other tools' formats, against what the standards and those tools ask for.

SARIF: the 2.1.0 specification's "SHALL"s on what we write, and what code scanning needs on top; if RADDLE_SARIF_SCHEMA names a
copy of the standard's schema, that too. JUnit: the attributes and types of the schemas that CI servers use.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

RADDLE = os.environ.get("RADDLE", "raddle")
PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", "."))
EXAMPLES = ["unsafe_counter", "leaking_fetch", "send_after_close", "bank_deadlock", "hello_tasks"]
URI = re.compile(r"(file://)?[\w./~+%-]+")
LINK = re.compile(r"(?<!\\)\]\((\d+)\)")


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.place.cleanup)
        cls.traces = {}
        for example in EXAMPLES:
            cls.traces[example] = pathlib.Path(cls.place.name) / f"{example}.raddle"
            subprocess.run([RADDLE, "run", "-o", cls.traces[example], "--", PROGRAMS / f"example_{example}"],
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=100, check=False)

    def reports(self, form):
        for example, trace in self.traces.items():
            with self.subTest(example=example):
                check = subprocess.run([RADDLE, "check", trace, "--format", form], stdin=subprocess.DEVNULL, capture_output=True,
                                       text=True, timeout=100, check=False)
                self.assertIn(check.returncode, (0, 66), check.stderr)
                yield check.stdout, check.returncode == 66

    def assert_location(self, location):
        place = location["physicalLocation"]
        self.assertRegex(place["artifactLocation"]["uri"], re.compile(f"^{URI.pattern}$"))
        region = place["region"]
        self.assertGreaterEqual(region["startLine"], 1)
        self.assertGreaterEqual(region["startColumn"], 1)
        self.assertGreaterEqual((region["endLine"], region["endColumn"]), (region["startLine"], region["startColumn"]))

    def assert_result(self, result, rules):
        self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        self.assertIn(result["level"], ("error", "warning", "note"))
        self.assertEqual(len(result["locations"]), 1)
        self.assert_location(result["locations"][0])
        self.assertGreaterEqual(result["occurrenceCount"], 1)
        self.assertTrue(result["partialFingerprints"]["raddle/v1"])
        self.assertRegex(result["partialFingerprints"]["primaryLocationLineHash"], r"^[0-9a-f]+:\d+$")
        ids = [related["id"] for related in result["relatedLocations"]]
        self.assertEqual(len(ids), len(set(ids)))
        for related in result["relatedLocations"]:
            self.assert_location(related)
            self.assertTrue(related["message"]["text"])
        links = [int(number) for number in LINK.findall(result["message"]["text"])]
        self.assertTrue(links)
        self.assertLessEqual(set(links), set(ids))
        for flow in result["codeFlows"]:
            self.assertGreaterEqual(len(flow["threadFlows"]), 1)
            for thread in flow["threadFlows"]:
                self.assertGreaterEqual(len(thread["locations"]), 1)
                for step in thread["locations"]:
                    self.assert_location(step["location"])
                self.assertGreaterEqual(thread["locations"][-1]["executionOrder"], 1)

    def test_sarif_has_what_the_standard_and_code_scanning_ask_for(self):
        for text, has_findings in self.reports("sarif"):
            report = json.loads(text)
            self.assertEqual(report["version"], "2.1.0")
            self.assertTrue(report["$schema"].endswith("sarif-2.1.0.json"))
            self.assertEqual(len(report["runs"]), 1)
            run = report["runs"][0]
            driver = run["tool"]["driver"]
            self.assertEqual(driver["name"], "raddle")
            self.assertRegex(driver["semanticVersion"], r"^\d+\.\d+\.\d+")
            rules = driver["rules"]
            self.assertEqual(len(rules), len({rule["id"] for rule in rules}))
            for rule in rules:
                for member in ("shortDescription", "fullDescription", "help"):
                    self.assertTrue(rule[member]["text"])
            self.assertEqual(bool(run["results"]), has_findings)
            for result in run["results"]:
                self.assert_result(result, rules)

    @unittest.skipUnless("RADDLE_SARIF_SCHEMA" in os.environ, "RADDLE_SARIF_SCHEMA names no copy of the schema")
    def test_sarif_follows_the_standards_schema(self):
        for text, _ in self.reports("sarif"):
            file = pathlib.Path(self.place.name) / "r.sarif"
            file.write_text(text)
            valid = subprocess.run(["/usr/bin/python3", "-W", "ignore", "-m", "jsonschema", "-i", file, os.environ["RADDLE_SARIF_SCHEMA"]],
                                   capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((valid.returncode, valid.stdout), (0, ""), valid.stderr)

    def test_junit_has_the_attributes_and_types_of_the_usual_schemas(self):
        for text, has_findings in self.reports("junit"):
            suites = xml.fromstring(text)
            self.assertEqual(suites.tag, "testsuites")
            self.assertEqual([suite.tag for suite in suites], ["testsuite"])
            suite = suites[0]
            cases = suite.findall("testcase")
            failures = suite.findall("testcase/failure")
            self.assertEqual(len(cases), len(suite))
            self.assertEqual(bool(failures), has_findings)
            for element in (suites, suite):
                self.assertEqual(int(element.get("tests")), len(cases))
                self.assertEqual(int(element.get("failures")), len(failures))
            self.assertEqual((suite.get("errors"), suite.get("skipped")), ("0", "0"))
            self.assertTrue(suite.get("name"))
            for element in [suite, *cases]:
                self.assertRegex(element.get("time"), r"^\d+(\.\d+)?$")  # xs:decimal: no exponent
            self.assertEqual(len(cases), len({(case.get("classname"), case.get("name")) for case in cases}))
            for failure in failures:
                self.assertTrue(failure.get("message") and failure.get("type") and failure.text)


if __name__ == "__main__":
    unittest.main()
