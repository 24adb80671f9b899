"""What a check says against a notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`level` error keeps the notice from being published; warning is shown to the one who publishes.

    `place` is a parameter's key, a committee as `第76号`, a clause as `四(二)3(1)`, or an element as `payment#pay`.
    """

    level: str
    code: str
    message: str
    place: str
