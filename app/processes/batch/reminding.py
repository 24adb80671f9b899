"""批量催办: whoever holds a file is reminded, within the file's own limit of once in a working day."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import declarations, notifications, people
from app.domain.explanations import moment_words
from app.models.batch_action import BatchAction, BatchItem
from app.models.declaration import Declaration
from app.processes import monitor, urging
from app.processes.batch import actions
from app.processes.batch.actions import Action, Reasons

NO_FILE = "不是申请书的办理事项，不能催办。"


def _why_not(session: Session, _batch: BatchAction, items: Sequence[BatchItem]) -> Reasons:
    ids = {each.instance_id for each in items if each.instance_id is not None}
    own = select(Declaration.instance_id, Declaration.id).where(Declaration.instance_id.in_(ids))
    files = dict(session.execute(own).all())
    today = urging.urged_today(session, files.values())
    found = {}
    for each in items:
        declaration = files.get(each.instance_id)
        if declaration is None:
            found[each.id] = NO_FILE
        elif declaration in today:
            found[each.id] = f"本件已于{moment_words(today[declaration])}催办，每个工作日只能催办一次。"
    return found


def _act(session: Session, batch: BatchAction, item: BatchItem) -> None:
    own = session.scalars(select(Declaration.id).where(Declaration.instance_id == item.instance_id)).one()
    urging.urge(session, declarations.get(session, own), batch.person_id)


def _says(session: Session, batch: BatchAction) -> str:
    facts = {"who": people.get(session, batch.person_id).name, "task": "…"}
    _, body = notifications.worded(session, urging.KIND, facts, None)
    return f"各件当前的办理人员（尚未认领的，为该岗位全体人员）将收到：{body}"


ACTION = Action(
    code="remind",
    label="催办",
    roles=monitor.OVERSEERS,
    chosen=actions.instances,
    why_not=_why_not,
    run=actions.at_once(_act),
    says=_says,
    reasoned=False,
)
