"""The batch actions there are."""

from app.domain.permissions import Grants
from app.errors import NotFound
from app.processes.batch import intervening, migrating, reassigning, reminding, retrying
from app.processes.batch.actions import Action

ON_INSTANCES = (
    reminding.ACTION,
    reassigning.ACTION,
    intervening.SUSPEND,
    intervening.RESUME,
    intervening.TERMINATE,
    migrating.ACTION,
)  # those offered where processes are listed
ACTIONS = {each.code: each for each in (*ON_INSTANCES, retrying.ACTION)}


def get(code: str) -> Action:
    """NotFound for a code that is none."""
    if code not in ACTIONS:
        raise NotFound("没有这种批量操作。")
    return ACTIONS[code]


def offered(grants: Grants) -> list[Action]:
    """What a person may do with ticked processes."""
    return [each for each in ON_INSTANCES if grants.roles & set(each.roles)]
