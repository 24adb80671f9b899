"""Reading a bundle of diagrams once: its elements, its called processes, its faults by element and line."""

from pathlib import Path

import pytest

from app.engine import parser
from app.errors import DiagramFault, NotFound
from tests.engine import tiny
from tests.engine.diagrams import CONSTRUCTS

ROOT = Path(__file__).parents[2]
CHECK = tiny.process(
    "check",
    tiny.start() + tiny.user("look", role="unit_clerk", form="unit_check", organisation="body(1)") + tiny.end(),
    "s>look>e",
)


def test_elements_carry_name_kind_process_line_and_properties() -> None:
    found = parser.definitions({"check.bpmn": tiny.document(CHECK)}).elements["look"]
    assert (found.id, found.name, found.kind, found.process, found.line) == ("look", "look", "userTask", "check", 1)
    assert found.properties == {"role": "unit_clerk", "form": "unit_check", "organisation": "body(1)"}


def test_same_files_are_parsed_once_whatever_their_order() -> None:
    files = CONSTRUCTS["nested"]
    first = parser.definitions(files)
    assert parser.definitions(dict(reversed(files.items()))) is first
    assert parser.cached(parser.digest_of(files)) is first


def test_digest_knows_names_and_contents_apart() -> None:
    digests = {parser.digest_of(files) for files in ({"a": b"bc"}, {"ab": b"c"}, {"a": b"b", "b": b"c"}, {})}
    assert len(digests) == 4


def test_cache_forgets_the_oldest_bundle() -> None:
    first = {"a.bpmn": tiny.document(CHECK)}
    parser.definitions(first)
    for number in range(parser.KEPT_BUNDLES):
        parser.definitions({f"b{number}.bpmn": tiny.document(CHECK)})
    assert parser.cached(parser.digest_of(first)) is None


def test_spec_brings_along_what_it_calls_at_every_depth() -> None:
    found = parser.definitions(CONSTRUCTS["nested"])
    assert found.processes == ["inner", "middle", "nested"]
    assert sorted(found.spec("nested")[1]) == ["inner", "middle"]


def test_unknown_process_is_not_found() -> None:
    with pytest.raises(NotFound, match="没有名为“other”的流程图"):
        parser.definitions({"check.bpmn": tiny.document(CHECK)}).spec("other")


def test_incomplete_file_is_a_fault_with_its_line() -> None:
    with pytest.raises(DiagramFault) as fault:
        parser.definitions({"broken.bpmn": b"<a>\n<b>\n</a>"})
    assert fault.value.line == 3


def test_element_the_library_does_not_know_is_a_fault() -> None:
    gateway = tiny.start() + '<bpmn:complexGateway id="strange"/>' + tiny.end()
    with pytest.raises(DiagramFault, match="strange"):
        parser.definitions({"x.bpmn": tiny.document(tiny.process("x", gateway, "s>strange>e"))})


def test_entities_are_not_resolved() -> None:
    text = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + tiny.document(CHECK).replace(
        b'name="look"', b'name="look">&x;<bpmn:x'
    )
    with pytest.raises(DiagramFault):
        parser.definitions({"evil.bpmn": text})


def test_shipped_diagrams_parse_together() -> None:
    shared = {path.name: path.read_bytes() for path in (ROOT / "bpmn").iterdir() if path.suffix in (".bpmn", ".dmn")}
    found = parser.definitions(shared)
    assert found.processes == sorted(path.stem for path in (ROOT / "bpmn").glob("*.bpmn"))


def test_same_id_in_two_diagrams_is_a_fault() -> None:
    files = {f"{key}.bpmn": tiny.document(tiny.process(key, tiny.start() + tiny.end(), "s>e")) for key in "ab"}
    with pytest.raises(DiagramFault, match="another diagram uses this id") as fault:
        parser.definitions(files)
    assert fault.value.element == "s"


def test_call_activity_may_bear_the_id_of_the_process_it_calls() -> None:
    caller = tiny.process("outer", tiny.start() + tiny.call("check", "check", level="unit") + tiny.end(), "s>check>e")
    other = tiny.process("check", tiny.start("s2") + tiny.user("look") + tiny.end("e2"), "s2>look>e2")
    found = parser.definitions({"a.bpmn": tiny.document(caller), "check.bpmn": tiny.document(other)})
    assert (found.elements["check"].kind, found.elements["check"].process) == ("callActivity", "outer")
    assert found.names == {"check": "check", "outer": "outer"}
