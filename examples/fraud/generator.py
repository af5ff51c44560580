"""A deterministic world of card transactions: users, merchants, compromised cards, late labels, drift.

Same seed, same rows: every draw is splitmix64 of (seed, stream name, index), so no library's random
stream matters. Amounts are rounded to cents, times to seconds.
"""
import hashlib

import numpy as np
import pandas as pd

START = 1767225600  # 2026-01-01T00:00:00Z
DAY, HOUR = 86400, 3600
DRIFT_DAY = 40

# merchant code: (what, log of the usual amount, share of merchants, pull on a thief)
CODES = {
    5411: ("grocery", 3.3, 0.20, 0.4),
    5812: ("restaurant", 3.2, 0.18, 0.4),
    5541: ("fuel", 3.7, 0.10, 0.6),
    4111: ("transit", 1.6, 0.08, 0.3),
    5311: ("department store", 4.0, 0.10, 1.2),
    5999: ("retail", 3.6, 0.12, 1.2),
    5732: ("electronics", 4.9, 0.07, 4.0),
    5968: ("subscription", 2.5, 0.05, 1.5),
    5944: ("jewellery", 5.2, 0.03, 4.0),
    4829: ("money transfer", 4.8, 0.03, 5.0),
    7995: ("betting", 4.0, 0.02, 4.0),
    6051: ("quasi cash", 4.6, 0.02, 6.0),
}
SUBSCRIPTION = 5968


