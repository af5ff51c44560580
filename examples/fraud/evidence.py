"""What a job hands in beside its model: a probe set, a training reference, and its own metrics."""
import json

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from features import FEATURES

PROBES = 200
QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]
CATEGORICAL = {"abroad", "new_device"}


def probe_rows(x: np.ndarray) -> np.ndarray:
    """PROBES rows spread over `x`, half of them with a null where `x` has enough of those."""
    with_null = np.flatnonzero(np.isnan(x).any(axis=1))
    whole = np.flatnonzero(~np.isnan(x).any(axis=1))
    nulls = _spread(with_null, PROBES // 2)
    return x[np.sort(np.concatenate([nulls, _spread(whole, PROBES - len(nulls))]))]


def probe_csv(x: np.ndarray, score: np.ndarray) -> bytes:
    """Columns in the order of the signature, then the trainer's own score; an empty cell is a null."""
    return table_csv(FEATURES + ["score"], np.column_stack([x, score.astype(np.float32)]))


def table_csv(header: list[str], rows: np.ndarray) -> bytes:
    lines = [",".join(header)]
    lines += [",".join("" if np.isnan(value) else f"{value:.9g}" for value in row) for row in rows.tolist()]
    return ("\n".join(lines) + "\n").encode()


def reference_json(x: np.ndarray, score: np.ndarray) -> bytes:
    """What live traffic is compared with later: per feature and for the score, how its values lay in training."""
    columns = {name: _described(x[:, i], name in CATEGORICAL) for i, name in enumerate(FEATURES)}
    reference = {"rows": len(x), "features": columns, "score": _described(score, False)}
    return (json.dumps(reference, indent=1) + "\n").encode()


def metrics(y: np.ndarray, score: np.ndarray, abroad: np.ndarray) -> list[dict]:
    return [
        {"name": "auc", "value": _rounded(roc_auc_score(y, score))},
        {"name": "log_loss", "value": _rounded(log_loss(y, score))},
        {"name": "auc", "value": _rounded(roc_auc_score(y[abroad], score[abroad])), "slice": "abroad"},
    ]


def _described(values: np.ndarray, categorical: bool) -> dict:
    present = values[~np.isnan(values)]
    at = np.quantile(present, QUANTILES)
    described = {
        "count": len(values),
        "nulls": len(values) - len(present),
        "quantiles": [{"q": q, "value": _rounded(v)} for q, v in zip(QUANTILES, at)],
    }
    if categorical:
        kinds, counts = np.unique(present, return_counts=True)
        described["categories"] = {f"{kind:g}": int(count) for kind, count in zip(kinds, counts)}
    return described


def _spread(rows: np.ndarray, count: int) -> np.ndarray:
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(int)] if len(rows) else rows


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
