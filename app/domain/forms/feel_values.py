"""What FEEL's operators do with values: three-valued logic, null for what cannot be computed, as feelin answers."""

import math
from collections.abc import Callable, Mapping
from typing import Any

Truth = bool | None


def truthy(value: Any) -> bool:
    """The test of an `if`: anything but false and null."""
    return value is not False and value is not None


def either(left: Any, right: Any) -> Truth:
    """`or`; what is no boolean is unknown."""
    a, b = _truth(left), _truth(right)
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def both(left: Any, right: Any) -> Truth:
    """`and`; what is no boolean is unknown."""
    a, b = _truth(left), _truth(right)
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def negate(value: Any) -> Truth:
    return not value if isinstance(value, bool) else None


def equal(left: Any, right: Any) -> Truth:
    """`=`: unknown for values of different types, false for null beside something, lists of one are their element."""
    if (left is None) != (right is None):
        return False
    left, right = _alone(left), _alone(right)
    kind = _kind(left)
    if kind != _kind(right):
        return None
    if kind == "list":
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if kind == "context":
        return left.keys() == right.keys() and all(equal(left[key], right[key]) is True for key in left)
    return bool(left == right)


def differs(left: Any, right: Any) -> Truth:
    """`!=`: whatever is not known to be equal differs."""
    return equal(left, right) is not True


def inside(value: Any, choices: Any) -> Truth:
    """`value in choices`; a single choice stands for a list of one."""
    if choices is None:
        return None
    return any(equal(choice, value) is True for choice in _as_list(choices))


def contains(text: Any, part: Any) -> Truth:
    return part in text if isinstance(text, str) and isinstance(part, str) else None


def list_contains(items: Any, item: Any) -> Truth:
    """Identity of plain values; lists and contexts are never found."""
    if items is None:
        return None
    if isinstance(item, list | Mapping):
        return False
    return any(_kind(each) == _kind(item) and each == item for each in _as_list(items))


def count(items: Any) -> int | None:
    return None if items is None else len(_as_list(items))


def member(value: Any, key: str) -> Any:
    """`value.key`; of a list, the list of each element's member."""
    if isinstance(value, list):
        return [member(each, key) for each in value]
    return value.get(key) if isinstance(value, Mapping) else None


def add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return _number(left, right, lambda a, b: a + b)


def subtract(left: Any, right: Any) -> Any:
    return _number(left, right, lambda a, b: a - b)


def multiply(left: Any, right: Any) -> Any:
    return _number(left, right, lambda a, b: a * b)


def divide(left: Any, right: Any) -> Any:
    return _number(left, right, lambda a, b: a / b if b else None)


def _number(left: Any, right: Any, operation: Callable[[Any, Any], Any]) -> Any:
    if _kind(left) != "number" or _kind(right) != "number":
        return None
    try:
        found = operation(left, right)
    except OverflowError:
        return None
    if isinstance(found, float):
        if not math.isfinite(found):
            return None
        return int(found) if found.is_integer() else found
    return found


def _ordered(operation: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Truth]:
    def compare(left: Any, right: Any) -> Truth:
        if left is None or right is None:
            return None
        if isinstance(left, str) and isinstance(right, str):
            return operation(left, right)
        numbers = _as_number(left), _as_number(right)
        return operation(*numbers) if None not in numbers else False

    return compare


COMPARE: dict[str, Callable[[Any, Any], Truth]] = {
    "=": equal,
    "!=": differs,
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
}


def _truth(value: Any) -> Truth:
    return value if isinstance(value, bool) else None


def _alone(value: Any) -> Any:
    if isinstance(value, list) and len(value) < 2:
        return value[0] if value else None
    return value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_number(value: Any) -> float | None:
    """Values of different types compare as JavaScript does: a text is read as a number, true counts as 1."""
    if isinstance(value, str):
        try:
            return float(value or 0)
        except ValueError:
            return None
    return float(value) if isinstance(value, bool | int | float) else None


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "context"
