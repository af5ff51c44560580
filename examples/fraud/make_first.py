"""Makes first/ again: a small model and everything that its completion needs, for trying Sluice with curl alone.

    python make_first.py
"""
import json

import world as worlds
from completion import Run, completion
from models import VARIANTS
from settings import HERE
from train import trained
from world import SEED

# When it was trained, and from which code: said here, so that the same libraries give the same bytes.
RUN = Run(
    id="first",
    started_at="2026-01-31T02:00:00.000Z",
    finished_at="2026-01-31T02:00:04.000Z",
    commit="4827dcd8774e71c255cfb43f4fbcfc284c74a5e0",
    dirty=False,
    seed=SEED,
)


def main() -> None:
    world, variant, folder = worlds.load(), VARIANTS["v1"], HERE / "first"
    made = trained(variant, world, SEED)
    event = completion(RUN, made, world, variant.parameters)
    (folder / "model.onnx").write_bytes(made.artifact)
    (folder / "probe.csv").write_bytes(made.probe)
    (folder / "reference.json").write_bytes(made.reference)
    (folder / "completion.json").write_text(json.dumps(event, indent=2) + "\n")


if __name__ == "__main__":
    main()
