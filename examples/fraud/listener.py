"""The two calls of a training job: hand in a file, say that the training has completed."""
import json
import time

import requests

from completion import digest
from settings import setting

ATTEMPTS = 8
PAUSE_S_MAX = 4.0
TIMEOUT_S = 30


class Refused(Exception):
    """The listener understood and said no: sending it again unchanged is useless."""


def put_artifact(content: bytes, token: str) -> str:
    """Returns the digest under which the store keeps `content`; doing it twice is harmless."""
    answer = _ask("PUT", "/v1/artifacts", content, "application/octet-stream", token)
    stored = answer["digest"]
    if stored != digest(content):
        raise Refused(f"the listener stored {stored}, sent was {digest(content)}: send the file again")
    return stored


def post_event(event: dict, token: str) -> dict:
    """Returns {"id", "position"} of the fact once it is in the ledger."""
    return _ask("POST", "/v1/events", json.dumps(event).encode(), "application/cloudevents+json", token)


def _ask(method: str, path: str, body: bytes, content_type: str, token: str) -> dict:
    """Sends the same bytes until they are answered: the event's id, or the file's digest, makes that safe."""
    url = setting("SLUICE_LISTENER_URL") + path
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
    trouble = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(min(0.25 * 2**attempt, PAUSE_S_MAX))
        try:
            response = requests.request(method, url, data=body, headers=headers, timeout=TIMEOUT_S)
        except (requests.ConnectionError, requests.Timeout) as failure:
            trouble = f"no answer ({type(failure).__name__})"
            continue
        if response.status_code in (503, 504):
            trouble = f"{response.status_code} {response.text.strip()}"
            continue
        if not response.ok:
            raise Refused(f"{method} {url}: {response.status_code} {_reasons(response)}")
        return response.json()
    raise SystemExit(f"{method} {url}: {trouble} after {ATTEMPTS} attempts; is the listener up? ask ./dev status")


def _reasons(response: requests.Response) -> str:
    """Problem+json as one line per wrong field; anything else as it came."""
    try:
        problem = response.json()
    except ValueError:
        return response.text.strip()
    lines = [str(problem.get("detail") or problem.get("title") or "")]
    lines += [f"  {error.get('pointer', '')}  {error.get('detail', error)}" for error in problem.get("errors", [])]
    return "\n".join(lines)
