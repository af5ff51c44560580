"""The curls of examples/fraud/first, for a model of its own: from three files and an event to a score."""
import json
import os
import re
from pathlib import Path

import pytest

from system import ROOT, call, eventually, sluice, url

MODEL = "bank.cards.by-hand"
FIRST = ROOT / "examples/fraud/first"


def completion(**changes) -> dict:
    event = json.loads((FIRST / "completion.json").read_text())
    event["data"]["model"] = MODEL
    event.update(changes)
    return event


def complete(event: dict):
    return call("POST", url("LISTENER", "/v1/events"), "TRAINER", data=json.dumps(event),
                headers={"Content-Type": "application/cloudevents+json"})


@pytest.fixture(scope="module")
def policy(tmp_path_factory) -> None:
    """That of the story, for this model; the story's evaluation rows are in the store already."""
    published = (Path(os.environ["SLUICE_DEV_DIR"]) / "fraud-policy.yaml").read_text()
    mine = re.sub(r"^(model|endpoint): fraud$", rf"\1: {MODEL}", published, flags=re.MULTILINE)
    file = tmp_path_factory.mktemp("policy") / "policy.yaml"
    file.write_text(mine)
    applied = sluice("policy", "apply", str(file), token="OPERATOR")
    assert applied.returncode == 0, applied.stderr
    assert "unchanged" in sluice("policy", "apply", str(file), token="OPERATOR").stdout


@pytest.fixture(scope="module")
def served(policy) -> dict:
    for name in ("model.onnx", "probe.csv", "reference.json"):
        stored = call("PUT", url("LISTENER", "/v1/artifacts"), "TRAINER", data=(FIRST / name).read_bytes())
        assert stored.status_code in (200, 201), stored.text
    taken = complete(completion())
    assert taken.status_code == 202, taken.text
    evidence = eventually("a review to be asked for", lambda: waiting_for_review(1))
    approved = sluice("review", "approve", f"{MODEL}/1", "--comment", "by hand", token="REVIEWER_1")
    assert approved.returncode == 0, approved.stderr
    assert evidence in approved.stdout
    eventually("an answer", lambda: score().status_code == 200)
    return taken.json()


def waiting_for_review(version: int) -> str | None:
    for review in call("GET", url("CONSOLE", "/v1/reviews"), "AUDITOR").json()["reviews"]:
        if (review["model"], review["version"]) == (MODEL, version):
            return review["evidence"]
    return None


def score(room: str = "SERVING", **changes):
    row = {"user_id": "u00012", "merchant_code": "5411", "amount": 31.4, "hour": 14.5, "abroad": 0, "new_device": 0,
           "event_time": 1770681600} | changes
    return call("POST", url(room, f"/v1/endpoints/{MODEL}/invocations"), "APPLICATION", json={"dataframe_records": [row]})


def test_an_approval_is_all_that_it_takes(served):
    for room in ("SERVING", "SERVING_2"):
        answer = score(room)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Sluice-Version"] == f"{MODEL}/1"
        assert 0 <= answer.json()["predictions"][0]["score"] <= 1


def test_the_same_event_again_is_the_same_fact(served):
    again = complete(completion())
    assert again.status_code == 200 and again.json() == served


def test_the_same_id_with_other_content_is_a_conflict(served):
    other = completion()
    other["data"]["owner"] = "somebody else"
    answer = complete(other)
    assert answer.status_code == 409 and "sha256:" in answer.text


def test_an_incomplete_event_is_refused_by_pointer_and_taken_when_corrected(served):
    event = completion(id="corrected-later")
    event["data"]["run"]["id"] = "corrected-later"
    broken = json.loads(json.dumps(event))
    del broken["data"]["owner"]
    broken["data"]["artifact"]["size"] = "large"
    refused = complete(broken)
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/data/owner", "/data/artifact/size"}
    assert complete(event).status_code == 202
    eventually("its evaluation", lambda: waiting_for_review(2))
    rejected = sluice("review", "reject", f"{MODEL}/2", "--comment", "the same again", token="REVIEWER_2")
    assert rejected.returncode == 0, rejected.stderr


@pytest.mark.parametrize("changes, code", [({"amount": "a lot"}, 400), ({"amount": [1]}, 400)])
def test_a_wrong_request_says_what_is_wrong(served, changes, code):
    answer = score(**changes)
    assert answer.status_code == code and "amount" in answer.text


def test_nobody_approves_twice_or_what_is_not_open(served):
    again = sluice("review", "approve", f"{MODEL}/1", "--comment", "again", "--evidence", "sha256:" + "0" * 64,
                   token="REVIEWER_2")
    assert again.returncode == 5, again.stderr
