"""The ledger as a reviewer sees it: the facts of a version, and waiting for one of them."""
import time
from typing import Callable, TypeVar

from command import Failed, sluice_json

PAUSE_S = 0.5
READER = "SLUICE_TOKEN_REVIEWER_1"

Found = TypeVar("Found")


class Unmet(Exception):
    """What the story says should happen did not."""


def facts(version: int) -> list[dict]:
    """Every fact about this version so far, in the ledger's order; none while there is no such version."""
    try:
        told = sluice_json("timeline", f"fraud/{version}", token=READER)
    except Failed:
        return []
    return [fact | {"name": _name(fact["type"])} for fact in told["facts"]]


def first(version: int, *names: str) -> dict | None:
    return next((fact for fact in facts(version) if fact["name"] in names), None)


def wait_for(version: int, *names: str, seconds: float) -> dict:
    """The first fact of one of these names; says what it saw instead when none comes in time."""
    try:
        return until(f"{' or '.join(names)} of fraud/{version}", seconds, lambda: first(version, *names))
    except Unmet as unmet:
        seen = ", ".join(fact["name"] for fact in facts(version)) or "nothing"
        raise Unmet(f"{unmet}; the ledger has {seen}") from None


def until(what: str, seconds: float, look: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            raise Unmet(f"waited {seconds:g} s for {what}, in vain")
        time.sleep(PAUSE_S)


def _name(type_: str) -> str:
    """RolloutPromoted of io.sluice.RolloutPromoted.v1."""
    return type_.removeprefix("io.sluice.").partition(".")[0]
