"""A draft's surroundings: every file it has, and the words of the notice that they may use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain.drafts import inherited, store
from app.domain.drafts.paths import LANES
from app.domain.drafts.yaml_text import mapping
from app.domain.packages import VOCABULARY_FILE
from app.domain.parameter_entries import read_vocabulary
from app.domain.parameter_values import SCOPES, TYPES, ParameterSpec
from app.engine.lint import Vocabulary
from app.models.draft import NoticeDraft
from app.processes.vocabulary import vocabulary


@dataclass(frozen=True)
class Surroundings:
    """`files`: path → content, the draft's own over what it inherits; `specs`: every parameter that may be named."""

    files: Mapping[str, bytes]
    specs: Mapping[str, ParameterSpec]
    lanes: Mapping[str, list[str]]

    def drawn(self) -> dict[str, bytes]:
        """Diagrams and tables by bare file name, as the linter and the engine take them."""
        return {path.partition("/")[2]: data for path, data in self.files.items() if _is_drawn(path)}

    def forms(self) -> dict[str, bytes]:
        return {_stem(path): data for path, data in self.files.items() if path.startswith("forms/")}

    def vocabulary(self) -> Vocabulary:
        return vocabulary(self.forms(), self.specs, self.lanes)


def of_draft(session: Session, draft: NoticeDraft, unsaved: Mapping[str, bytes] | None = None) -> Surroundings:
    """The draft as it stands, `unsaved` files (path → content) in place of the saved ones."""
    files = store.whole(session, draft) | dict(unsaved or {})
    above = inherited.parent_content(session, draft.parent_key)
    specs = {**read_vocabulary(ROOT / "notices" / VOCABULARY_FILE), **(above.vocabulary if above else {})}
    own = mapping(files.get(VOCABULARY_FILE, b""))
    specs |= {key: spec for key, said in own.items() if (spec := _spec(key, said))}
    lanes = mapping((ROOT / "bpmn" / LANES).read_bytes()) | mapping(files.get(LANES, b""))
    return Surroundings(files, specs, {label: roles for label, roles in lanes.items() if isinstance(roles, list)})


def _is_drawn(path: str) -> bool:
    return path.startswith(("diagrams/", "decisions/"))


def _stem(path: str) -> str:
    return path.partition("/")[2].rpartition(".")[0]


def _spec(key: str, said: Any) -> ParameterSpec | None:
    if not isinstance(said, dict) or said.get("type") not in TYPES or said.get("scope", "notice") not in SCOPES:
        return None
    known = {name: said[name] for name in ("type", "meaning", "unit", "scope", "clause", "required") if name in said}
    return ParameterSpec(key=key, choices=tuple(said.get("choices", ())), **{"meaning": key, **known})
