"""Makes examples/fraud importable."""
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLE = REPOSITORY / "examples" / "fraud"
FIRST = EXAMPLE / "first"

sys.path.insert(0, str(EXAMPLE))
