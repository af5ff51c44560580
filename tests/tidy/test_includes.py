"""Which room may include which: docs/architecture.md, "Rooms, and who may include whom". CMake cannot hold that line."""

import re

import pytest
from tree import CPP, FILES, includes_of, lines_of, said, text_of

SERVICES = sorted({name.split("/")[1] for name in CPP if name.startswith("services/")})
ADAPTERS = sorted({name.split("/")[1] for name in CPP if name.startswith("common/")} - {"core", "runtime", "app"})

POSIX = r"(unistd|fcntl|poll|sys/\w+)\.h"
VENDORS = {
    "common/app": r"CLI/",
    "common/artifacts": POSIX,
    "common/http": rf"boost/(asio|beast|system)|{POSIX}",
    "common/json": r"nlohmann/",
    "common/kafka": rf"librdkafka/|{POSIX}",
    "common/memory": None,
    "common/onnx": r"onnxruntime_",
    "common/postgres": r"pqxx/|libpq-fe\.h",
    "common/process": POSIX,
    "common/prometheus": r"prometheus/",
    "common/yaml": r"yaml-cpp/",
    "events/json": r"nlohmann/",
    "cli": rf"nlohmann/|CLI/|{POSIX}",
}
# A child process speaks to its parent over its own descriptors.
ALSO = {"common/app/scorer_wire.cpp": r"nlohmann/", "services/evaluator/scorer/main.cpp": r"unistd\.h"}
# What only a shell may know of: clocks, chance, threads, files, text for operators, the environment.
NOT_PURE = "chrono random ctime thread mutex future atomic condition_variable iostream fstream filesystem cstdlib"

CORE, RUNTIME, EVENTS, RULES = ("common/core/",), ("common/runtime/",), ("events/",), ("rules/",)


def service_of(name):
    return name.split("/")[1]


def decider_files():
    """decider.hpp and decider.cpp of each service, and all of the service that they include, with its .cpp."""
    found, left = set(), [f"services/{service}/decider.{end}" for service in SERVICES for end in ("hpp", "cpp")]
    while left:
        name = left.pop()
        if name in found or name not in CPP:
            continue
        found.add(name)
        own = [what for _, what, _ in includes_of(name) if what.startswith(f"services/{service_of(name)}/")]
        left += own + [what.replace(".hpp", ".cpp") for what in own]
    return found


DECIDERS = decider_files()


def room_of(name):
    """The row of the table, what of the tree that row may include, and which vendor."""
    if name.startswith("common/core/"):
        return "common/core", CORE, None
    if name.startswith("common/runtime/"):
        return "common/runtime", CORE + RUNTIME, None
    if name.startswith("common/app/"):
        return "common/app", ("common/",), VENDORS["common/app"]
    if name.startswith("common/"):
        room = "/".join(name.split("/")[:2])
        return room, CORE + RUNTIME + (room + "/",), VENDORS.get(room)
    if name.startswith("events/json/"):
        return "events/json", CORE + EVENTS, VENDORS["events/json"]
    if name.startswith("events/"):
        return "events headers", CORE + ("events/",), None
    if name.startswith("rules/"):
        return "rules", CORE + EVENTS + RULES, None
    if name in DECIDERS:
        return "a decider", CORE + EVENTS + RULES + (f"services/{service_of(name)}/",), None
    if name.startswith("services/"):
        own = f"services/{service_of(name)}/"
        vendor = r"nlohmann/" if name.startswith(own + "api/") else None
        return "a service", ("common/", "events/", "rules/", own), vendor
    if name.startswith("cli/topics/"):
        return "cli", ("common/",), None
    return "cli", ("cli/", "common/", "events/", "rules/"), VENDORS["cli"]


def is_std(what):
    return re.fullmatch(r"[a-z0-9_]+", what) is not None


def breach(name, what, bracketed):
    """Why this line breaks a rule, or None."""
    room, own, vendor = room_of(name)
    if not bracketed:
        if what.startswith("events/json/") and not name.startswith("events/json/"):
            return "events/json is for events/json alone; include events/codec.hpp"
        if what.startswith(own):
            return None
        return f"{room} may include std and {', '.join(prefix.rstrip('/') for prefix in own)}"
    if is_std(what):
        pure = room in ("a decider", "rules", "common/core", "events headers")
        if pure and what in NOT_PURE.split():
            return f"{room} has no clock, no chance, no thread and no outside; ask for an effect"
        return None
    allowed = "|".join(filter(None, (vendor, ALSO.get(name))))
    if allowed and re.match(allowed, what):
        return None
    return f"{room} may include {'no vendor' if not allowed else 'of the vendors only ' + allowed}"


