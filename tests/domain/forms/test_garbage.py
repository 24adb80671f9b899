"""Whatever is sent, the check answers with problems or with plain JSON that it accepts again unchanged."""

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.forms import feel
from app.errors import InvalidForm
from tests.domain.forms.samples import CONTEXT, DECLARATION, shipped

FORM = shipped("declaration")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["_id", "period", "rank", "evidence", "ok", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FORM.fields), JSON, max_size=6), st.booleans())
def test_any_value_is_answered(changes: dict[str, Any], partial: bool) -> None:
    cleaned = None
    with contextlib.suppress(InvalidForm):
        cleaned = FORM.check(DECLARATION | changes, CONTEXT, partial=partial)
    if cleaned is not None:
        assert FORM.check(json.loads(json.dumps(cleaned)), CONTEXT, partial=partial) == cleaned


@settings(max_examples=150, deadline=None)
@given(JSON, JSON, st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "in", "and", "or", "+", "-", "*", "/"]))
def test_any_operands_have_an_answer(left: Any, right: Any, operator: str) -> None:
    expression = feel.parse(f"if a {operator} b then a.x {operator} count(b) else list contains(a, b)")
    expression.hides({"a": left, "b": right})
