"""The folder of one format: a file per diagram, in which each element it waits at has a state that waits there.

A format that is no longer written keeps the diagrams of its day in `diagrams.json.zst`: an instance stays with the
notice version it began under, so its states are restored under those.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

import orjson
import zstandard

from app.engine.codec import FORMAT
from tests.engine.shipped import Bundle, own_diagrams, shipped

FOLDER = Path(__file__).parent
DIAGRAMS = "diagrams.json.zst"


@dataclass(frozen=True)
class Stored:
    """A state of an instance of `process` that waits at an element of one of its diagrams."""

    process: str
    state: bytes


def formats() -> list[int]:
    return sorted(int(path.name) for path in FOLDER.iterdir() if path.name.isdigit())


def sets(version: int) -> list[str]:
    return sorted(path.name for path in (FOLDER / str(version)).iterdir())


def read(version: int, key: str) -> dict[str, dict[str, Stored]]:
    """Diagram → element → state."""
    found = {}
    for path in sorted((FOLDER / str(version) / key).glob("*.json")):
        rows = json.loads(path.read_bytes())
        found[path.stem] = {at: Stored(process, b64decode(state)) for at, (process, state) in rows.items()}
    return found


def write(key: str, diagram: str, states: dict[str, Stored]) -> None:
    """In the present format; one line for each wait point, so that a change touches what it is about."""
    rows = {at: [each.process, b64encode(each.state).decode()] for at, each in sorted(states.items())}
    lines = ",\n".join(f"{json.dumps(at)}: {json.dumps(row)}" for at, row in rows.items())
    path = FOLDER / str(FORMAT) / key / f"{diagram}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def freeze(key: str) -> None:
    """Keep the present diagrams beside the states of the present format."""
    bundle = shipped(key)
    files = {name: content.decode() for name, content in bundle.files.items()}
    kept = orjson.dumps({"files": files, "forms": bundle.forms, "kinds": bundle.kinds})
    (FOLDER / str(FORMAT) / key / DIAGRAMS).write_bytes(zstandard.ZstdCompressor(level=19).compress(kept))


def bundle_of(version: int, key: str) -> Bundle:
    """The diagrams under which the states of this format are restored."""
    if version == FORMAT:
        return shipped(key)
    kept = orjson.loads(zstandard.ZstdDecompressor().decompress((FOLDER / str(version) / key / DIAGRAMS).read_bytes()))
    return Bundle({name: text.encode() for name, text in kept["files"].items()}, kept["forms"], kept["kinds"])


def wait_points(key: str) -> dict[str, set[str]]:
    """Diagram → elements at which an instance can wait, of the diagrams that ship in this set."""
    bundle = shipped(key)
    own = {name.removesuffix(".bpmn") for name in own_diagrams(key)}
    found: dict[str, set[str]] = {}
    for at in sorted(bundle.waits()):
        process = bundle.definitions.elements[at].process
        if process in own:
            found.setdefault(process, set()).add(at)
    return found
