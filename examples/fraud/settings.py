"""Where things are: SLUICE_* from the environment, else from the file that `./dev up` writes."""
import os
import shlex
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def dev_dir() -> Path:
    return Path(os.environ.get("SLUICE_DEV_DIR") or REPOSITORY / ".dev")


def cache_dir() -> Path:
    """Generated rows and trained models: may be deleted, will be made again. A throwaway system borrows them."""
    path = Path(os.environ.get("SLUICE_DEV_TOOLS_DIR") or dev_dir()) / "fraud"
    path.mkdir(parents=True, exist_ok=True)
    return path


def setting(name: str) -> str:
    value = optional(name)
    if not value:
        raise SystemExit(f"{name} is not set: start the services with ./dev up, then source {dev_dir() / 'env'}")
    return value


def optional(name: str) -> str | None:
    return os.environ.get(name) or _written_by_dev().get(name)


def write_whole(path: Path, content: bytes) -> Path:
    """Readers, other jobs among them, see the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    return unfinished.replace(path)


@cache
def _written_by_dev() -> dict[str, str]:
    file = dev_dir() / "env"
    if not file.exists():
        return {}
    words = shlex.split(file.read_text(), comments=True)
    return dict(word.split("=", 1) for word in words if "=" in word)
