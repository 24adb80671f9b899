"""What the linter is told: the files of a folder or notice, and the words its diagrams may use."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from app import functions
from app.cli.places import DIAGRAMS, FORMS, NOTICES
from app.domain import people
from app.domain.forms import compile_form
from app.domain.packages import VOCABULARY_FILE
from app.engine.lint import Vocabulary

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


def vocabulary_of(files: Mapping[str, bytes], extra_forms: Mapping[str, bytes] | None = None) -> Vocabulary:
    """Functions from code, parameters and lanes from their files, forms from `forms/` and every notice."""
    known = {path.stem: path.read_bytes() for path in _form_files()} | dict(extra_forms or {})
    return Vocabulary(
        functions=functions.registered_for_designers(),
        parameters=frozenset(yaml.safe_load((NOTICES / VOCABULARY_FILE).read_text(encoding="utf-8"))),
        forms={key: frozenset(compile_form(json.loads(content)).fields) for key, content in known.items()},
        roles=frozenset(people.ROLES),
        lanes={label: frozenset(roles) for label, roles in _lanes().items()},
    )


def _form_files() -> list[Path]:
    return [*sorted(FORMS.glob("*.json")), *sorted(NOTICES.glob("*/forms/*.json"))]


def _lanes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load((DIAGRAMS / LANES_FILE).read_text(encoding="utf-8"))
    return found


def _read(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in ENDINGS}
