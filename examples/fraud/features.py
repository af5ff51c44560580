"""The eleven features of a card transaction, and the views that publish what a request does not carry.

A feature rests on what was known before a moment: rows by `created_time`, frauds by `label_time`.
float32 before training, so that Python and ONNX Runtime see the same numbers.
"""
from typing import Callable

import numpy as np
import pandas as pd

from generator import DAY, HOUR

FEATURES = [
    "amount",
    "amount_vs_mean",
    "count_1h",
    "count_24h",
    "sum_24h",
    "minutes_since_last",
    "merchant_risk",
    "hour",
    "abroad",
    "new_device",
    "tenure_days",
]
VIEWS = [{"view": view, "version": 1} for view in ("transaction", "user", "merchant")]
MINUTES_MAX = 43200

Moment = Callable[[np.ndarray], np.ndarray]


def this_moment(t: np.ndarray) -> np.ndarray:
    """Point in time: what was known when the transaction happened."""
    return t


def last_midnight(t: np.ndarray) -> np.ndarray:
    """Stale: what last night's batch knew."""
    return t // DAY * DAY


def features(txn: pd.DataFrame, labels: pd.DataFrame, known_at: Moment = this_moment) -> pd.DataFrame:
    """FEATURES of every transaction from what was known strictly before `known_at(event_time)`."""
    t = txn.event_time.to_numpy()
    cut = known_at(t)
    columns = {
        "amount": txn.amount,
        "merchant_risk": _merchant_risk(txn, labels, cut),
        "hour": (t % DAY) / HOUR,
        "abroad": txn.abroad,
        "new_device": txn.new_device,
        "tenure_days": txn.tenure_days,
        **_spending(txn, cut),
    }
    return pd.DataFrame(columns)[FEATURES].astype(np.float32)


def _spending(txn: pd.DataFrame, cut: np.ndarray) -> dict[str, np.ndarray]:
    t, created, amount = (txn[c].to_numpy() for c in ("event_time", "created_time", "amount"))
    names = ("amount_vs_mean", "count_1h", "count_24h", "sum_24h", "minutes_since_last")
    out = {name: np.full(len(txn), np.nan) for name in names}
    for rows in txn.groupby("user_id", sort=False).indices.values():
        order = rows[np.argsort(created[rows], kind="stable")]
        arrived, total = created[order], np.concatenate([[0], np.cumsum(amount[order])])
        seen = np.searchsorted(arrived, cut[rows], side="left")
        hour_ago = np.minimum(np.searchsorted(arrived, cut[rows] - HOUR), seen)
        day_ago = np.minimum(np.searchsorted(arrived, cut[rows] - DAY), seen)
        out["count_1h"][rows], out["count_24h"][rows] = seen - hour_ago, seen - day_ago
        out["sum_24h"][rows] = total[seen] - total[day_ago]
        has, known = rows[seen > 0], seen[seen > 0]
        out["amount_vs_mean"][has] = amount[has] / (total[known] / known)
        out["minutes_since_last"][has] = np.minimum((t[has] - t[order][known - 1]) / 60.0, MINUTES_MAX)
    return out


def _merchant_risk(txn: pd.DataFrame, labels: pd.DataFrame, cut: np.ndarray) -> np.ndarray:
    """Share of known frauds by merchant code, pulled to one half in a hundred; null without a code."""
    code = txn.merchant_code.astype("float64").to_numpy()
    created, reported = txn.created_time.to_numpy(), labels.label_time.to_numpy()
    fraud = labels.is_fraud.to_numpy() == 1
    risk = np.full(len(txn), np.nan)
    for c in np.unique(code[~np.isnan(code)]):
        of = np.flatnonzero(code == c)
        frauds = np.searchsorted(np.sort(reported[of][fraud[of]]), cut[of])
        seen = np.searchsorted(np.sort(created[of]), cut[of])
        risk[of] = (frauds + 0.5) / (seen + 100.0)
    return risk


def current_users(txn: pd.DataFrame, moment: int) -> pd.DataFrame:
    """View `user`, version 1: what is known of each user who was seen before `moment`, by user_id."""
    known = txn[txn.created_time < moment].sort_values("created_time", kind="stable")
    by_user = known.groupby("user_id")
    last_day = known[known.created_time >= moment - DAY].groupby("user_id")
    last_hour = known[known.created_time >= moment - HOUR].groupby("user_id")
    last = by_user.last()
    view = pd.DataFrame(index=last.index)
    view["count_1h"] = last_hour.size().reindex(view.index, fill_value=0)
    view["count_24h"] = last_day.size().reindex(view.index, fill_value=0)
    view["sum_24h"] = last_day.amount.sum().reindex(view.index, fill_value=0.0)
    view["tenure_days"] = last.tenure_days + moment // DAY - last.event_time // DAY
    view["mean_amount"] = by_user.amount.mean()
    view["last_time"] = last.event_time
    return view


def current_merchants(txn: pd.DataFrame, labels: pd.DataFrame, moment: int) -> pd.DataFrame:
    """View `merchant`, version 1: the risk of each merchant code as of `moment`, by code."""
    risk = _merchant_risk(txn, labels, np.full(len(txn), moment))
    coded = txn.merchant_code.notna().to_numpy()
    frame = pd.DataFrame({"merchant_code": txn.merchant_code[coded].astype(str), "merchant_risk": risk[coded]})
    return frame.groupby("merchant_code").first()
