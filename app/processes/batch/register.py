"""The batch actions there are."""

from app.domain.permissions import Grants
from app.errors import NotFound
from app.processes.batch import reminding, retrying
from app.processes.batch.actions import Action

ACTIONS = {each.code: each for each in (reminding.ACTION, retrying.ACTION)}
ON_INSTANCES = ("remind",)  # those offered where processes are listed


def get(code: str) -> Action:
    """NotFound for a code that is none."""
    if code not in ACTIONS:
        raise NotFound("没有这种批量操作。")
    return ACTIONS[code]


def offered(grants: Grants) -> list[Action]:
    """What a person may do with ticked processes."""
    return [ACTIONS[code] for code in ON_INSTANCES if grants.roles & set(ACTIONS[code].roles)]
