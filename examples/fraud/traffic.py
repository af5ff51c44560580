"""Replays later days' card transactions against the serving nodes: an application that sends card and transaction only.

    python traffic.py [--rate 300] [--seconds 60] [--requests 0] [--connections 8]
"""
import argparse
import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pandas as pd

import world as worlds
from generator import DAY, HOUR
from settings import optional, setting
from world import World

PATH = "/v1/endpoints/fraud/invocations"
TIMEOUT_S = 5
BEHIND_S_MAX = 1.0
REQUESTS_MAX, SECONDS_MAX = 1_000_000, 3600.0
UNREACHABLE = "unreachable"

Invocation = tuple[str, bytes]  # the entity, and the body of its request


@dataclass
class Counts:
    """What came back; `versions` by the version that scored, the empty text where none did."""

    requests: int = 0
    retried: int = 0
    statuses: Counter = field(default_factory=Counter)
    versions: dict[str, Counter] = field(default_factory=dict)
    entities: dict[str, set] = field(default_factory=dict)
    problems: Counter = field(default_factory=Counter)

    def add(self, entity: str, status: str, version: str, problem: str) -> None:
        self.requests += 1
        self.statuses[status] += 1
        of = self.versions.setdefault(version, Counter())
        of["requests"] += 1
        of["failed"] += status != "200"
        self.entities.setdefault(version, set()).add(entity)
        if problem:
            self.problems[problem] += 1

    def summary(self) -> dict:
        versions = {v: dict(c) | {"entities": len(self.entities[v])} for v, c in sorted(self.versions.items())}
        failed = self.requests - self.statuses["200"]
        return {
            "requests": self.requests,
            "failed": failed,
            "retried": self.retried,
            "statuses": dict(self.statuses),
            "problems": dict(self.problems),
            "versions": versions,
        }


def invocations(world: World) -> list[Invocation]:
    """Every transaction since the drift, in their order."""
    live = world.transactions[world.transactions.event_time >= worlds.LIVE_SINCE]
    return [(row.user_id, _body(row)) for row in live.itertuples(index=False)]


def _body(row) -> bytes:
    record = {
        "user_id": row.user_id,
        "merchant_code": None if pd.isna(row.merchant_code) else str(row.merchant_code),
        "amount": row.amount,
        "hour": (row.event_time % DAY) / HOUR,
        "abroad": row.abroad,
        "new_device": row.new_device,
        "event_time": row.event_time,
    }
    return json.dumps({"dataframe_records": [record]}).encode()


class Traffic:
    """Sends at a bounded rate from several keep-alive connections until it is stopped or has sent enough.

    The rate is a ceiling: what the nodes cannot take in time is not sent later in a burst.
    """

    def __init__(self, bodies: list[Invocation], rate: float, connections: int = 8, requests: int = REQUESTS_MAX):
        self._nodes = _nodes()
        self._token = setting("SLUICE_TOKEN_APPLICATION")
        self._bodies, self._rate, self._left = bodies, rate, min(requests, REQUESTS_MAX)
        self._lock, self._stopped = threading.Lock(), threading.Event()
        self._counts, self._next, self._due = Counts(), 0, 0.0
        self._senders = [threading.Thread(target=self._send_all, args=(i,), daemon=True) for i in range(connections)]

    def start(self) -> "Traffic":
        self._due = time.monotonic()
        for sender in self._senders:
            sender.start()
        return self

    def stop(self) -> dict:
        """Returns the summary once every request under way has been answered."""
        self._stopped.set()
        self.wait(2 * TIMEOUT_S + 1)
        return self.summary()

    def wait(self, seconds: float) -> bool:
        """Whether it has sent enough, or stopped, within so many seconds."""
        deadline = time.monotonic() + seconds
        for sender in self._senders:
            if sender.is_alive():
                sender.join(max(deadline - time.monotonic(), 0))
        return not any(sender.is_alive() for sender in self._senders)

    def summary(self) -> dict:
        with self._lock:
            return self._counts.summary()

    def _send_all(self, turn: int) -> None:
        connections = [_Connection(node, self._token) for node in self._nodes]
        while (ticket := self._take()) is not None:
            entity, body = ticket
            answer, retried = _answer(connections, turn, body)
            turn += 1
            with self._lock:
                self._counts.retried += retried
                self._counts.add(entity, *answer)

    def _take(self) -> Invocation | None:
        """The next transaction, when its moment has come; nothing when it is over."""
        with self._lock:
            if self._left == 0:
                return None
            self._left -= 1
            ticket = self._bodies[self._next % len(self._bodies)]
            self._next += 1
            self._due = max(self._due + 1 / self._rate, time.monotonic() - BEHIND_S_MAX)
            wait = self._due - time.monotonic()
        return None if self._stopped.wait(max(wait, 0)) else ticket


class _Connection:
    def __init__(self, node: str, token: str):
        self._address = urlsplit(node).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._http = http.client.HTTPConnection(self._address, timeout=TIMEOUT_S)

    def post(self, body: bytes) -> tuple[str, str, str]:
        """Returns (status, version, problem); raises OSError or HTTPException when there is no answer."""
        try:
            self._http.request("POST", PATH, body, self._headers)
            response = self._http.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._http.close()
            raise
        problem = "" if response.status == 200 else _problem(content)
        version = response.getheader("Sluice-Version", "").rpartition("/")[2]
        return str(response.status), version, problem


def _answer(connections: list[_Connection], turn: int, body: bytes) -> tuple[tuple[str, str, str], int]:
    """Asks one node, and once the other when the first does not answer; says how often it had to."""
    for attempt in range(2):
        try:
            return connections[(turn + attempt) % len(connections)].post(body), attempt
        except (OSError, http.client.HTTPException):
            continue
    return (UNREACHABLE, "", UNREACHABLE), 1


def _problem(content: bytes) -> str:
    try:
        problem = json.loads(content)
    except ValueError:
        return "no problem+json"
    return str(problem.get("code") or problem.get("title") or "unnamed")


def answers(body: bytes) -> list[str]:
    """What each node answers to one request: a status, or why there is none."""
    told = []
    for node in _nodes():
        try:
            told.append(_Connection(node, setting("SLUICE_TOKEN_APPLICATION")).post(body)[0])
        except (OSError, http.client.HTTPException):
            told.append(UNREACHABLE)
    return told


def _nodes() -> list[str]:
    return [node for node in (setting("SLUICE_SERVING_URL"), optional("SLUICE_SERVING_2_URL")) if node]


def line(second: int, now: dict, before: dict) -> str:
    shares = "  ".join(f"{v or 'none'} {c['requests']}" for v, c in now["versions"].items())
    return f"{second:4d} s  {now['requests'] - before['requests']:4d}/s  failed {now['failed']}  by version: {shares}"


def main() -> None:
    arguments = argparse.ArgumentParser(description="Replays card transactions against the endpoint fraud.")
    arguments.add_argument("--rate", type=float, default=300, help="requests a second at most")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--requests", type=int, default=REQUESTS_MAX, help="stop after so many")
    arguments.add_argument("--connections", type=int, default=8)
    chosen = arguments.parse_args()

    traffic = Traffic(invocations(worlds.load()), chosen.rate, chosen.connections, chosen.requests).start()
    begun, before = time.monotonic(), traffic.summary()
    ended = False
    while not ended and (passed := time.monotonic() - begun) < min(chosen.seconds, SECONDS_MAX):
        ended = traffic.wait(1)
        now = traffic.summary()
        print(line(round(passed) + 1, now, before), flush=True)
        before = now
    print(json.dumps(traffic.stop()))


if __name__ == "__main__":
    main()