class Draw:
    """Named streams of splitmix64; `u` is uniform in (0, 1), the rest are made from it."""

    def __init__(self, seed: int):
        self.seed = np.uint64(seed)

    def bits(self, stream: str, n: int) -> np.ndarray:
        name = np.uint64(int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "little"))
        with np.errstate(over="ignore"):
            z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            z = z + (name ^ (self.seed * np.uint64(0xD1342543DE82EF95)))
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            return z ^ (z >> np.uint64(31))

    def u(self, stream: str, n: int) -> np.ndarray:
        return ((self.bits(stream, n) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def normal(self, stream: str, n: int) -> np.ndarray:
        return np.sqrt(-2 * np.log(self.u(stream + "/r", n))) * np.cos(2 * np.pi * self.u(stream + "/a", n))

    def pick(self, stream: str, n: int, weights) -> np.ndarray:
        cumulative = np.cumsum(weights) / np.sum(weights)
        return np.minimum(np.searchsorted(cumulative, self.u(stream, n)), len(weights) - 1)


class _People:
    """Who buys: how often, how dearly, at what time of day, and where mostly."""

    def __init__(self, d: Draw, users: int, popularity: np.ndarray):
        self.count = users
        self.rate = np.exp(-0.35 + 0.7 * d.normal("user/rate", users))  # transactions a day
        self.level = 0.45 * d.normal("user/level", users)  # spends more or less than others
        self.tenure = (d.u("user/tenure", users) ** 2 * 3000).astype(int)  # days since the account was opened
        self.favourites = d.pick("user/favourites", users * 6, popularity).reshape(users, 6)
        self.wake = 8 + 4 * d.u("user/wake", users)  # the middle of the user's day lies 6 h later


class _Shops:
    """Where they buy: code, price level, popularity, and the pull on thieves."""

    def __init__(self, d: Draw, merchants: int):
        kinds = list(CODES.values())
        kind = d.pick("merchant/code", merchants, [k[2] for k in kinds])
        self.code = np.array(list(CODES))[kind]
        self.level = np.array([k[1] for k in kinds])[kind] + 0.25 * d.normal("merchant/level", merchants)
        self.popularity = np.exp(1.0 * d.normal("merchant/popularity", merchants))
        self.lure = self.popularity**0.5 * np.array([k[3] for k in kinds])[kind]


def generate(seed: int = 7, users: int = 10_000, merchants: int = 400, days: int = 60):
    """Returns (transactions, labels), one row each per transaction, in order of event time."""
    d = Draw(seed)
    shops = _Shops(d, merchants)
    people = _People(d, users, shops.popularity)
    x = pd.concat([_ordinary_life(d, people, shops, days)] + _bursts(d, people, shops, days), ignore_index=True)
    x = x[(x.t >= START) & (x.t < START + days * DAY)]
    x = x.sort_values(["t", "user", "m", "logamt"], kind="stable").reset_index(drop=True)
    transactions = _as_transactions(d, x, seed, people, shops)
    return transactions, _as_labels(d, x, transactions.transaction_id)


def _ordinary_life(d: Draw, people: _People, shops: _Shops, days: int) -> pd.DataFrame:
    """A Poisson number a day, mostly by day, mostly at favourite merchants."""
    steps = [np.exp(-1), 2 / np.e, 2.5 / np.e, (2.5 + 1 / 6) / np.e, (2.5 + 1 / 6 + 1 / 24) / np.e]
    n = np.searchsorted(steps, d.u("day/count", people.count * days))
    n = np.floor(n * np.repeat(people.rate, days) + d.u("day/round", people.count * days)).astype(int)
    who = np.repeat(np.repeat(np.arange(people.count), days), n)
    day = np.repeat(np.tile(np.arange(days), people.count), n)
    total = len(who)
    hour = (people.wake[who] + 6 + 3.6 * d.normal("txn/hour", total)) % 24
    favourite = people.favourites[who, (d.u("txn/which", total) * 6).astype(int)]
    anywhere = d.pick("txn/anywhere", total, shops.popularity)
    m = np.where(d.u("txn/favourite", total) < 0.65, favourite, anywhere)
    columns = {
        "user": who,
        "t": START + day * DAY + (hour * HOUR).astype(int),
        "m": m,
        "logamt": shops.level[m] + people.level[who] + 0.75 * d.normal("txn/amount", total),
        "abroad": d.u("txn/abroad", total) < 0.02,
        "newdev": d.u("txn/device", total) < 0.03,
        "fraud": 0,
    }
    return pd.DataFrame(columns)


def _bursts(d: Draw, people: _People, shops: _Shops, days: int) -> list[pd.DataFrame]:
    def episodes(name, share, count, hours, pull, up, abroad, device, fraud):
        k = int(people.count * share)
        who = (d.u(name + "/who", k) * people.count).astype(int)
        n = (count[0] + d.u(name + "/n", k) * (count[1] - count[0] + 1)).astype(int)
        hour = (people.wake[who] + 7 + 5 * d.normal(name + "/hour", k)) % 24
        begin = START + (d.u(name + "/day", k) * days).astype(int) * DAY + (hour * HOUR).astype(int)
        span = (hours[0] + d.u(name + "/span", k) * (hours[1] - hours[0])) * HOUR
        e = np.repeat(np.arange(k), n)
        total = len(e)
        m = d.pick(name + "/merchant", total, pull)
        columns = {
            "user": who[e],
            "t": begin[e] + (d.u(name + "/t", total) * span[e]).astype(int),
            "m": m,
            "logamt": shops.level[m] + people.level[who[e]] + up + 0.75 * d.normal(name + "/amount", total),
            "abroad": d.u(name + "/abroad", total) < abroad,
            "newdev": d.u(name + "/device", total) < device,
            "fraud": fraud,
        }
        return pd.DataFrame(columns)

    # Honest bursts are as fast as a thief, so that speed alone convicts nobody.
    holiday = episodes("holiday", 0.14, (4, 14), (3, 20), shops.popularity, 0.25, 0.5, 0.15, fraud=0)
    # Compromised cards: dearer than usual, at luring merchants, often abroad or on a new device.
    theft = episodes("theft", 0.10, (2, 9), (0.3, 9), shops.lure, 0.40, 0.25, 0.35, fraud=1)
    # Lone frauds look like anything else: the part that no feature sees.
    lone = episodes("lone", 0.045, (1, 1), (1, 2), shops.popularity, 0.15, 0.05, 0.08, fraud=1)
    # Drift: a new trick, small amounts at subscription merchants.
    subscriptions = np.where(shops.code == SUBSCRIPTION, shops.popularity, 1e-9)
    trick = episodes("trick", 0.05, (2, 6), (6, 48), subscriptions, -0.2, 0.1, 0.3, fraud=1)
    return [holiday, theft, lone, trick[trick.t >= START + DRIFT_DAY * DAY]]


def _as_transactions(d: Draw, x: pd.DataFrame, seed: int, people: _People, shops: _Shops) -> pd.DataFrame:
    n = len(x)
    drifted = (x.t >= START + DRIFT_DAY * DAY).to_numpy()
    code = pd.array(shops.code[x.m], dtype="Int64")
    code[d.u("null/code", n) < np.where(drifted, 0.15, 0.04)] = pd.NA  # drift: null codes 4 % -> 15 %
    late, seconds = HOUR * (1 + 5 * d.u("ingest/hours", n)), 1 + 4 * d.u("ingest/seconds", n)
    seen_after = np.where(d.u("ingest/late", n) < 0.01, late, seconds)
    columns = {
        "transaction_id": [f"t{seed}-{i:07d}" for i in range(n)],
        "event_time": x.t,
        "created_time": x.t + seen_after.astype(int),
        "user_id": [f"u{i:05d}" for i in x.user],
        "merchant_id": [f"m{i:04d}" for i in x.m],
        "merchant_code": code,
        "amount": np.maximum(np.round(np.exp(x.logamt + 0.15 * drifted), 2), 0.5),  # drift: 15 % dearer
        "abroad": x.abroad.astype(int),
        "new_device": x.newdev.astype(int),
        "tenure_days": people.tenure[x.user] + (x.t - START) // DAY,
    }
    return pd.DataFrame(columns)


def _as_labels(d: Draw, x: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """A fraud is reported after 5 days in the median (at most 45; 5 % never), "no complaint" after 30 days."""
    n = len(x)
    reported = np.clip(5 * np.exp(0.8 * d.normal("label/delay", n)), 0.2, 45)
    delay = np.where(x.fraud == 1, reported, 30.0) * DAY
    known = (x.fraud == 0) | (d.u("label/never", n) >= 0.05)
    columns = {
        "transaction_id": ids,
        "label_time": np.where(known, x.t + delay, x.t + 30 * DAY).astype(int),
        "is_fraud": np.where(known, x.fraud, 0),
    }
    return pd.DataFrame(columns)
