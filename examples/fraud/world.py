"""The demo's world, made once: transactions, labels, and their features as of then and as of last midnight."""
import hashlib
import pickle
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features import features, last_midnight
from generator import DAY, DRIFT_DAY, START, generate
from settings import HERE, cache_dir, write_whole

SEED, USERS = 7, 10_000
TRAINING_DAYS = range(7, 30)  # the first week only fills the windows
EVALUATION_DAYS = range(30, 40)
LIVE_SINCE = START + DRIFT_DAY * DAY


@dataclass
class World:
    transactions: pd.DataFrame
    labels: pd.DataFrame
    point_in_time: np.ndarray  # float32 [N,F]
    stale: np.ndarray  # float32 [N,F]
    digest: str  # of both tables as CSV

    def rows(self, days: range) -> np.ndarray:
        day = ((self.transactions.event_time - START) // DAY).to_numpy()
        return (day >= days.start) & (day < days.stop)

    def without_nulls(self) -> np.ndarray:
        return ~np.isnan(self.point_in_time).any(axis=1)

    def is_fraud(self) -> np.ndarray:
        return self.labels.is_fraud.to_numpy()


def load(seed: int = SEED, users: int = USERS) -> World:
    kept = cache_dir() / f"world-{seed}-{users}-{_made_by()}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    world = _make(seed, users)
    write_whole(kept, pickle.dumps(world))
    return world


def _make(seed: int, users: int) -> World:
    transactions, labels = generate(seed, users)
    digest = hashlib.sha256()
    for name, table in (("transactions", transactions), ("labels", labels)):
        content = table.to_csv(index=False, lineterminator="\n").encode()
        write_whole(cache_dir() / f"{name}.csv", content)
        digest.update(content)
    return World(
        transactions,
        labels,
        features(transactions, labels).to_numpy(),
        features(transactions, labels, last_midnight).to_numpy(),
        "sha256:" + digest.hexdigest(),
    )


def _made_by() -> str:
    """Changes with the code that makes the world, so that a kept one never lies."""
    sources = (HERE / name for name in ("generator.py", "features.py", "world.py"))
    return hashlib.sha256(b"".join(s.read_bytes() for s in sources)).hexdigest()[:12]
