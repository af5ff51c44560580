import json

import pytest

from dev_script import run_python


class Folder:
    """What a run of ./dev test leaves behind."""

    def __init__(self, path):
        self.path = path

    def suite(self, name, code, report=None):
        (self.path / f"{name}.code").write_text(f"{code}\n")
        (self.path / f"{name}.log").write_text("the last words\n")
        if report:
            suffix, text = report
            (self.path / f"{name}{suffix}").write_text(text)

    def told(self):
        done = run_python("results.py", self.path)
        return done.returncode, done.stdout, done.stdout.splitlines()[-1]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def gtest(*results):
    tests = [
        {"name": f"t{i}", "status": "RUN", "result": "SKIPPED" if result == "skipped" else "COMPLETED"}
        | ({"failures": [{"failure": "one is not two"}]} if result == "failed" else {})
        for i, result in enumerate(results)
    ]
    return ".json", json.dumps({"testsuites": [{"name": "Suite", "testsuite": tests}]})


def test_passed_tests_of_both_frameworks_are_counted(folder):
    folder.suite("core_test", 0, gtest("passed", "passed"))
    folder.suite("python", 0, (".xml", '<testsuites><testsuite><testcase name="a"/></testsuite></testsuites>'))
    assert folder.told()[::2] == (0, "3 passed, 0 failed")


def test_a_failure_is_named_with_its_words(folder):
    folder.suite("core_test", 1, gtest("passed", "failed"))
    code, text, last = folder.told()
    assert (code, last) == (1, "1 passed, 1 failed")
    assert "FAILED Suite.t1\none is not two" in text


def test_a_program_that_crashed_counts_as_one_failure_and_its_last_words_are_shown(folder):
    folder.suite("core_test", 139)
    code, text, last = folder.told()
    assert (code, last) == (1, "0 passed, 1 failed")
    assert "the last words" in text


def test_a_crash_after_tests_that_passed_is_a_failure_too(folder):
    folder.suite("core_test", 139, gtest("passed"))
    assert folder.told()[::2] == (1, "1 passed, 1 failed")


def test_a_skipped_test_is_neither_and_is_named(folder):
    folder.suite("core_test", 0, gtest("passed", "skipped"))
    code, text, last = folder.told()
    assert (code, last) == (0, "1 passed, 0 failed") and "1 skipped: Suite.t1" in text


def test_a_run_without_any_test_is_not_a_success(folder):
    assert folder.told()[::2] == (1, "0 passed, 0 failed")
