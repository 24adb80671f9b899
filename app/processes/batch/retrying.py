"""批量重试: incidents tried again, each as it would be by itself; what fails anew stays the same incident."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models.batch_action import BatchAction, BatchItem
from app.models.process import Incident, ProcessInstance
from app.processes import monitor, retries
from app.processes.batch.actions import MANAGERS, Action, Done, Reasons
from app.processes.batch.places import LENGTH

SUSPENDED = "此办理事项已挂起，恢复以后再重试。"


def _chosen(session: Session, ids: Sequence[int], _said: Mapping[str, str]) -> list[BatchItem]:
    """An item for each incident, named by its element and reason."""
    about = monitor.incident_instance()
    rows = session.execute(monitor.with_instance(select(Incident, about)).where(Incident.id.in_(ids)))
    found = {incident.id: (incident, about) for incident, about in rows}
    return [
        BatchItem(incident_id=key, instance_id=found[key][1], place=_words(found[key][0]))
        for key in ids
        if key in found
    ]


def _why_not(session: Session, _batch: BatchAction, items: Sequence[BatchItem]) -> Reasons:
    """`again` looks for itself too: between this look and the retry somebody else may be faster."""
    ids = {each.incident_id for each in items}
    incidents = {row.id: row for row in session.scalars(select(Incident).where(Incident.id.in_(ids)))}
    suspended = select(ProcessInstance.id).where(ProcessInstance.status == "suspended")
    still = set(session.scalars(suspended.where(ProcessInstance.id.in_({each.instance_id for each in items}))))
    found = {}
    for each in items:
        incident = incidents.get(each.incident_id or 0)
        if incident is None or incident.status != "open":
            found[each.id] = retries.DROPPED
        elif not retries.can_be_retried(incident):
            found[each.id] = retries.NOT_KEPT
        elif each.instance_id in still:
            found[each.id] = SUSPENDED
    return found


def _run(database: Database, batch: BatchAction, item: BatchItem, done: Done) -> None:
    assert item.incident_id is not None
    retries.again(database, item.incident_id, batch.person_id, done)


def _says(_session: Session, _batch: BatchAction) -> str:
    return "不另发通知。当事人的办理以其本人名义、按原填内容再办一次；定时和消息立即再次执行。"


def _words(incident: Incident) -> str:
    where = f"{incident.element_id or ''}{f'第{incident.line}行' if incident.line else ''}"
    return f"{where}：{incident.reason}"[:LENGTH]


ACTION = Action(
    code="retry",
    label="重试异常",
    roles=MANAGERS,
    chosen=_chosen,
    why_not=_why_not,
    run=_run,
    says=_says,
    reasoned=False,
    stays=False,
    of_incidents=True,
)
