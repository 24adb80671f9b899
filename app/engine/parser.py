"""From diagram files to definitions the engine can run; a bundle is parsed once and cached by its digest (D8)."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from app.engine import xml
from app.engine.library import prepare_spec
from app.errors import DiagramFault, NotFound

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
NOT_ELEMENTS = ("process", "laneSet", "lane")  # a call activity may bear the id of the process it calls
KEPT_BUNDLES = 64


@dataclass(frozen=True)
class Element:
    """One element as the diagram draws it; `properties` are the designer's own keys (form, role, organisation, …)."""

    id: str
    name: str
    kind: str
    process: str
    line: int
    script: int | None = None  # the line where its script begins
    properties: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False  # for several people, at once or in turn


@dataclass(frozen=True)
class Definitions:
    """All diagrams of one notice, ready to run.

    `elements`, `lines` and `scripts` (where the script of an element begins) go by element id, unique over the bundle;
    `names` by process: what the diagram calls it.
    """

    digest: str
    elements: Mapping[str, Element]
    names: Mapping[str, str]
    lines: Mapping[str, int]
    scripts: Mapping[str, int]
    _specs: Mapping[str, Any]
    _called: Mapping[str, Mapping[str, Any]]

    def spec(self, process: str) -> tuple[Any, Mapping[str, Any]]:
        """The library's specification of a process and of all it calls; raises NotFound."""
        if process not in self._specs:
            raise NotFound(f"通知中没有名为“{process}”的流程图。")
        return self._specs[process], self._called[process]

    @property
    def processes(self) -> list[str]:
        return sorted(self._specs)


_cache: OrderedDict[str, Definitions] = OrderedDict()
_guard = threading.Lock()


def digest_of(files: Mapping[str, bytes]) -> str:
    """One digest for a set of files, whatever their order."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return whole.hexdigest()


def cached(digest: str) -> Definitions | None:
    """The parsed bundle if this process has it: saves reading the files."""
    with _guard:
        return _cache.get(digest)


def definitions(files: Mapping[str, bytes]) -> Definitions:
    """Parse the `.bpmn` and `.dmn` files of a notice, or take them from the cache. Raises DiagramFault."""
    digest = digest_of(files)
    found = cached(digest)
    if found is None:
        found = _parse(digest, files)
        with _guard:
            _cache[digest] = found
            if len(_cache) > KEPT_BUNDLES:
                _cache.popitem(last=False)
    return found


def _parse(digest: str, files: Mapping[str, bytes]) -> Definitions:
    parser = SpiffBpmnParser()
    elements: dict[str, Element] = {}
    names: dict[str, str] = {}
    try:
        for name, content in sorted(files.items()):
            root = xml.parse(content)
            if name.endswith(".dmn"):
                parser.add_dmn_xml(root, name)
            else:
                parser.add_bpmn_xml(root, name)
                for element in _elements(root):
                    if element.id in elements:
                        raise DiagramFault(element.id, element.line, f"{name}: another diagram uses this id too")
                    elements[element.id] = element
                names |= {key: name or key for key, name in _processes(root)}
        keys = parser.get_process_ids()
        specs = {key: parser.get_spec(key) for key in keys}
        called = {key: parser.get_subprocess_specs(key) for key in keys}
    except ValidationException as error:
        raise DiagramFault(getattr(error, "id", None), None, str(error)) from error
    except xml.XmlRefused as error:
        raise DiagramFault(None, error.line, error.message) from error
    for key in keys:
        prepare_spec(specs[key], *called[key].values())
    lines = {element.id: element.line for element in elements.values()}
    scripts = {element.id: element.script for element in elements.values() if element.script is not None}
    return Definitions(digest, elements, names, lines, scripts, specs, called)


def _processes(root: Any) -> Iterator[tuple[str, str]]:
    for process in root.iter(f"{BPMN}process"):
        yield process.get("id"), process.get("name")


def _elements(root: Any) -> Iterator[Element]:
    for process in root.iter(f"{BPMN}process"):
        for node in process.iter():
            if not (isinstance(node.tag, str) and node.tag.startswith(BPMN) and node.get("id")):
                continue
            kind = node.tag[len(BPMN) :]
            if kind not in NOT_ELEMENTS:
                name, of = node.get("name") or "", process.get("id")
                repeated = node.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None
                script = node.find(f"{BPMN}script")
                begins = None if script is None else script.sourceline
                line, said = node.sourceline, xml.properties(node)
                yield Element(node.get("id"), name, kind, of, line, begins, said, repeated)
