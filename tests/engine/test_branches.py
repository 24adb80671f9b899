"""Whether one token may become another, asked of the drawing alone."""

import pytest

from app.engine.branches import same_token
from app.engine.parser import definitions
from tests.engine import tiny
from tests.engine.diagrams import CONSTRUCTS


def same(name: str, one: str, other: str) -> bool:
    return same_token(definitions(CONSTRUCTS[name]).spec(name)[0], one, other)


@pytest.mark.parametrize(
    ("name", "one", "other", "expected"),
    [
        ("users", "a", "b", True),
        ("looped", "last", "act", True),
        ("forked", "a", "b", False),
        ("forked", "a", "last", False),
        ("forked", "last", "a", False),
        ("forked", "last", "s", True),
        ("two_levels", "b1", "b2", False),
        ("two_levels", "b2", "b3", False),
        ("two_levels", "z", "s", True),
        ("boundaries", "go", "over", True),
        ("boundaries", "go", "cut", True),
        ("boundaries", "go", "remind", False),
        ("boundaries", "remind", "remind", True),
        ("event_gateway", "glad", "sad", True),
        ("inside", "box", "last", True),
    ],
)
def test_same_token_as_drawn(name: str, one: str, other: str, expected: bool) -> None:
    assert same(name, one, other) is expected
    assert same(name, other, one) is expected


def test_two_forks_in_a_row_are_the_same_token_outside_and_apart_inside() -> None:
    elements = tiny.start() + "".join(tiny.user(key) for key in "abcdm") + tiny.end()
    elements += "".join(tiny.gateway(key, "parallel") for key in ("f1", "j1", "f2", "j2"))
    flows = "s>f1>a>j1; f1>b>j1; j1>m>f2; f2>c>j2; f2>d>j2; j2>e"
    spec = definitions({"t.bpmn": tiny.document(tiny.process("t", elements, flows))}).spec("t")[0]
    assert same_token(spec, "m", "s")
    assert same_token(spec, "m", "e")
    assert not same_token(spec, "a", "c")
    assert not same_token(spec, "m", "d")
