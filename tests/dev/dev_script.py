"""What the tests of ./dev share."""

import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[2]


def run(*command, **settings):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, **settings)


def run_python(script, *arguments):
    return run(sys.executable, ROOT / "dev.d" / script, *arguments)


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)
