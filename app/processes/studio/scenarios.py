"""Playing a draft's own scenarios: in a process of its own, with little time, on throw-away databases (D10)."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config import ROOT
from app.domain.drafts import folder
from app.domain.drafts.yaml_text import mapping, with_entry
from app.domain.packages import SCENARIOS

_COMMAND = "from app.cli import main; main()"
CPU, WALL = 150, 240  # seconds for all scenarios of a notice together
MEMORY = 2 * 1024**3  # bytes of address space


@dataclass(frozen=True)
class Played:
    """How one scenario went; `failures` in words, empty where it passed."""

    path: str
    passed: bool
    failures: tuple[str, ...] = ()


def play(key: str, files: Mapping[str, bytes]) -> list[Played]:
    """Every scenario among the draft's files, on the draft; one that cannot be played counts as failed."""
    paths = [path for path in files if path.startswith(f"{SCENARIOS}/")]
    if not paths:
        return []
    with tempfile.TemporaryDirectory(prefix="zhiping-scenarios-") as place:
        home = Path(place) / key
        folder.write(files, home)
        for path in paths:
            (home / path).write_text(_on_draft(files[path]), encoding="utf-8")
        return _play(home, paths)


def _on_draft(content: bytes) -> str:
    """The scenario with the draft's folder among its notices, whatever it named when it was written."""
    text = content.decode()
    try:
        return with_entry(text, "notices", [".."]) if mapping(text) else text
    except ValueError:
        return text


def _play(home: Path, paths: list[str]) -> list[Played]:
    command = [sys.executable, "-s", "-c", _COMMAND, "scenario", "--database", "sqlite", "--json"]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(home)}
    environment |= {"ZHIPING_DATA": str(home.parent / "data"), "TMPDIR": str(home.parent)}
    try:
        child = subprocess.run(  # noqa: S603 (our own command, paths we wrote)
            [*command, str(home / SCENARIOS)], capture_output=True, timeout=WALL, env=environment, cwd=home,
            preexec_fn=_limit, check=False,
        )  # fmt: skip
        said = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        return [Played(path, False, (f"演练超过{WALL}秒，已停止。",)) for path in paths]
    except ValueError:
        last = child.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return [Played(path, False, (f"情景不能演练：{'；'.join(last) or '程序中止'}",)) for path in paths]
    return [
        Played(f"{SCENARIOS}/{Path(each['file']).name}", each["passed"], tuple(each.get("failures", ())))
        for each in said
    ]


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
