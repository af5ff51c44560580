"""Names, sizes and words."""

import re

from tree import CPP, FILES, lines_of, said, text_of

LONG = (".cpp", ".hpp", ".py", ".sh", ".sql", ".cmake")
NAMES = {
    "Manager": "what it does: Loop, Server, Children",
    "Helper": "what it helps with",
    "Util": "what it is for; it belongs to whom it serves",
    "Utils": "what it is for; it belongs to whom it serves",
    "Processor": "what it makes: Copier, Codec",
}
# Spelt so that this file does not name them itself.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w.$}*-])/(work|root|Users|home/\w+|mnt/\w+)/\w")
REGISTRY = re.compile(r"\b(artifactory|jfrog|nexus|pkgs\.dev|(extra-)?index-url|registry\.npmjs)\b|\.internal[/:]", re.I)
OURS = [name for name in FILES if not name.endswith((".onnx", ".csv")) and name != "LICENSE"]
HERE = "tests/tidy/"


def lines(names, pattern):
    for name in names:
        for number, line in enumerate(lines_of(name), 1):
            found = pattern.search(line)
            if found:
                yield name, number, found


def test_no_file_is_longer_than_600_lines():
    breaches = [f"{name} has {count} lines: what second question does it answer?" for name in FILES
                if name.endswith(LONG) and (count := len(lines_of(name))) > 600]  # fmt: skip
    assert not breaches, said(breaches)


def test_no_main_is_longer_than_60_lines():
    breaches = [f"{name} has {count} lines: all but the wiring belongs to a library, which tests link too." for name in CPP
                if name.endswith("/main.cpp") and (count := len(lines_of(name))) > 60]  # fmt: skip
    assert not breaches, said(breaches)


def test_no_type_has_a_name_that_says_nothing():
    pattern = re.compile(r"\b(?:class|struct|enum|using)\s+(?:class\s+)?\w*?(" + "|".join(NAMES) + r")\b")
    breaches = [f"{name}:{number} names a type …{found[1]}: say {NAMES[found[1]]}."
                for name, number, found in lines(CPP, pattern)]  # fmt: skip
    assert not breaches, said(breaches)


def test_no_file_has_a_name_that_says_nothing():
    pattern = re.compile(r"(^|[/_])(utils?|helpers?|misc|manager|common_stuff)([/_.]|$)")
    breaches = [f"{name}: say what it is for." for name in FILES if pattern.search(name)]
    assert not breaches, said(breaches)


def test_nothing_is_left_for_later():
    breaches = [f"{name}:{number} says {found[1]}: do it, or file an issue."
                for name, number, found in lines(OURS, UNFINISHED)]  # fmt: skip
    assert not breaches, said(breaches)


def test_no_test_sleeps():
    tests = [name for name in FILES if name.startswith("tests/") and not name.startswith(HERE)]
    cpp = lines([name for name in tests if name in CPP], re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b"))
    # What waits for a process asks again and again up to a limit: in the folder's support, once, and never in a test.
    python = lines([name for name in tests if "/test_" in name and name.endswith(".py")], re.compile(r"\btime\.sleep\b"))
    breaches = [f"{name}:{number} calls {found[0]}: wait for what you mean, with a limit, or move a clock of your own."
                for name, number, found in [*cpp, *python]]  # fmt: skip
    assert not breaches, said(breaches)


def test_no_switch_over_our_own_enums_has_a_default():
    rooms = ("common/core/", "common/runtime/", "events/", "rules/", "services/")
    names = [name for name in CPP if name.startswith(rooms)]
    breaches = [f"{name}:{number} has a default: name every case, so that a new one does not compile."
                for name, number, _ in lines(names, re.compile(r"^\s*default\s*:"))]  # fmt: skip
    assert not breaches, said(breaches)


def test_no_file_knows_on_which_machine_it_was_written():
    names = [name for name in OURS if not name.startswith(HERE)]
    breaches = [f"{name}:{number} names {found[0]}: it means something on one machine only."
                for pattern in (MACHINE, REGISTRY) for name, number, found in lines(names, pattern)]  # fmt: skip
    assert not breaches, said(breaches)


def test_tests_are_sentences():
    pattern = re.compile(r"^(?:TYPED_)?TEST(?:_F|_P)?\(\w+, (\w+)\)")
    breaches = [f"{name}:{number}: {found[1]} is no sentence in snake_case." for name, number, found in lines(CPP, pattern)
                if found[1] != found[1].lower() or "_" not in found[1]]  # fmt: skip
    assert not breaches, said(breaches)


def test_text_is_utf8_without_tabs_and_blanks_at_the_end():
    breaches = []
    for name in OURS:
        text = text_of(name)
        if "\ufffd" in text and not name.endswith((".hpp", ".cpp")):
            breaches.append(f"{name} is not UTF-8.")
        if text and not text.endswith("\n"):
            breaches.append(f"{name} does not end with a new line.")
        if name.endswith(LONG) and re.search(r"[ \t]+$", text, re.M):
            breaches.append(f"{name} has blanks at the end of a line.")
        if name.endswith((".cpp", ".hpp", ".py")) and "\t" in text:
            breaches.append(f"{name} has a tab.")
    assert not breaches, said(breaches)
