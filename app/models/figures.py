"""Tables of precomputed figures: how long work took, counts of what was passed, what stands now; alerts on them.

Nothing here is a record of its own: all but the alerts is counted from tasks and events and can be counted anew.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant

EVERYBODY = 0  # in `TaskFigure.organisation_id`: the row counts the work of all


class WorkTime(Base):
    """One finished task: whose it was and how many working days it took, holds and suspensions left out (经办时长).

    A row says that the task has been counted; `notice_version_id` is the version its instance ran on at its end.
    """

    __tablename__ = "work_time"
    task_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    instance_id: Mapped[int] = mapped_column(Id)
    declaration_id: Mapped[int | None] = mapped_column(Id, index=True)
    committee_id: Mapped[int | None] = mapped_column(Id)
    notice_version_id: Mapped[int] = mapped_column(Id)
    process_key: Mapped[str] = mapped_column(String(80))
    element_id: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int | None] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12))  # completed, cancelled
    entered_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime] = mapped_column(Instant)
    days: Mapped[int]
    held_days: Mapped[int]
    __table_args__ = (
        Index("ix_work_time_slowest", "notice_version_id", "element_id", "days"),
        Index("ix_work_time_office", "organisation_id", "role", "left_at"),
        Index("ix_work_time_left", "left_at"),
    )


class TaskFigure(Base):
    """How many finished tasks of a step took so many working days; `organisation_id` EVERYBODY and no role: of all."""

    __tablename__ = "task_figure"
    notice_version_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    process_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    __table_args__ = (
        Index("ix_task_figure_office", "organisation_id", "days"),
        Index("ix_task_figure_version", "notice_version_id", "organisation_id"),
    )


class PassFigure(Base):
    """How often a token went through an element."""

    __tablename__ = "pass_figure"
    notice_version_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    process_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int]


class StandingFigure(Base):
    """What stood at `FigureMark.standing_at`, counted by `kind`; the columns that a kind does not count by are empty.

    `token`: instances at an element. `instance`: by `code`, their state. `task`: open tasks of a post at a step.
    `incident`: open ones at an element; `code` is their kind. `pace`: what came to a post and left it lately.
    `declaration`: by `code`, their state. Added up from `task`, for those who see all: `step` over all posts, `office`
    over all steps of a notice.
    """

    __tablename__ = "standing_figure"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    notice_id: Mapped[int | None] = mapped_column(Id)
    notice_version_id: Mapped[int | None] = mapped_column(Id)
    committee_id: Mapped[int | None] = mapped_column(Id)
    process_key: Mapped[str | None] = mapped_column(String(80))
    element_id: Mapped[str | None] = mapped_column(String(120))
    path: Mapped[str | None] = mapped_column(Text)  # JSON list of the call activities around it
    organisation_id: Mapped[int | None] = mapped_column(Id)
    role: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(40))
    level: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(40))
    milestone: Mapped[str | None] = mapped_column(String(12))  # of declarations: draft, submitted, accepted, paid
    count: Mapped[int]
    overdue: Mapped[int] = mapped_column(default=0)
    arrived: Mapped[int] = mapped_column(default=0)
    finished: Mapped[int] = mapped_column(default=0)
    oldest_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_standing_figure_kind", "kind", "notice_version_id"),
        Index("ix_standing_figure_committee", "kind", "committee_id"),
        Index("ix_standing_figure_organisation", "kind", "organisation_id"),
        Index("ix_standing_figure_notice", "kind", "notice_id"),
    )


class FigureMark(Base):
    """One row: how far the past is counted, and when what stands was counted last.

    `event_id` is the last event counted; `next_id` the next end, safe once no transaction before `horizon` is open.
    """

    __tablename__ = "figure_mark"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(Id, default=0)
    next_id: Mapped[int] = mapped_column(Id, default=0)
    horizon: Mapped[int] = mapped_column(Id, default=0)
    standing_at: Mapped[datetime | None] = mapped_column(Instant)
    standing_event_id: Mapped[int] = mapped_column(Id, default=0)
    standing_cost_ms: Mapped[int] = mapped_column(default=0)


class AlertRule(Base):
    """预警: whom to tell when a figure reaches `threshold`; he sees what the grant he acted with lets him see.

    `kind`: overdue (tasks overdue in all), queue (open tasks of one office), window (working days until one closes).
    """

    __tablename__ = "alert_rule"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    grant_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(12))
    threshold: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("person_id", "grant_id", "kind"),)


class AlertCrossing(Base):
    """A threshold that is crossed now: told once, forgotten when the figure is below it again."""

    __tablename__ = "alert_crossing"
    rule_id: Mapped[int] = mapped_column(ForeignKey("alert_rule.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)  # `office 12`, `window 3 check`, empty for all
    since: Mapped[datetime] = mapped_column(Instant)
    value: Mapped[int]
