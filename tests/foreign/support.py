"""The files of three dialects, and the words our linter is told over what becomes of them."""

from functools import cache
from pathlib import Path

from app.cli.places import DIAGRAMS
from app.cli.vocabulary import vocabulary_of
from app.engine.foreign import Translation, translate
from app.engine.lint import Vocabulary
from app.engine.xml import NAMESPACES, parse

HERE = Path(__file__).parent
DIALECTS = {"camunda": "Camunda 7", "flowable": "Flowable", "signavio": "Signavio"}
FILES = sorted(path for folder in DIALECTS for path in (HERE / folder).glob("*.bpmn"))


@cache
def vocabulary() -> Vocabulary:
    return vocabulary_of([DIAGRAMS])


def translated(name: str, **wanted: str) -> Translation:
    """`camunda/timers`, with the lanes of the house."""
    return translate((HERE / f"{name}.bpmn").read_bytes(), lanes=vocabulary().lanes, **wanted)  # type: ignore[arg-type]


def found(translation: Translation, path: str) -> list[str]:
    """The values an XPath gives in the new diagram."""
    values = parse(translation.content).xpath(path, namespaces=NAMESPACES)
    return [str(each) if isinstance(each, str) else (each.text or "") for each in values]


def property_of(translation: Translation, element: str) -> dict[str, str]:
    path = f"//*[@id='{element}']/bpmn:extensionElements/spiffworkflow:properties/spiffworkflow:property"
    return dict(zip(found(translation, f"{path}/@name"), found(translation, f"{path}/@value"), strict=True))
