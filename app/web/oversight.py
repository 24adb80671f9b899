"""Who may look over running processes, and who may repair them."""

from app.domain import permissions
from app.domain.permissions import Grants
from app.processes import monitor
from app.web.session import grants, visitor

REPAIRERS = ("manager", "system_admin")


def overseer() -> Grants:
    """What the person acts with who asks for a page of 办理监控. Raises LoginRequired, NotAllowed."""
    return _holder(*monitor.OVERSEERS)


def repairer() -> Grants:
    """The same for whoever lets failed work try again. Raises LoginRequired, NotAllowed."""
    return _holder(*REPAIRERS)


def _holder(*roles: str) -> Grants:
    visitor()
    who = grants()
    permissions.require_role(who, *roles)
    return who
