"""Makes examples/fraud importable, with a data folder of its own."""
import os
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "fraud"
FIRST = EXAMPLE / "first"

sys.path.insert(0, str(EXAMPLE))
_folder = tempfile.TemporaryDirectory(prefix="fraud-test-")
os.environ["SLUICE_DEV_DIR"] = _folder.name
