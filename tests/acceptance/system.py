"""How the tests speak to the running system: as its users do, over HTTP, with kcat, psql and the command line."""
import json
import os
import subprocess
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ["LISTENER", "REGISTRY", "EVALUATOR", "APPROVER", "DEPLOYER", "SERVING", "SERVING_2", "MONITOR", "MIRROR",
            "CONSOLE"]
WAIT_S = 60


def url(room: str, path: str = "", admin: bool = False) -> str:
    return os.environ[f"SLUICE_{room}_{'ADMIN_' if admin else ''}URL"] + path


def call(method: str, address: str, role: str | None, **options) -> requests.Response:
    headers = options.pop("headers", {})
    if role:
        headers["Authorization"] = "Bearer " + os.environ[f"SLUICE_TOKEN_{role}"]
    return requests.request(method, address, headers=headers, timeout=30, **options)


def eventually(what: str, look):
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + WAIT_S
    while not (found := look()):
        assert time.monotonic() < end, f"waited {WAIT_S} s for {what}"
        time.sleep(0.2)
    return found


def ledger() -> list[dict]:
    """Every record of the ledger, as kcat gives them: offset and value."""
    read = subprocess.run(["kcat", "-C", "-e", "-q", "-J", "-b", os.environ["SLUICE_KAFKA_BROKERS"], "-t", "sluice.ledger"],
                          capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in read.stdout.splitlines()]


def sluice(*arguments: str, token: str = "AUDITOR") -> subprocess.CompletedProcess:
    program = Path(os.environ["SLUICE_BUILD_DIR"]) / "bin/sluice"
    environment = dict(os.environ, SLUICE_TOKEN=os.environ[f"SLUICE_TOKEN_{token}"])
    return subprocess.run([str(program), *arguments], capture_output=True, text=True, timeout=60, env=environment)


def psql(sql: str, role: str = "REVIEWER_DATABASE") -> subprocess.CompletedProcess:
    address = os.environ[f"SLUICE_{role}_URL"]
    return subprocess.run(["psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", address, "-c", sql], capture_output=True,
                          text=True, timeout=60)
