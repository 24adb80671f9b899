"""The lamps of what runs by itself: jobs, timers, messages, letters, bulk work, incidents, posts without anybody."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.domain import people
from app.domain.deadline_rows import WAKES
from app.models.batch_action import BatchAction
from app.models.beat import JobBeat
from app.models.figures import FigureMark, StandingFigure
from app.models.migration import Migration
from app.models.outbox import Delivery
from app.models.people import Organisation
from app.models.process import Deadline, Incident, Message
from app.models.types import Instant
from app.processes.health.lamps import BAD, MANY, OK, UNKNOWN, WARN, Lamp, age_words, count_words, counted

JOBS = {"tick": "定时任务", "reminders": "提醒任务", "delivery": "消息发送任务", "figures": "统计任务"}
SILENT, LATE, LONG = timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=30)
NAMED = 5


def jobs(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """A job notes at most once a minute that it went round."""
    rows = {row.name: row for row in session.scalars(select(JobBeat))}
    now = clock.real(session)
    for name, title in JOBS.items():
        row = rows.get(name)
        if row is None or row.done_at is None:
            remedy = "请确认服务进程（PostgreSQL 部署的 worker）已启动：没有它，期限到了也不会有动作。"
            yield Lamp(name, title, BAD if row else UNKNOWN, "没有运行过", remedy)
            continue
        age = now - row.done_at
        failed = row.failed_at is not None and row.failed_at > row.done_at
        says = f"{age_words(age)}前运行" + (f"，最近一次失败：{row.error}" if failed else "")
        state = BAD if age > SILENT else WARN if failed else OK
        remedy = "请查看运行日志，必要时重新启动服务进程或 worker。" if state != OK else ""
        yield Lamp(name, title, state, says, remedy, {"seconds": int(age.total_seconds())})


def timers(session: Session, _settings: Settings) -> Iterator[Lamp]:
    now = clock.now(session)
    due = select(Deadline.due_at, Deadline.dead).where(WAKES, Deadline.due_at <= now)
    rows = session.execute(due.order_by(Deadline.due_at, Deadline.id).limit(MANY + 1)).all()
    dead, waiting = sum(row.dead for row in rows), [row.due_at for row in rows if not row.dead]
    lag = now - waiting[0] if waiting else timedelta()
    says = f"到期未处理{count_words(len(waiting))}个" + (f"，最早的已过{age_words(lag)}" if waiting else "")
    figures = {"due": len(waiting), "lag_seconds": int(lag.total_seconds()), "dead": dead}
    remedy = "请确认定时任务在运行；积压多时可在 PostgreSQL 上增开 worker。" if lag > LATE else ""
    yield Lamp("timers", "到期定时", BAD if lag > LONG else WARN if lag > LATE else OK, says, remedy, figures)
    if dead:
        remedy = "请在“办理监控 › 异常”中查明原因并重试。"
        yield Lamp("dead_timers", "停止的定时", BAD, f"{count_words(dead)}个多次失败后停止", remedy, {"count": dead})


def messages(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """Between processes: those that failed to be delivered and are tried again."""
    failing = counted(session, select(Message.id).where(Message.status == "pending", Message.attempts > 0))
    remedy = "请在“办理监控 › 异常”中查看原因。" if failing else ""
    says = f"投递失败待重试{count_words(failing)}条"
    yield Lamp("messages", "流程间消息", WARN if failing else OK, says, remedy, {"failing": failing})


def letters(session: Session, _settings: Settings) -> Iterator[Lamp]:
    now = clock.now(session)
    due = select(Delivery.due_at).where(Delivery.status == "waiting", Delivery.due_at <= now)
    rows = session.scalars(due.order_by(Delivery.due_at, Delivery.id).limit(MANY + 1)).all()
    lag = now - rows[0] if rows else timedelta()
    troubled = counted(session, select(Delivery.id).where(Delivery.status.in_(("failed", "unknown"))))
    says = f"待发{count_words(len(rows))}封" + (f"，最早的已等{age_words(lag)}" if rows else "")
    remedy = "请检查邮件、短信服务的配置和网络。" if lag > LONG else ""
    figures = {"waiting": len(rows), "oldest_seconds": int(lag.total_seconds())}
    yield Lamp("letters", "待发消息", BAD if lag > 4 * LONG else WARN if lag > LONG else OK, says, remedy, figures)
    remedy = "请在“消息发送”中查看原因，更正后重发。" if troubled else ""
    says = f"失败或者不能确定是否送达{count_words(troubled)}封"
    yield Lamp("failed_letters", "发送失败", WARN if troubled else OK, says, remedy, {"count": troubled})


def bulk(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """Batch actions and migrations under way."""
    now = clock.now(session)
    for key, title, table in (("batches", "批量操作", BatchAction), ("migrations", "移到新版本", Migration)):
        running = table.started_at.is_not(None) & table.ended_at.is_(None)
        count, oldest = session.execute(_count_and(table.id, table.started_at).where(running)).one()
        age = now - oldest if oldest else timedelta()
        slow = age > timedelta(hours=2)
        says = f"进行中{count}项" + (f"，最早的已开始{age_words(age)}" if count else "")
        remedy = "时间过长的，请到其页面查看进度，必要时停止。" if slow else ""
        yield Lamp(key, title, WARN if slow else OK, says, remedy, {"running": count})


def incidents(session: Session, _settings: Settings) -> Iterator[Lamp]:
    found = session.scalars(
        select(func.coalesce(Incident.first_at, Incident.at, type_=Instant()))
        .where(Incident.status == "open")
        .order_by(Incident.id)
        .limit(MANY + 1)
    ).all()
    now = clock.now(session)
    says = f"未处理{count_words(len(found))}件" + (f"，最早的在{age_words(now - found[0])}前" if found else "")
    remedy = "请流程设计员或管理人员在“办理监控 › 异常”中处理。" if found else ""
    yield Lamp("incidents", "流程异常", WARN if found else OK, says, remedy, {"open": len(found)})


def nobody(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """Posts with open tasks and nobody who may do them, as the figures last counted them."""
    now = clock.now(session)
    standing = select(StandingFigure.role, StandingFigure.organisation_id).where(
        StandingFigure.kind == "task", StandingFigure.role.is_not(None), StandingFigure.role.not_in(_PERSONAL)
    )
    posts = standing.where(StandingFigure.count > 0).distinct().subquery()
    alone = select(posts.c.role, Organisation.name).outerjoin(Organisation, Organisation.id == posts.c.organisation_id)
    alone = alone.where(~people.somebody(posts.c.role, posts.c.organisation_id, now))
    rows = session.execute(alone.order_by(Organisation.name, posts.c.role).limit(MANY + 1)).all()
    names = "、".join(f"{body or ''}{people.ROLES.get(role, role)}" for role, body in rows[:NAMED])
    says = f"{count_words(len(rows))}个岗位有待办而无人任职" + (
        f"：{names}{'等' if len(rows) > NAMED else ''}" if rows else ""
    )
    remedy = "请在“账号与任职”中授予任职，或在“办理监控”中改派。" if rows else ""
    yield Lamp("nobody", "无人可办", WARN if rows else OK, says, remedy, {"posts": len(rows)})


def figures(session: Session, _settings: Settings) -> Iterator[Lamp]:
    standing = session.scalar(select(FigureMark.standing_at).limit(1))
    if standing is None:
        yield Lamp("standing", "看板统计", UNKNOWN, "还没有统计过", "定时任务运行后会自行统计。")
        return
    age: timedelta = clock.now(session) - standing
    state = WARN if age > LONG else OK
    says = f"统计到{age_words(age)}前"
    remedy = "请确认统计任务在运行；必要时运行 zhiping figures rebuild。" if state != OK else ""
    yield Lamp("standing", "看板统计", state, says, remedy, {"seconds": int(age.total_seconds())})


_PERSONAL = ("applicant", "expert_candidate")
PARTS = (jobs, timers, messages, letters, bulk, incidents, nobody, figures)


def _count_and(key: object, moment: object) -> Select[int, datetime | None]:
    return select(func.count(key), func.min(moment, type_=Instant()))  # type: ignore[arg-type]
