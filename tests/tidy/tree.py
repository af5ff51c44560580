"""The tree as the tidy tests see it: what git tracks or would."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _listed():
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return sorted(name for name in set(done.stdout.split("\0")) if name and (ROOT / name).is_file())


FILES = _listed()
CPP = [name for name in FILES if name.endswith((".cpp", ".hpp"))]


def text_of(name):
    return (ROOT / name).read_text(errors="replace")


def lines_of(name):
    return text_of(name).splitlines()


def includes_of(name):
    """(line number, what stands between the quotes or brackets, whether in brackets)"""
    for number, line in enumerate(lines_of(name), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found[2], found[1] == "<"


def said(breaches):
    """All breaches as the message of one failure; empty where there are none."""
    return "\n" + "\n".join(breaches) if breaches else ""
