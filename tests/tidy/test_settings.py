"""Settings: docker-compose.yml, and what the services themselves say with --help."""

import os
import pathlib
import re
import subprocess

import pytest
import yaml
from tree import ROOT, said

BIN = pathlib.Path(os.environ.get("SLUICE_BUILD_DIR", ROOT / "build/dev")) / "bin"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
PROCESSES = {name: service for name, service in COMPOSE.items()
             if re.fullmatch(r"sluice-(?!topics)\w+", service.get("command", [""])[0])}  # fmt: skip


def help_of(binary):
    program = BIN / binary
    if not program.exists():
        pytest.skip(f"{binary} was not built: ./dev build")
    return subprocess.run([program, "--help"], capture_output=True, check=True, text=True, timeout=20).stdout


def settings_of(binary):
    """{environment name: whether it must be given}"""
    found = re.findall(r"^  --[a-z0-9-]+ (.*)\(Env:(SLUICE_[A-Z0-9_]+)\)", help_of(binary), re.M)
    return {name: "REQUIRED" in about for about, name in found}


def given(service):
    return {name for name in service.get("environment", {}) if name.startswith("SLUICE_")}


def test_compose_has_every_service():
    services = {path.parent.name for path in (ROOT / "services").glob("*/main.cpp")}
    assert {service["command"][0] for service in PROCESSES.values()} == {f"sluice-{name}" for name in services}


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_gives_only_what_the_service_takes(name):
    binary = PROCESSES[name]["command"][0]
    unknown = sorted(given(PROCESSES[name]) - set(settings_of(binary)))
    assert not unknown, f"docker-compose.yml gives {name} {', '.join(unknown)}, which {binary} --help does not name"


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_gives_all_that_the_service_must_have(name):
    binary = PROCESSES[name]["command"][0]
    wanted = {setting for setting, must in settings_of(binary).items() if must or setting.endswith("_PORT")}
    missing = sorted(wanted - given(PROCESSES[name]))
    assert not missing, f"docker-compose.yml does not give {name} {', '.join(missing)}"


def test_every_flag_has_its_environment_variable():
    breaches = []
    for binary in sorted({service["command"][0] for service in PROCESSES.values()}):
        for flag, rest in re.findall(r"^  --([a-z0-9-]+) (.*)$", help_of(binary), re.M):
            wanted = "SLUICE_" + flag.upper().replace("-", "_")
            if flag not in ("help", "version") and f"(Env:{wanted})" not in rest:
                breaches.append(f"{binary} --{flag} is not {wanted} in the environment.")
    assert not breaches, said(breaches)
