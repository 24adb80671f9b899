"""The two recommenders of an exceptional promotion (R-057, form 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Problem, Refused

CLAUSE = "N4 附件2 (四)6，附件4；R-057"


def check(recommenders: Sequence[Mapping[str, Any]], applicant: str) -> None:
    """Refused where both are one person, or one is the applicant; how many and which title the form itself asks."""
    problems, seen = [], set()
    for number, row in enumerate(recommenders):
        name, place = _plain(row.get("name")), f"recommenders.{number}.name"
        if name in seen:
            problems.append(Problem("same_recommender", f"{name}填写了两次，须由2名不同的人推荐。", place, CLAUSE))
        if name == _plain(applicant):
            problems.append(Problem("own_recommender", "不能由申报人本人推荐，请更换推荐人。", place, CLAUSE))
        seen.add(name)
    if problems:
        raise Refused(*problems)


def _plain(name: str | None) -> str:
    return "".join((name or "").split())