SOURCES = [name for name in CPP if name.split("/")[0] in ("common", "events", "rules", "services", "cli")]


def test_every_include_is_one_that_its_room_may_have():
    breaches = []
    for name in SOURCES:
        for number, what, bracketed in includes_of(name):
            why = breach(name, what, bracketed)
            if why:
                breaches.append(f"{name}:{number} includes {what}: {why}.")
    assert not breaches, said(breaches)


@pytest.mark.parametrize(
    "name, what, bracketed",
    [
        ("common/core/time.hpp", "common/runtime/ports.hpp", False),
        ("common/core/time.hpp", "chrono", True),
        ("common/runtime/loop.hpp", "nlohmann/json.hpp", True),
        ("common/kafka/reader.cpp", "common/http/client.hpp", False),
        ("common/kafka/reader.cpp", "pqxx/pqxx", True),
        ("common/app/process.cpp", "events/catalogue.hpp", False),
        ("events/policy.hpp", "nlohmann/json.hpp", True),
        ("events/codec.hpp", "events/json/generic.hpp", False),
        ("rules/judge.cpp", "common/runtime/ports.hpp", False),
        ("services/registry/decider.cpp", "common/runtime/log.hpp", False),
        ("services/registry/decider.hpp", "services/approver/decider.hpp", False),
        ("services/registry/decider.cpp", "random", True),
        ("services/registry/main.cpp", "services/approver/decider.hpp", False),
        ("services/mirror/copier.cpp", "pqxx/pqxx", True),
        ("services/mirror/copier.cpp", "sys/socket.h", True),
        ("cli/main.cpp", "services/console/main.cpp", False),
    ],
)
def test_the_rules_find_what_they_are_for(name, what, bracketed):
    assert breach(name, what, bracketed)


def test_every_adapter_has_a_vendor_or_none_on_purpose():
    assert {f"common/{adapter}" for adapter in ADAPTERS} <= set(VENDORS), "say in VENDORS which vendor it may include"


def test_every_service_but_the_mirror_has_a_decider():
    assert {service_of(name) for name in DECIDERS} == set(SERVICES) - {"mirror"}


def test_nlohmann_is_in_no_header_but_its_own():
    own = ("common/json/", "events/json/", "tests/")
    breaches = [
        f"{name}:{number} includes {what}: it is heavy; name it in a .cpp, or nlohmann/json_fwd.hpp here."
        for name in CPP
        if name.endswith(".hpp") and not name.startswith(own)
        for number, what, _ in includes_of(name)
        if what == "nlohmann/json.hpp"
    ]
    assert not breaches, said(breaches)


def test_every_include_of_the_tree_is_there():
    breaches = [
        f"{name}:{number} includes {what}, which is not there (paths begin at the root)."
        for name in CPP
        for number, what, bracketed in includes_of(name)
        if not bracketed and what not in FILES
    ]
    assert not breaches, said(breaches)


def test_a_source_includes_its_own_header_first():
    breaches = []
    for name in CPP:
        header = name.replace(".cpp", ".hpp")
        if name.endswith(".cpp") and header in CPP:
            first = next((what for _, what, _ in includes_of(name)), None)
            if first != header:
                breaches.append(f"{name} includes {first} first: include {header} first, so that it stands alone.")
    assert not breaches, said(breaches)


def test_every_header_is_guarded():
    breaches = [f"{name} does not begin with #pragma once." for name in CPP
                if name.endswith(".hpp") and lines_of(name)[0] != "#pragma once"]  # fmt: skip
    assert not breaches, said(breaches)


def test_a_room_is_called_the_same_everywhere():
    breaches = []
    for name in SOURCES:
        folders = name.split("/")[:-1]
        spaces = re.findall(r"^namespace sluice::(\w+)", text_of(name), re.M)
        breaches += [f"{name} opens namespace sluice::{space}: no folder on its path is called so."
                     for space in spaces if space not in folders]  # fmt: skip
    assert not breaches, said(breaches)
