"""The drawing check: boxes, lines, labels."""

from pathlib import Path

import pytest

from app.engine.lint import Vocabulary, lint
from app.engine.lint.board import text_size
from app.engine.lint.geometry import Box, cross

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
VOCABULARY = Vocabulary(
    functions={"deadline": len},
    parameters=frozenset({"check_window"}),
    forms={"declaration": frozenset(), "unit_check": frozenset()},
    roles=frozenset({"applicant", "unit_clerk"}),
)
GATEWAY = (DIAGRAMS / "gateway_without_default.good.bpmn").read_text(encoding="utf-8")
BOUNDARY = (DIAGRAMS / "plain_end_after_boundary.good.bpmn").read_text(encoding="utf-8")
BOX = Box(0, 0, 100, 80)


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (((-10, 40), (110, 40)), True),
        (((50, -10), (50, 40)), True),
        (((10, 10), (20, 20)), True),
        (((-10, -10), (110, 90)), True),
        (((-10, 0), (110, 0)), False),
        (((100, -10), (100, 90)), False),
        (((-10, 40), (0, 40)), False),
        (((-50, 40), (40, -50)), False),
        (((-10, 90), (110, 90)), False),
    ],
)
def test_box_is_crossed_by_lines_through_its_inside(segment: tuple, expected: bool) -> None:
    assert BOX.crossed_by(segment) is expected
    assert BOX.crossed_by(segment[::-1]) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (((50, -50), (50, 50)), True),
        (((50, 0), (50, 50)), False),
        (((20, 0), (60, 0)), True),
        (((100, 0), (160, 0)), False),
        (((0, 10), (100, 10)), False),
        (((-50, -50), (-10, 50)), False),
    ],
)
def test_lines_cross_inside_or_run_on_each_other(other: tuple, expected: bool) -> None:
    line = ((0.0, 0.0), (100.0, 0.0))

    assert cross(line, other) is expected
    assert cross(other, line) is expected


def test_boxes_that_touch_do_not_overlap() -> None:
    assert BOX.overlaps(Box(99, 0, 10, 10)) is True
    assert BOX.overlaps(Box(100, 0, 10, 10)) is False


def test_chinese_text_wraps_at_the_width() -> None:
    assert text_size("职称评审", 90) == (48, 14)
    assert text_size("职" * 7, 90) == (84, 14)
    assert text_size("职" * 8, 90) == (84, 28)
    assert text_size("abcd", 90)[0] == pytest.approx(26.4)


def drawn(text: str, *replacements: tuple[str, str]) -> list[tuple[str, str | None]]:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return [(f.code, f.element) for f in lint({"sample.bpmn": text.encode()}, VOCABULARY)]


def test_long_name_does_not_fit_its_box() -> None:
    assert drawn(GATEWAY, ('name="补正材料"', f'name="{"补正材料" * 9}"')) == [("label_hidden", "repair")]


def test_label_may_reach_into_the_corner_of_a_gateway() -> None:
    label = '<dc:Bounds x="390" y="115" width="60" height="14"/>'

    assert drawn(GATEWAY, (label, label.replace('y="115"', 'y="127"'))) == []


def test_label_on_its_own_gateway_is_hidden() -> None:
    label = '<dc:Bounds x="390" y="115" width="60" height="14"/>'

    assert drawn(GATEWAY, (label, label.replace('y="115"', 'y="150"'))) == [("label_hidden", "complete")]


def test_label_without_a_place_stands_below_its_symbol() -> None:
    below = (GATEWAY[: GATEWAY.index('<bpmndi:BPMNLabel><dc:Bounds x="390"')],)
    label = '<bpmndi:BPMNLabel><dc:Bounds x="390" y="115" width="60" height="14"/></bpmndi:BPMNLabel>'

    assert below[0].endswith('height="50"/>')
    assert drawn(GATEWAY, (label, "")) == [("label_overlap", "complete_to_repair")]


def test_flow_through_the_boundary_event_of_its_source_is_seen() -> None:
    """The event sits where the flow leaves: the picture would read as if the flow came from the event."""
    line = '<di:waypoint x="320" y="160"/><di:waypoint x="402" y="160"/>'
    bent = '<di:waypoint x="295" y="200"/><di:waypoint x="295" y="230"/><di:waypoint x="402" y="160"/>'

    assert ("flow_through_node", "check_to_done") in drawn(BOUNDARY, (line, bent))


def test_drawing_of_all_sound_diagrams_is_silent() -> None:
    codes = {"overlap", "crossing", "flow_through_node", "label_hidden", "label_overlap", "missing_shape"}
    for path in DIAGRAMS.glob("*.good.bpmn"):
        found = lint({"sample.bpmn": path.read_bytes()}, VOCABULARY)
        assert [f for f in found if f.code in codes] == [], path.name
