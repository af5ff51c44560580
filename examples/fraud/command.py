"""The `sluice` command, as a person would call it."""
import os
import subprocess
from pathlib import Path

from settings import REPOSITORY, setting

TIMEOUT_S = 30


class Failed(Exception):
    """The command said no; its words are the message."""


def sluice(*arguments: str, token: str) -> str:
    """Runs `sluice` with the token of that name, e.g. SLUICE_TOKEN_REVIEWER_1; returns what it printed."""
    built = REPOSITORY / "build" / os.environ.get("SLUICE_PRESET", "dev") / "bin" / "sluice"
    program = os.environ.get("SLUICE_CLI") or str(built)
    if not Path(program).exists():
        raise SystemExit(f"{program} is not there: build it with ./dev build, or name it in SLUICE_CLI")
    environment = os.environ | {name: setting(name) for name in ("SLUICE_CONSOLE_URL", "SLUICE_REGISTRY_URL")}
    environment["SLUICE_TOKEN"] = setting(token)
    call = [program, *arguments]
    try:
        done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise Failed(f"sluice {' '.join(arguments)}: no answer in {TIMEOUT_S} s") from None
    if done.returncode != 0:
        raise Failed(f"sluice {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr.strip()}")
    return done.stdout
