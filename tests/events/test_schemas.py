"""What the tree says of the vocabulary, read by programs that are not ours: jsonschema, PyYAML, hashlib."""

import copy
import hashlib
import json
import pathlib
import re
import uuid

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

EVENTS = pathlib.Path(__file__).resolve().parents[2] / "events"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted((EVENTS / "schemas").glob("*.json"))}
FACTS = sorted(name for name in SCHEMAS if re.search(r"\.v\d+$", name))
EXAMPLES = {name: json.loads((EVENTS / "examples" / f"{name}.json").read_text()) for name in FACTS}
ASYNCAPI = yaml.safe_load((EVENTS / "asyncapi.yaml").read_text())
FORMATS = jsonschema.FormatChecker(formats=())
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


# jsonschema checks these two only with packages that we do not need otherwise.
@FORMATS.checks("date-time")
def is_date_time(value):
    return not isinstance(value, str) or bool(DATE_TIME.fullmatch(value))


@FORMATS.checks("uuid", raises=ValueError)
def is_uuid(value):
    return not isinstance(value, str) or str(uuid.UUID(value)) == value


def problems(name, value):
    return [error.message for error in validator(SCHEMAS[name]).iter_errors(value)]


def validator(schema, registry=Registry()):
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS, registry=registry)


def data_of(name):
    return copy.deepcopy(EXAMPLES[name]["data"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_valid_2020_12(name):
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", FACTS)
def test_schema_says_what_it_is(name):
    fact, version = name.split(".v")
    assert SCHEMAS[name]["$id"] == f"urn:sluice:schema:{fact}:{version}"
    assert SCHEMAS[name]["title"] == fact
    assert SCHEMAS[name]["description"]


@pytest.mark.parametrize("name", FACTS)
def test_example_is_what_its_schema_says(name):
    assert problems(name, EXAMPLES[name]["data"]) == []
    assert problems("Envelope", EXAMPLES[name]) == []
    assert EXAMPLES[name]["type"] == f"io.sluice.{name}"
    assert EXAMPLES[name]["dataschema"] == SCHEMAS[name]["$id"]


@pytest.mark.parametrize("name", FACTS)
def test_schema_refuses_what_is_missing_or_unknown(name):
    for member in SCHEMAS[name]["required"]:
        without = data_of(name)
        del without[member]
        assert problems(name, without), member
    assert problems(name, data_of(name) | {"another": 1})
    assert problems(name, [data_of(name)])


def refuses(name, member, wrong):
    return bool(problems(name, data_of(name) | {member: wrong}))


def test_schema_refuses_what_the_codec_refuses():
    assert refuses("ReviewSubmitted.v1", "model", "Fraud!")
    assert refuses("ReviewSubmitted.v1", "model", "a.b.c.d")
    assert refuses("ReviewSubmitted.v1", "version", -1)
    assert refuses("ReviewSubmitted.v1", "version", 2**32)
    assert refuses("ReviewSubmitted.v1", "version", "7")
    assert refuses("ReviewSubmitted.v1", "decision", "shrug")
    assert refuses("ReviewSubmitted.v1", "comment", "x" * 4097)
    assert refuses("ReviewSubmitted.v1", "evidence", "sha256:12")
    assert refuses("ReviewSubmitted.v1", "roles", "reviewer")
    assert refuses("EvaluationFailed.v1", "measurement", "17")
    assert refuses("DeadlinePassed.v1", "at", "yesterday")
    assert refuses("TrainingCompleted.v1", "parameters", {"k": 1})
    assert refuses("ModelVersionRegistered.v1", "probe", {"digest": "sha256:" + "0" * 64, "size": 1})


def test_completion_is_the_one_of_the_example():
    first = json.loads((EVENTS.parent / "examples/fraud/first/completion.json").read_text())
    assert problems("TrainingCompleted.v1", first["data"]) == []


def lp(text):
    raw = text.encode()
    return len(raw).to_bytes(4, "big") + raw


def uuid_v8(raw):
    digest = bytearray(hashlib.sha256(raw).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


IDS = json.loads((EVENTS / "examples/ids.json").read_text())


@pytest.mark.parametrize("vector", IDS["derive"]["vectors"])
def test_derived_id(vector):
    writer = lp(vector["cell"]) + lp(vector["service"]) + lp(vector["instance"])
    raw = writer + uuid.UUID(vector["cause"]).bytes + lp(vector["debt"]) + lp(vector["slot"])
    assert uuid_v8(raw) == vector["fact_id"]


@pytest.mark.parametrize("vector", IDS["external"]["vectors"])
def test_external_id(vector):
    assert uuid_v8(lp(vector["subject"]) + lp(vector["source"]) + lp(vector["id"])) == vector["fact_id"]


def test_id_vectors_are_all_different():
    ids = [vector["fact_id"] for kind in ("derive", "external") for vector in IDS[kind]["vectors"]]
    assert len(set(ids)) == len(ids) >= 12


def resolve(reference):
    node = ASYNCAPI
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def test_asyncapi_names_every_fact_and_topic():
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    topics = re.findall(r'log_kept\("(sluice\.[a-z]+)", (\d+)', (EVENTS.parent / "common/kafka/topics.cpp").read_text())
    channels = ASYNCAPI["channels"].values()
    assert sorted((each["address"], str(each["bindings"]["kafka"]["partitions"])) for each in channels) == sorted(topics)
    assert sorted(ASYNCAPI["channels"]["ledger"]["messages"]) == sorted({name.split(".v")[0] for name in FACTS})


def test_asyncapi_refers_only_to_what_is_there():
    for reference in references(ASYNCAPI):
        if reference.startswith("#/"):
            assert resolve(reference)
        else:
            assert (EVENTS / reference).is_file(), reference


@pytest.mark.parametrize("name", FACTS)
def test_asyncapi_payload_takes_the_example(name):
    payload = ASYNCAPI["components"]["messages"][name.split(".v")[0]]["payload"]
    base = "https://sluice.example/events/"
    registry = Registry().with_resources(
        (f"{base}schemas/{file}.json", Resource.from_contents(schema)) for file, schema in SCHEMAS.items()
    )
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": base + "asyncapi.yaml"} | payload
    assert [error.message for error in validator(whole, registry).iter_errors(EXAMPLES[name])] == []
    other = EXAMPLES[name] | {"type": "io.sluice.Another.v1"}
    assert list(validator(whole, registry).iter_errors(other))


def test_every_service_of_the_picture_has_an_operation():
    text = (EVENTS.parent / "docs/event-flow.md").read_text()
    services = set(re.findall(r"^    ([a-z]+) -- ", text, re.M)) | set(re.findall(r"--> ([a-z]+)$", text, re.M))
    assert services
    for service in services:
        assert any(name.startswith(f"{service}-") for name in ASYNCAPI["operations"]), service
