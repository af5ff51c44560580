"""Counts what ./dev test left in a folder, prints every failure, and ends with "N passed, N failed".

results.py FOLDER

Of each suite the folder holds <name>.log, its exit code in <name>.code, and what its framework wrote: <name>.json
(GoogleTest) or <name>.xml (pytest). A suite that ended badly without naming a failure, as a crash does, counts as one.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as xml

LINES_SHOWN = 40


class Count:
    def __init__(self):
        self.passed, self.failures, self.skipped = 0, [], []

    def add(self, name, failure, skipped):
        if failure is not None:
            self.failures.append((name, failure))
        elif skipped:
            self.skipped.append(name)
        else:
            self.passed += 1


def count_gtest(path, count):
    for suite in json.loads(path.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            text = "\n".join(failure["failure"] for failure in test.get("failures", [])) or None
            skipped = test["result"] == "SKIPPED" or test["status"] != "RUN"
            count.add(f"{suite['name']}.{test['name']}", text, skipped)


def count_pytest(path, count):
    for case in xml.parse(path).iter("testcase"):
        found = [node for node in case if node.tag in ("failure", "error")]
        text = "\n".join(node.text or node.get("message", "") for node in found) if found else None
        count.add(f"{case.get('classname')}.{case.get('name')}", text, case.find("skipped") is not None)


def count_suite(folder, name, count):
    before = len(count.failures)
    for suffix, read in ((".json", count_gtest), (".xml", count_pytest)):
        report = folder / (name + suffix)
        if report.exists() and report.stat().st_size:
            read(report, count)
            break
    code = int((folder / f"{name}.code").read_text())
    if code != 0 and len(count.failures) == before:
        count.failures.append((name, f"ended with code {code}; the end of {folder / name}.log:\n{tail(folder, name)}"))


def tail(folder, name):
    return "\n".join((folder / f"{name}.log").read_text(errors="replace").splitlines()[-LINES_SHOWN:])


def main():
    folder, count = pathlib.Path(sys.argv[1]), Count()
    for code in sorted(folder.glob("*.code")):
        count_suite(folder, code.stem, count)
    for name, text in count.failures:
        print(f"\nFAILED {name}\n{text}")
    if count.skipped:
        print(f"\n{len(count.skipped)} skipped: {', '.join(count.skipped)}")
    if not count.passed and not count.failures:
        print("no test matches; ./dev test --help says what a filter may be")
    print(f"{count.passed} passed, {len(count.failures)} failed")
    sys.exit(0 if count.passed and not count.failures else 1)


if __name__ == "__main__":
    main()
