"""Publishes the evaluation rows and the policy of `fraud`, as an operator. Doing it twice is harmless and quick.

    python publish.py
"""
import numpy as np

import world as worlds
from command import Failed, sluice
from completion import digest
from evidence import table_csv
from features import FEATURES
from listener import put_artifact
from settings import HERE, cache_dir, dev_dir, setting, write_whole
from world import World

PLACE = "@evaluation_digest@"


def evaluation_rows(world: World) -> bytes:
    """Days 30-39, point in time, without nulls: what every version is measured on."""
    rows = world.rows(worlds.EVALUATION_DAYS) & world.without_nulls()
    return table_csv(FEATURES + ["is_fraud"], np.column_stack([world.point_in_time[rows], world.is_fraud()[rows]]))


def policy(evaluation_digest: str) -> str:
    template = (HERE / "policy.yaml").read_text()
    if template.count(PLACE) != 1:
        raise SystemExit(f"policy.yaml must say {PLACE} once, where the digest of the evaluation rows belongs")
    return template.replace(PLACE, evaluation_digest)


def main() -> None:
    world = worlds.load()
    kept = cache_dir() / f"evaluation-{world.digest[7:19]}.csv"
    if not kept.exists():
        write_whole(kept, evaluation_rows(world))
    rows = kept.read_bytes()
    put_artifact(rows, setting("SLUICE_TOKEN_OPERATOR"))
    lines = len(rows.splitlines()) - 1
    print(f"evaluation rows: {lines} in {digest(rows)}")
    filled = write_whole(dev_dir() / "fraud-policy.yaml", policy(digest(rows)).encode())
    try:
        print(sluice("policy", "apply", str(filled), token="SLUICE_TOKEN_OPERATOR").strip())
    except Failed as failure:
        raise SystemExit(str(failure)) from None


if __name__ == "__main__":
    main()
