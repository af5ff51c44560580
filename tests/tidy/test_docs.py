"""What the documents name is there."""

import posixpath
import re

from tree import CPP, FILES, ROOT, said, text_of

DOCS = [name for name in FILES if name.endswith(".md")]
TOPS = sorted({name.split("/")[0] for name in FILES})
FOLDERS = {"/".join(name.split("/")[:depth]) for name in FILES for depth in range(1, name.count("/") + 1)}
MADE = ("build/", ".dev/")


def is_there(path):
    """A file, a folder, or a pattern with placeholders of which one is there."""
    path = path.rstrip("/")
    if path in FOLDERS or path in FILES:
        return True
    pattern = re.escape(path).replace(r"\*", "[^/]*").replace("NNNN", r"\d{4}")
    pattern = re.sub(r"<[^>]*>|\bX\b", "[^/]+", pattern)
    return any(re.fullmatch(pattern, each) for each in (*FILES, *FOLDERS))


def alternatives(path):
    """a.{hpp,cpp} and a/{b,c}.cpp are two paths each."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", path)
    if not found:
        return [path]
    return [each for one in found[1].split(",") for each in alternatives(path[: found.start()] + one.strip() + path[found.end() :])]


def named_paths(text):
    """What stands in backticks and begins with a folder of the root."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in re.findall(r"`([^`\s]+)`", line):
            word = word.rstrip(".,;:")
            if "/" in word and word.split("/")[0] in TOPS and not word.startswith(MADE) and "…" not in word:
                yield number, word


def test_every_path_in_a_document_is_there():
    breaches = [
        f"{name}:{number} names {word}, which is not there."
        for name in DOCS
        for number, word in named_paths(text_of(name))
        for path in alternatives(word)
        if not is_there(path) and not is_there(path + ".hpp")
    ]
    assert not breaches, said(breaches)


def test_every_link_leads_somewhere():
    breaches = []
    for name in DOCS:
        for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text_of(name)):
            if re.match(r"[a-z]+:", target):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            if not is_there(path):
                breaches.append(f"{name} links to {target}, which is not there.")
    assert not breaches, said(breaches)


def test_the_table_of_rooms_names_every_room():
    text = text_of("docs/architecture.md")
    rows = re.findall(r"^\| `([^`]+)`", text, re.M)
    rooms = {"/".join(name.split("/")[:2]) if name.startswith("common/") else name.split("/")[0] for name in CPP}
    adapters = {room for room in rooms if room.startswith("common/")} - {"common/core", "common/runtime", "common/app"}
    missing = [room for room in sorted(rooms - adapters - {"services"}) if room not in rows]
    assert not missing, f"docs/architecture.md says nothing of what these may include: {', '.join(missing)}"
    assert any(row.startswith("services/") for row in rows)


def test_every_service_has_a_page():
    services = sorted({name.split("/")[1] for name in CPP if name.startswith("services/")})
    missing = [service for service in services if f"services/{service}/README.md" not in FILES]
    assert not missing, f"these services have no README.md: {', '.join(missing)}"


def test_a_service_s_page_is_one_screen():
    breaches = [f"{name} has {count} lines: one screen is 70." for name in DOCS
                if re.fullmatch(r"services/\w+/README\.md", name) and (count := text_of(name).count("\n")) > 70]  # fmt: skip
    assert not breaches, said(breaches)


def test_every_script_of_dev_is_listed():
    commands = {path.stem for path in (ROOT / "dev.d/commands").glob("*.sh")}
    listed = set(re.search(r"for command in ([a-z ]+);", text_of("dev"))[1].split())
    assert commands == listed, "./dev help lists other commands than dev.d/commands has"
