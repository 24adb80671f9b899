"""Playing a draft's own scenarios: in a process of its own, with little time, on throw-away databases (D10)."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain import dictionaries
from app.domain.drafts import folder, store
from app.domain.drafts.yaml_text import mapping, with_entry
from app.domain.package_files import loaded
from app.domain.packages import SCENARIOS
from app.processes.studio import stage

Notices = Mapping[str, bytes]  # a draft and the notices above it, each below its key (`cloning.beside_each_other`)
_Frozen = tuple[tuple[str, bytes], ...]
_SAMPLES = ROOT / "app" / "cli" / "season" / "samples.yaml"


@dataclass(frozen=True)
class Played:
    """How one scenario went; `failures` in words, empty where it passed."""

    path: str
    passed: bool
    failures: tuple[str, ...] = ()
    reached: frozenset[str] = frozenset()  # ids of the elements that it passed


class _NotPlayed(Exception):
    """Why the command said nothing; asked again, it may."""


def count(session: Session, draft_id: int) -> int:
    """How many scenarios the draft has."""
    return sum(path.startswith(f"{SCENARIOS}/") for path in store.own_paths(session, draft_id))


def play(key: str, notices: Notices) -> list[Played]:
    """Every scenario of the draft `key`, on the draft; one that cannot be played counts as failed.

    The same files are played once: nothing else has a say in how they go.
    """
    paths = _scenarios(key, notices)
    if not paths:
        return []
    try:
        return list(_played(key, tuple(notices.items())))
    except _NotPlayed as why:
        return [Played(path, False, (str(why),)) for path in paths]


def _scenarios(key: str, paths: Iterable[str]) -> list[str]:
    """The paths of the draft's scenarios within its own folder."""
    own = [path.removeprefix(f"{key}/") for path in paths if path.startswith(f"{key}/")]
    return [path for path in own if path.startswith(f"{SCENARIOS}/")]


@lru_cache(maxsize=8)
def _played(key: str, notices: _Frozen) -> tuple[Played, ...]:
    with _written(key, dict(notices), _scenarios(key, dict(notices))) as home:
        said = _run(home, "scenario", "--database", "sqlite", "--json", "--reached", str(home / SCENARIOS))
    return tuple(
        Played(
            f"{SCENARIOS}/{Path(each['file']).name}",
            each["passed"],
            tuple(each.get("failures", ())),
            frozenset(each.get("reached", ())),
        )
        for each in said
    )


def samples() -> dict[str, str]:
    """Key of a record that is filled in already → the title that it aims at."""
    said = loaded(_SAMPLES.read_text(encoding="utf-8"))
    return {
        key: dictionaries.label("title", record.get("target_title")) for key, record in said.items() if key[0] != "_"
    }


def stand(key: str, notices: Notices, path: str) -> dict[str, Any]:
    """Where the draft's scenario at `path` stands after its last step, as `zhiping walk` says; at least `failures`."""
    try:
        return _stood(key, tuple(notices.items()), path)
    except _NotPlayed as why:
        return {"failures": [str(why)]}


@lru_cache(maxsize=8)
def _stood(key: str, notices: _Frozen, path: str) -> dict[str, Any]:
    """Asked for twice at each step: for what to do next, and for what to expect."""
    with _written(key, dict(notices), [path]) as home:
        said: dict[str, Any] = _run(home, "walk", str(home / path))
    return said


@contextmanager
def _written(key: str, notices: Notices, paths: list[str]) -> Iterator[Path]:
    """The draft's folder beside those above it, those of its scenarios in it set on the draft."""
    above = [each for each in dict.fromkeys(path.partition("/")[0] for path in notices) if each != key]
    stands_on = [*(f"../../{each}" for each in reversed(above)), ".."]
    with tempfile.TemporaryDirectory(prefix="zhiping-scenarios-") as place:
        home = Path(place) / key
        folder.write(notices, home.parent)
        for path in paths:
            (home / path).write_text(_on_draft(notices[f"{key}/{path}"], stands_on), encoding="utf-8")
        yield home


def _on_draft(content: bytes, stands_on: list[str]) -> str:
    """The scenario with the folders of the draft and of the notices above it among its notices."""
    text = content.decode()
    try:
        said = mapping(text)
        others = said["notices"] if isinstance(said.get("notices"), list) else []
        return with_entry(text, "notices", [*others, *stands_on]) if "case" in said else text
    except ValueError:
        return text


def _run(home: Path, *arguments: str) -> Any:
    """What our own command prints as JSON. _NotPlayed where it prints none, or takes too long."""
    ended = stage.run(home, list(arguments))
    if ended.late:
        raise _NotPlayed(f"演练超过{stage.WALL}秒，已停止。")
    try:
        return json.loads(ended.out)
    except ValueError as silent:
        last = ended.err.strip().splitlines()[-1:]
        raise _NotPlayed(f"情景不能演练：{'；'.join(last) or '程序中止'}") from silent
