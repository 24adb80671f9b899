"""What a check asks of a notice, and what it knows of an applicant; pure, so a form can be checked before filing."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.domain.parameter_values import Parameter


class Rules(Protocol):
    """The notice version a declaration is pinned to. `year` is the declaration's year."""

    @property
    def notice_key(self) -> str: ...

    @property
    def year(self) -> int: ...

    def parameter(self, key: str) -> Any:
        """The value printed in the notice or one of its parents; raises ConfigurationError where none has it."""

    def find(self, key: str) -> Parameter | None:
        """The same with the clause it rests on; None where none has it."""

    def decide(self, table: str, inputs: Mapping[str, Any]) -> Any:
        """The answer of the notice's own table of that key: a dict, or a list of dicts where the table collects.

        Must hand `inputs` to the table as it is (not a copy): Facts answers None for a question not asked.
        """


class Facts(dict[str, Any]):
    """A declaration's form values and what follows from them, as a decision table asks for them.

    A field that the form did not show has no value: it reads as None instead of being an error, so a table may ask
    for any field of any form without a line of Python.
    """

    def __missing__(self, key: str) -> None:
        return None
