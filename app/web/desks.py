"""Which desk (单位推荐) the visitor works at, for the pages that belong to one."""

from app.domain import desk, permissions
from app.domain.desk import Desk
from app.errors import NotFound
from app.web.session import grants, visitor


def own_desks() -> list[Desk]:
    """The desks of the present identity; NotAllowed for whoever recommends nobody."""
    visitor()
    who = grants()
    permissions.require_role(who, *desk.LEVELS)
    return desk.desks(who)


def own_desk(level: str) -> Desk:
    """The desk in its part as `level`. NotFound."""
    found = next((each for each in own_desks() if each.level == level), None)
    if found is None:
        raise NotFound
    return found
