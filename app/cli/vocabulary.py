"""What the linter is told: the files of a folder or notice, and the words its diagrams may use."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.cli.places import DIAGRAMS, FORMS, NOTICES
from app.domain.package_files import loaded
from app.domain.packages import VOCABULARY_FILE
from app.engine.lint import Vocabulary
from app.processes.vocabulary import vocabulary

ENDINGS = (".bpmn", ".dmn")
LANES_FILE = "lanes.yaml"


def files_of(paths: Iterable[Path]) -> dict[str, bytes]:
    """File name → content. A notice's folder brings the shared diagrams along, its own in their place."""
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir() and (path / "notice.yaml").exists():
            found |= _read(DIAGRAMS) | _read(path / "decisions") | _read(path / "diagrams")
        elif path.is_dir():
            found |= _read(path)
        else:
            found[path.name] = path.read_bytes()
    return found


def vocabulary_of(paths: Iterable[Path]) -> Vocabulary:
    """Functions from code; parameters, lanes and forms from the shared files and those of the notices at `paths`."""
    folders = _notices(paths)
    forms = [
        path for folder in (FORMS, *(notice / "forms" for notice in folders)) for path in sorted(folder.glob("*.json"))
    ]
    words = _merged(NOTICES / VOCABULARY_FILE, *(notice / VOCABULARY_FILE for notice in folders))
    lanes = _merged(DIAGRAMS / LANES_FILE, *(notice / LANES_FILE for notice in folders))
    return vocabulary({path.stem: path.read_bytes() for path in forms}, words, lanes)


def _notices(paths: Iterable[Path]) -> list[Path]:
    """The folders of the notices that the paths are, or lie in."""
    around = [folder for path in paths for folder in (path, path.parent, path.parent.parent)]
    return [folder for folder in dict.fromkeys(around) if (folder / "notice.yaml").exists()]


def _merged(*files: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in files:
        if path.exists():
            found |= loaded(path.read_text(encoding="utf-8"))
    return found


def _read(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in ENDINGS}
