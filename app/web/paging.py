"""Lists in pages: which one the address asks for, and how many there are."""

from flask import request


def page_number() -> int:
    """`page` of the address; the first one for anything that is no number."""
    said = request.args.get("page", "1")
    return max(1, int(said)) if said.isdecimal() else 1


def page_count(total: int, size: int) -> int:
    """An empty list has a page too."""
    return max(1, -(-total // size))
