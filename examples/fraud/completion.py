"""The event that a training job sends when it has completed: a CloudEvent in structured mode."""
import hashlib
import subprocess
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from platform import python_version

from features import FEATURES, VIEWS
from settings import HERE
from world import TRAINING_DAYS, World
from generator import DAY, START

TYPE = "io.sluice.training.completed.v1"
SOURCE = "/examples/fraud"


@dataclass(frozen=True)
class Trained:
    """What one training run made, as the bytes that are handed in."""

    artifact: bytes
    probe: bytes
    reference: bytes
    metrics: list[dict]


@dataclass(frozen=True)
class Run:
    id: str
    started_at: str
    finished_at: str
    commit: str
    dirty: bool
    seed: int


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def now() -> str:
    return rfc3339(datetime.now(timezone.utc).timestamp())


def rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def completion(run: Run, trained: Trained, world: World, parameters: dict, model: str = "fraud") -> dict:
    """The same run gives the same event, so that it may be sent again until it is answered."""
    return {
        "specversion": "1.0",
        "type": TYPE,
        "source": SOURCE,
        "id": f"completed-{run.id}",
        "time": run.finished_at,
        "subject": f"models/{model}",
        "datacontenttype": "application/json",
        "data": {
            "model": model,
            "run": {"id": run.id, "started_at": run.started_at, "finished_at": run.finished_at},
            "artifact": {"digest": digest(trained.artifact), "size": len(trained.artifact)},
            "code": {"repository": "sluice/examples/fraud", "commit": run.commit, "dirty": run.dirty},
            "data": {
                "name": "card-transactions",
                "snapshot": rfc3339(START + TRAINING_DAYS.stop * DAY),
                "digest": world.digest,
            },
            "seeds": [run.seed],
            "environment": {"digest": environment_digest()},
            "features": VIEWS,
            "signature": {
                "inputs": [{"name": name, "type": "double"} for name in FEATURES],
                "outputs": [{"name": "score", "type": "double"}],
            },
            "metrics": trained.metrics,
            "parameters": {key: str(value) for key, value in parameters.items()},
            "owner": "risk-models",
            "job": "fraud-training",
            "probe": {"digest": digest(trained.probe)},
            "reference": {"digest": digest(trained.reference)},
        },
    }


def environment_digest() -> str:
    """Of the versions that are installed, not of those that were asked for."""
    pins = [word for word in (HERE / "requirements.txt").read_text().split() if "==" in word]
    wanted = [pin.partition("==")[0].partition("[")[0] for pin in pins]
    installed = [f"python=={python_version()}"] + [f"{name}=={version(name)}" for name in wanted]
    return digest("\n".join(sorted(installed)).encode())


def code_state() -> tuple[str, bool]:
    """The commit of this checkout, and whether this folder differs from it."""
    return _git("rev-parse", "HEAD"), bool(_git("status", "--porcelain", "--", "."))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(HERE), *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"a completion names its code, and git cannot: {done.stderr.strip()}; train inside a checkout")
    return done.stdout.strip()
