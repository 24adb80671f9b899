"""A draft's surroundings: every file it has, and the words of the notice that they may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain.drafts import entries, store
from app.domain.drafts.paths import LANES
from app.domain.drafts.yaml_text import mapping
from app.domain.forms.choices import form_choices
from app.domain.notice_content import latest_content
from app.domain.packages import VOCABULARY_FILE
from app.domain.parameter_values import ParameterSpec
from app.engine.lint import Vocabulary
from app.models.draft import NoticeDraft
from app.processes.vocabulary import vocabulary

DECLARATION = "forms/declaration.json"  # what applicants answer


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

    def declared(self) -> dict[str, dict[str, str]]:
        """The options of the declaration, whose answers the tables of conditions and routes are asked about."""
        return dict(form_choices(self.files.get(DECLARATION, b"")))

    def vocabulary(self) -> Vocabulary:
        return vocabulary(self.forms(), self.specs, self.lanes)


def of_draft(session: Session, draft: NoticeDraft, unsaved: Mapping[str, bytes] | None = None) -> Surroundings:
    """The draft as it stands, `unsaved` files (path → content) in place of the saved ones."""
    files = store.whole(session, draft) | dict(unsaved or {})
    above = latest_content(session, draft.parent_key)
    specs = entries.declared(above, files.get(VOCABULARY_FILE, b""))
    lanes = mapping((ROOT / "bpmn" / LANES).read_bytes()) | mapping(files.get(LANES, b""))
    return Surroundings(files, specs, {label: roles for label, roles in lanes.items() if isinstance(roles, list)})


def _is_drawn(path: str) -> bool:
    return path.startswith(("diagrams/", "decisions/"))


def _stem(path: str) -> str:
    return path.partition("/")[2].rpartition(".")[0]
