"""Steps in the order of the drawing: alternatives, ways back, called processes, what only a boundary reaches."""

from pathlib import Path

import pytest

from app.engine import outline
from app.errors import NotFound
from tests.engine import tiny

SHIPPED = {path.name: path.read_bytes() for path in (Path(__file__).parents[2] / "bpmn").glob("*.bpmn")}


def drawn(elements: str, flows: str) -> list[str]:
    files = {"p.bpmn": tiny.document(tiny.process("p", elements, flows))}
    return [step.id for step in outline.steps(files, "p")]


def test_alternatives_stand_before_what_they_lead_to():
    elements = (
        tiny.start() + tiny.gateway("g") + tiny.user("one") + tiny.user("two") + tiny.user("after") + tiny.end("e")
    )
    assert drawn(elements, "s>g; g>one[x == 1]; g>two!; one>after; two>after; after>e") == ["one", "two", "after"]


def test_way_back_repeats_nothing():
    elements = tiny.start() + tiny.user("fill") + tiny.gateway("g") + tiny.user("sign") + tiny.end("e")
    assert drawn(elements, "s>fill>g; g>fill[x == 1]; g>sign!; sign>e") == ["fill", "sign"]


def test_what_only_a_boundary_reaches_is_left_out():
    elements = (
        tiny.start()
        + tiny.user("check")
        + tiny.boundary("late", "check", tiny.timer('deadline("d")'))
        + tiny.user("overdue")
        + tiny.end("e")
        + tiny.end("f")
    )
    assert drawn(elements, "s>check>e; late>overdue>f") == ["check"]


def test_called_processes_follow_their_call():
    found = outline.steps(SHIPPED, "climb")
    within = {step.id: step.within for step in found}
    levels = [step.properties["level"] for step in found if "level" in step.properties]
    assert levels == ["unit", "agency", "agency", "department", "top_body", "district"]
    assert within["committee_accept"] == ("acceptance",)


def test_process_that_is_not_there_is_named():
    with pytest.raises(NotFound, match="没有名为“nowhere”的流程图"):
        outline.steps(SHIPPED, "nowhere")
