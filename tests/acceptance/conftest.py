"""A running system, and the demo's story told on it once."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from system import ROOT

STORY_S = 900


@pytest.fixture(scope="session")
def story() -> dict:
    """What the demo says of its own steps, after everything in it held."""
    told = subprocess.run([sys.executable, "-u", str(ROOT / "examples/fraud/demo.py")], capture_output=True, text=True,
                          timeout=STORY_S, cwd=ROOT)
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-3000:]
    return json.loads((Path(os.environ["SLUICE_DEV_DIR"]) / "demo.json").read_text())
