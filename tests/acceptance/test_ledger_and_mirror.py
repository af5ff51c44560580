"""The ledger is readable by people, right by its schemas, and the same in Postgres."""
import hashlib
import json

import jsonschema
import pytest

from system import ROOT, eventually, ledger, psql


@pytest.fixture(scope="module")
def records(story) -> list[dict]:
    return ledger()


def test_every_record_is_a_cloudevent_that_its_schema_describes(records):
    schemas = {}
    for record in records:
        event = json.loads(record["payload"])
        assert event["specversion"] == "1.0" and event["subject"] and event["source"].startswith("/sluice/main/")
        name, version = event["type"].removeprefix("io.sluice.").rsplit(".v", 1)
        schema = schemas.setdefault(name, json.loads((ROOT / f"events/schemas/{name}.v{version}.json").read_text()))
        jsonschema.validate(event["data"], schema, cls=jsonschema.Draft202012Validator)
    assert len(schemas) > 20


def test_headers_repeat_type_and_id_for_kcat(records):
    for record in records:
        headers = dict(zip(record["headers"][::2], record["headers"][1::2]))
        event = json.loads(record["payload"])
        assert (headers["ce_type"], headers["ce_id"]) == (event["type"], event["id"])
        assert record["key"] == event["partitionkey"]


def test_every_decided_fact_cites_an_earlier_one(records):
    known = set()
    decided = {"ModelVersionRegistered", "EvaluationPassed", "ApprovalGranted", "RouteChanged", "RolloutPromoted"}
    for record in records:
        event = json.loads(record["payload"])
        if event["type"].split(".")[2] in decided:
            assert event["causationid"] in known
        known.add(event["id"])


def test_the_mirror_holds_the_same_bytes(records):
    def mirrored() -> dict[int, str]:
        rows = psql("select position, encode(sha256(value), 'hex') from ledger.record order by position",
                    role="DATABASE").stdout.split()
        return {int(position): digest for position, digest in (row.split("|") for row in rows)}

    wanted = {record["offset"]: hashlib.sha256(record["payload"].encode()).hexdigest() for record in records}
    found = eventually("the mirror", lambda: (rows := mirrored()) and len(rows) >= len(wanted) and rows)
    assert {position: found[position] for position in wanted} == wanted


@pytest.mark.parametrize("view", ["history", "model_versions", "evaluations", "approvals", "rollouts", "serving_now"])
def test_a_reviewer_reads_every_view(story, view):
    assert int(psql(f"select count(*) from reviewer.{view}").stdout) > 0


@pytest.mark.parametrize("sql", [
    "insert into ledger.record values (1000000, now(), 'x')", "update ledger.fact set actor = 'me'",
    "delete from ledger.record", "create table reviewer.mine (x int)", "create temp table mine (x int)",
    "set default_transaction_read_only = off; truncate ledger.record"])
def test_a_reviewer_writes_nowhere(story, sql):
    refused = psql(sql)
    assert refused.returncode != 0
    assert "permission denied" in refused.stderr or "read-only" in refused.stderr


def test_the_mirrors_own_role_cannot_rewrite_history(story):
    for sql in ("update ledger.record set value = 'x'", "delete from ledger.fact", "truncate ledger.record"):
        assert psql(sql, role="DATABASE").returncode != 0
