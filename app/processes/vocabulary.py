"""The words that a notice's diagrams may use, as the linter takes them: functions from code, the rest from files."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from app import functions
from app.domain import people
from app.domain.forms import UnusableSchema, compile_form
from app.engine.lint import Vocabulary


def vocabulary(forms: Mapping[str, bytes], parameters: Iterable[str], lanes: Mapping[str, Iterable[str]]) -> Vocabulary:
    """`forms`: key → content; one that cannot be used offers no fields. `lanes`: label → roles that it pictures."""
    return Vocabulary(
        functions=functions.registered_for_designers(),
        parameters=frozenset(parameters),
        forms={key: _fields(content) for key, content in forms.items()},
        roles=frozenset(people.ROLES),
        lanes={label: frozenset(roles) for label, roles in lanes.items()},
    )


@lru_cache(maxsize=512)
def _fields(content: bytes) -> frozenset[str]:
    try:
        return frozenset(compile_form(json.loads(content)).fields)
    except (UnusableSchema, ValueError, KeyError, TypeError, AttributeError):  # its own check says what is wrong
        return frozenset()
