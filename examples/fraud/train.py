"""One training job: trains, converts to ONNX, hands in the files, says "completed".

    python train.py v1|v2|v3|v4 [--seed 7] [--run-id ID] [--dry-run]
"""
import argparse
import json
import uuid
from hashlib import sha256
from pathlib import Path

import world as worlds
from completion import Run, Trained, code_state, completion, environment_digest, now
from evidence import metrics, probe_csv, probe_rows, reference_json
from features import FEATURES
from listener import Refused, post_event, put_artifact
from models import VARIANTS, Variant, scores, to_onnx, train
from settings import HERE, cache_dir, setting, write_whole
from world import World


def trained(variant: Variant, world: World, seed: int) -> Trained:
    """Trains on days 7-29, measures itself on days 30-39 of the features that it knows."""
    x, y = (world.stale if variant.stale else world.point_in_time), world.is_fraud()
    usable = world.rows(range(0, 60)) if variant.takes_nulls else world.without_nulls()
    fit, test = world.rows(worlds.TRAINING_DAYS) & usable, world.rows(worlds.EVALUATION_DAYS) & usable
    model = train(variant, x[fit], y[fit], seed)
    probes, on_test = probe_rows(x[test]), scores(model, x[test])
    return Trained(
        artifact=to_onnx(variant, model),
        probe=probe_csv(probes, scores(model, probes)),
        reference=reference_json(x[fit], scores(model, x[fit])),
        metrics=metrics(y[test], on_test, x[test][:, FEATURES.index("abroad")] == 1),
    )


def trained_or_kept(name: str, world: World, seed: int) -> Trained:
    """The same code, rows, seed and libraries give the same model: it is trained once and kept."""
    folder = cache_dir() / "models" / f"{name}-{seed}-{_made_by(world)}"
    if not (folder / "metrics.json").exists():
        _keep(folder, trained(VARIANTS[name], world, seed))
    files = (folder / file for file in ("model.onnx", "probe.csv", "reference.json"))
    return Trained(*(file.read_bytes() for file in files), json.loads((folder / "metrics.json").read_text()))


def hand_in(made: Trained, event: dict) -> dict:
    token = setting("SLUICE_TOKEN_TRAINER")
    for content in (made.artifact, made.probe, made.reference):
        put_artifact(content, token)
    return post_event(event, token)


def _keep(folder: Path, made: Trained) -> None:
    write_whole(folder / "model.onnx", made.artifact)
    write_whole(folder / "probe.csv", made.probe)
    write_whole(folder / "reference.json", made.reference)
    write_whole(folder / "metrics.json", json.dumps(made.metrics).encode())  # last: says that the others are there


def _made_by(world: World) -> str:
    code = b"".join((HERE / name).read_bytes() for name in ("models.py", "evidence.py", "train.py"))
    return sha256(code + world.digest.encode() + environment_digest().encode()).hexdigest()[:12]


def main() -> None:
    arguments = argparse.ArgumentParser(description="Trains a fraud model and hands it in.")
    arguments.add_argument("variant", choices=VARIANTS, help="; ".join(f"{k}: {v.says}" for k, v in VARIANTS.items()))
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--run-id", help="by default a new one")
    arguments.add_argument("--dry-run", action="store_true", help="print the event, send nothing")
    chosen = arguments.parse_args()

    started, world = now(), worlds.load()
    made = trained_or_kept(chosen.variant, world, chosen.seed)
    run_id = chosen.run_id or f"{chosen.variant}-{uuid.uuid4().hex[:12]}"
    run = Run(run_id, started, now(), *code_state(), chosen.seed)
    event = completion(run, made, world, VARIANTS[chosen.variant].parameters)
    if chosen.dry_run:
        print(json.dumps(event, indent=2))
        return
    try:
        fact = hand_in(made, event)
    except Refused as refusal:
        raise SystemExit(str(refusal)) from None
    print(json.dumps({"run": run_id, "auc": made.metrics[0]["value"], **fact}))


if __name__ == "__main__":
    main()
