"""批量移到新版本: processes put on the latest version of their notice, each with what keeps it where it is."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.models.batch_action import BatchAction, BatchItem
from app.models.notice import NoticeVersion
from app.models.process import ProcessInstance
from app.processes import crossing
from app.processes.batch import actions
from app.processes.batch.actions import MANAGERS, Action, Reasons

LATEST = "此办理事项已在该通知的最新版本上。"


def _why_not(session: Session, _batch: BatchAction, items: Sequence[BatchItem]) -> Reasons:
    ids = {each.instance_id for each in items if each.instance_id is not None}
    instances = {row.id: row for row in session.scalars(select(ProcessInstance).where(ProcessInstance.id.in_(ids)))}
    newest = _newest(session, {each.notice_version_id for each in instances.values()})
    found: Reasons = {}
    for each in items:
        instance = instances.get(each.instance_id or 0)
        if instance is None or instance.status == "ended":
            continue  # said of every action
        version = newest[instance.notice_version_id]
        if version == instance.notice_version_id:
            found[each.id] = LATEST
        elif obstacles := crossing.obstacles(session, instance, version):
            found[each.id] = f"{'；'.join(obstacles)}。"
    return found


def _newest(session: Session, version_ids: set[int]) -> dict[int, int]:
    """Version → the latest version of the same notice."""
    other, same = aliased(NoticeVersion), aliased(NoticeVersion)
    last = select(func.max(same.ordinal)).where(same.notice_id == other.notice_id).scalar_subquery()
    rows = session.execute(
        select(NoticeVersion.id, other.id)
        .join(other, (other.notice_id == NoticeVersion.notice_id) & (other.ordinal == last))
        .where(NoticeVersion.id.in_(version_ids))
    )
    return dict(rows.all())


def _act(session: Session, batch: BatchAction, item: BatchItem) -> None:
    instance = session.get_one(ProcessInstance, item.instance_id)
    version = _newest(session, {instance.notice_version_id})[instance.notice_version_id]
    crossing.cross(session, instance, version, reason=batch.reason, by=batch.person_id)


def _says(_session: Session, _batch: BatchAction) -> str:
    return "不另发通知。以后按该通知最新版本的流程图办理；期限、定时、草稿不变。"


ACTION = Action(
    code="migrate",
    label="移到最新版本",
    roles=MANAGERS,
    chosen=actions.instances,
    why_not=_why_not,
    run=actions.at_once(_act),
    says=_says,
)
