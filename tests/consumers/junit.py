"""Reads a JUnit report as a consumer does, and compares it with the JSON report of the same audit.

usage: junit.py REPORT.xml REPORT.json SCHEMA.xsd

The schema is the one that Jenkins' xUnit plugin publishes. It lacks three attributes that consumers read all the
same: `file` and `line` of a test (GitLab links them, pytest writes them), and `skipped` of the whole. They are taken
out, and nothing else, before the schema is asked.
"""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

from junitparser import Error, Failure, JUnitXml, Skipped

report, of_json, schema = sys.argv[1:]

tree = ET.parse(report)
tree.getroot().attrib.pop("skipped")
for test in tree.iter("testcase"):
    test.attrib.pop("file", None)
    test.attrib.pop("line", None)
subprocess.run(["xmllint", "--nonet", "--noout", "--schema", schema, "-"], input=ET.tostring(tree.getroot()), check=True)

with open(of_json, encoding="utf-8") as file:
    audit = json.load(file)
expected = sorted((finding["rule"], finding["severity"], finding["message"]) for finding in audit["findings"])

suites = JUnitXml.fromfile(report)
found, passed, names, errors = [], 0, set(), 0
for suite in suites:
    for test in suite:
        name = (test.classname, test.name)
        assert name not in names, f"two tests are called {name}"
        names.add(name)
        assert test.classname == f"xmpp-audit.{suite.name}", test.classname
        passed += test.is_passed
        for result in test.result:
            if isinstance(result, Failure):
                found.append((suite.name, result.type, result.message))
                assert result.text.strip(), "a failure without a text"
            elif isinstance(result, Error):
                errors += 1
            else:
                assert isinstance(result, Skipped), result
assert sorted(found) == expected, "the JUnit report tells of other findings than the JSON report"
assert suites.failures == len(found) and suites.errors == errors and suites.tests == len(names)
assert passed > 0, "no rule has passed"
assert errors == audit["summary"]["inputs"]["failed"], "files that failed are errors"
print(f"junit: {len(names)} tests, {len(found)} failures, {errors} errors, {passed} passed; valid")
