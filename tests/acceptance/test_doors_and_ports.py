"""Every door knows who asks; every process says how it is."""
import os
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from system import SERVICES, call, sluice, url

ACTS = [
    ("POST", "LISTENER", "/v1/events", "OPERATOR"),
    ("PUT", "LISTENER", "/v1/artifacts", "REVIEWER_1"),
    ("POST", "CONSOLE", "/v1/policies", "REVIEWER_1"),
    ("POST", "CONSOLE", "/v1/reviews", "OPERATOR"),
    ("POST", "CONSOLE", "/v1/endpoints/fraud/requests", "TRAINER"),
    ("GET", "CONSOLE", "/v1/timeline/fraud", "APPLICATION"),
    ("GET", "REGISTRY", "/v1/models", "APPLICATION"),
    ("POST", "REGISTRY", "/v1/models/fraud/versions/1/archive", "TRAINER"),
    ("POST", "SERVING", "/v1/endpoints/fraud/invocations", "TRAINER"),
]


@pytest.mark.parametrize("method, room, path, wrong", ACTS)
def test_no_token_is_401_and_the_wrong_role_403(method, room, path, wrong):
    assert call(method, url(room, path), None, json={}).status_code == 401
    refused = call(method, url(room, path), wrong, json={})
    assert refused.status_code == 403
    assert refused.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("room", SERVICES)
def test_every_process_says_how_it_is(room):
    for path in ("/livez", "/readyz", "/version", "/agenda"):
        assert call("GET", url(room, path, admin=True), None).status_code == 200
    metrics = call("GET", url(room, "/metrics", admin=True), None)
    families = {family.name for family in text_string_to_metric_families(metrics.text)}
    assert any(name.startswith("sluice_") for name in families)


def test_the_monitor_sees_the_missing_codes(story):
    text = call("GET", url("MONITOR", "/metrics", admin=True), None).text
    missing = {sample.labels["feature"]: sample.value for family in text_string_to_metric_families(text)
               for sample in family.samples
               if sample.name == "sluice_monitor_feature_missing_ratio" and sample.labels["model"] == "fraud"}
    assert 0.05 < missing["merchant_risk"] < 0.3
    assert missing["amount"] == 0


@pytest.mark.parametrize("arguments, code", [
    (["model", "get", "fraud"], 0), (["timeline", "fraud/1"], 0), (["rollout", "get", "fraud", "-o", "json"], 0),
    (["model", "get", "nobody"], 4), (["modle", "list"], 2), (["review", "approve", "fraud/1"], 2)])
def test_the_command_answers_with_its_exit_code(story, arguments, code):
    answer = sluice(*arguments)
    assert answer.returncode == code, answer.stderr
    assert answer.stderr if code else answer.stdout


def test_no_token_is_ever_logged(story):
    tokens = [value for name, value in os.environ.items() if name.startswith("SLUICE_TOKEN_")]
    for log in (Path(os.environ["SLUICE_DEV_DIR"]) / "log").glob("*.log"):
        text = log.read_text(errors="replace")
        assert not any(token in text for token in tokens), log.name
