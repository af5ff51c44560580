"""The ledger as a reviewer reads it in Postgres: the facts of a version, and waiting for one of them."""
import time
from functools import cache
from typing import Callable, TypeVar

import psycopg
from psycopg.rows import dict_row

from settings import setting

PAUSE_S, SILENT_S = 0.5, 3.0
FACTS = """SELECT position, time, type, data FROM reviewer.history
            WHERE model = 'fraud' AND version = %(version)s ORDER BY position"""

Found = TypeVar("Found")


class Unmet(Exception):
    """What the story says should happen did not."""


def rows(sql: str, **parameters) -> list[dict]:
    try:
        return _database().execute(sql, parameters).fetchall()
    except psycopg.Error as failure:
        raise Unmet(f"Postgres does not answer a reviewer: {failure}") from None


def facts(version: int) -> list[dict]:
    """Every fact about this version so far, in the ledger's order; none while there is no such version."""
    return rows(FACTS, version=version)


def canary_weights(version: int) -> list[int]:
    """The shares of traffic that this version had as a canary, in the order of the routes."""
    sql = """SELECT weight_percent FROM reviewer.routes
              WHERE endpoint = 'fraud' AND version = %(version)s AND arm = 'canary' ORDER BY revision"""
    return [int(row["weight_percent"]) for row in rows(sql, version=version)]


def first(version: int, *types: str) -> dict | None:
    return next((fact for fact in facts(version) if fact["type"] in types), None)


def wait_for(version: int, *types: str, seconds: float) -> dict:
    """The first fact of one of these types; says what it saw instead when none comes in time."""
    try:
        return until(f"{' or '.join(types)} of fraud/{version}", seconds, lambda: first(version, *types))
    except Unmet as unmet:
        seen = ", ".join(fact["type"] for fact in facts(version)) or "nothing"
        raise Unmet(f"{unmet}; of that version the ledger has {seen}") from None


def until(what: str, seconds: float, look: Callable[[], Found | None]) -> Found:
    """What `look` finds, as soon as it finds something; a wait that is long enough to notice says what it is for."""
    begun, silent = time.monotonic(), True
    while not (found := look()):
        waited = time.monotonic() - begun
        if waited > seconds:
            raise Unmet(f"waited {seconds:g} s for {what}, in vain")
        if silent and waited > SILENT_S:
            print(f"   … waiting for {what}, {seconds:g} s at most", flush=True)
            silent = False
        time.sleep(PAUSE_S)
    return found


@cache
def _database() -> psycopg.Connection:
    url = setting("SLUICE_REVIEWER_DATABASE_URL")
    return psycopg.connect(url, autocommit=True, row_factory=dict_row, connect_timeout=10)
