"""Tables of running processes: instances, tasks, deadlines, messages, incidents, events."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json

_OPEN = text("status = 'open'")
_RUNNING_CLOCK = text("closed_at IS NULL")
_WAKING = text("closed_at IS NULL AND element_id IS NOT NULL")
_BEGINNING = text("kind = 'started'")


class ClockOffset(Base):
    """The demo's, a scenario's or a rehearsal's clock (D11); a production database has no such row."""

    __tablename__ = "clock_offset"
    id: Mapped[int] = mapped_column(primary_key=True)
    offset_us: Mapped[int] = mapped_column(Id, default=0)
    frozen_us: Mapped[int | None] = mapped_column(Id)


class KeptRevision(Base):
    """One row: how often rows were written that processes remember (`app.kept`)."""

    __tablename__ = "kept_revision"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]


class ProcessInstance(Base):
    """One run of a diagram: `state` is the engine's compact state, `waits` what it waits for: see processes.waits."""

    __tablename__ = "process_instance"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    process_key: Mapped[str] = mapped_column(String(80))
    notice_version_id: Mapped[int] = mapped_column(Id)
    definition_digest: Mapped[str] = mapped_column(String(64))  # of the whole bundle of diagrams it runs on
    declaration_id: Mapped[int | None] = mapped_column(Id)
    subject: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict
    )  # other ids: batch_id, objection_id, complaint_id, campaign_id, candidate_id
    status: Mapped[str] = mapped_column(String(16), default="running")  # running, ended, suspended
    state: Mapped[bytes] = mapped_column(LargeBinary)
    waits: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # see processes.work
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(Id)  # who terminated it; empty where its diagram came to an end
    suspended_at: Mapped[datetime | None] = mapped_column(Instant)
    suspended_reason: Mapped[str | None] = mapped_column(Text)
    history_number: Mapped[int] = mapped_column(default=0)  # of its last event
    history_digest: Mapped[str] = mapped_column(Digest, default="")  # the head of its chain of events
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own convention)
    __table_args__ = (  # the monitor's list, from the newest down
        Index("ix_process_instance_declaration", "declaration_id", "id"),
        Index("ix_process_instance_version", "notice_version_id", "id"),
        Index("ix_process_instance_process", "process_key", "id"),
        Index("ix_process_instance_status", "status", "id"),
    )


class Task(Base):
    """A user task as people see it; the reading copy of the engine's ready task (D8a: the past lives here)."""

    __tablename__ = "task"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    engine_task_id: Mapped[str] = mapped_column(String(36))
    element_id: Mapped[str] = mapped_column(String(120))
    path: Mapped[list[str]] = mapped_column(Json, default=list)  # call activities from the outermost to the element
    process_key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str | None] = mapped_column(String(80))
    record: Mapped[str | None] = mapped_column(String(40))
    clauses: Mapped[str | None] = mapped_column(String(400))
    level: Mapped[str | None] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(Id)
    person_id: Mapped[int | None] = mapped_column(Id)  # the one who must act (applicant) or who claimed it
    declaration_id: Mapped[int | None] = mapped_column(Id, index=True)
    status: Mapped[str] = mapped_column(String(12), default="open")  # open, completed, cancelled
    deadline_id: Mapped[int | None] = mapped_column(Id)
    decision: Mapped[str | None] = mapped_column(String(40))
    values: Mapped[dict[str, Any] | None] = mapped_column(Json)  # as submitted
    draft: Mapped[dict[str, Any] | None] = mapped_column(Json)
    draft_token: Mapped[str | None] = mapped_column(String(36))
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(Id)
    on_behalf_of: Mapped[int | None] = mapped_column(Id)
    return_id: Mapped[int | None] = mapped_column(Id)  # the return that put it here and has to go back to its giver
    request_id: Mapped[int | None] = mapped_column(Id)  # the request its holder has to answer: nobody decides meanwhile
    after_id: Mapped[int | None] = mapped_column(Id)  # the first signer to be asked once it is decided
    __table_args__ = (
        Index("uq_task_open", "instance_id", "engine_task_id", unique=True),
        Index("ix_task_inbox", "role", "organisation_id", "status"),
        Index("ix_task_person", "person_id"),
        Index("ix_task_ended_by", "ended_by"),
        Index("ix_task_open_element", "element_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )


class TaskReturn(Base):
    """退回: who gave a file back from which task to which, why, and the way straight back to him where he asked for it.

    `way` leads from the outermost process to his step, `data` is the workflow data that stood there.
    """

    __tablename__ = "task_return"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    declaration_id: Mapped[int | None] = mapped_column(Id)
    task_id: Mapped[int] = mapped_column(Id)
    from_name: Mapped[str] = mapped_column(String(200))
    to_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    straight: Mapped[bool] = mapped_column()  # the receiver's work goes straight back; else it climbs the route again
    way: Mapped[list[str]] = mapped_column(Json)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[str | None] = mapped_column(String(40))  # where the declaration stood, shown again on the way back
    outer_id: Mapped[int | None] = mapped_column(Id)  # the return that had brought the file to the giver
    person_id: Mapped[int] = mapped_column(Id)
    on_behalf_of: Mapped[int | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Deadline(Base):
    """When something falls due and why (D13). `due_at` is the first instant that is too late; empty while held.

    One that names an element is a timer of the engine: while it is open, the tick wakes its instance (D14, D30).
    """

    __tablename__ = "deadline"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    engine_task_id: Mapped[str] = mapped_column(String(36))
    declaration_id: Mapped[int | None] = mapped_column(Id, index=True)
    rule: Mapped[str] = mapped_column(String(60))  # parameter key; empty for an instant that the diagram itself gives
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(10))  # relative, absolute, diagram
    count: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(20))  # working_day, calendar_day, month
    convention: Mapped[str | None] = mapped_column(String(20))  # inclusive (publicity), after
    clause: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    held_by: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # ledger: reason, from, to
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar_revision: Mapped[int] = mapped_column(default=0)
    history: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    element_id: Mapped[str | None] = mapped_column(String(120))  # what waits for it in the engine
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None] = mapped_column(String(36))
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    dead: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("instance_id", "engine_task_id", "rule", "round"),
        Index("ix_deadline_running", "due_at", postgresql_where=_RUNNING_CLOCK, sqlite_where=_RUNNING_CLOCK),
        Index("ix_deadline_waking", "due_at", "id", postgresql_where=_WAKING, sqlite_where=_WAKING),
    )


class Message(Base):
    """From one instance (or a person) to another; delivered once, in the receiver's own transaction (D15)."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    receiver_id: Mapped[int | None] = mapped_column(Id)  # instance; empty for a message that starts a process
    starts: Mapped[str | None] = mapped_column(String(80))  # process key to start
    notice_version_id: Mapped[int | None] = mapped_column(Id)
    sender_id: Mapped[int | None] = mapped_column(Id)
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    status: Mapped[str] = mapped_column(String(12), default="pending")  # pending, delivered, unhandled
    sent_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None] = mapped_column(String(36))
    attempts: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index(
            "ix_message_pending",
            "receiver_id",
            "name",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
    )


class Incident(Base):
    """A diagram's own fault, kept for the designer; the person's task stays open (D5).

    `attempt` is the completion that it stopped ({values, key}, by `person_id`), until it goes through or is edited.
    """

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(Id, index=True)
    task_id: Mapped[int | None] = mapped_column(Id)
    deadline_id: Mapped[int | None] = mapped_column(Id)  # the timer that failed to fire
    message_id: Mapped[int | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))  # script, decision, nobody, move
    element_id: Mapped[str | None] = mapped_column(String(120))
    line: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Id)
    attempt: Mapped[dict[str, Any] | None] = mapped_column(Json)
    attempts: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(12), default="open")  # open, solved
    at: Mapped[datetime] = mapped_column(Instant)  # when it was tried last
    first_at: Mapped[datetime | None] = mapped_column(Instant)  # when it arose, where it was tried again since
    solved_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_incident_task", "task_id"),
        Index("ix_incident_open", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )


class Event(Base):
    """What happened: who, when, on which instance, element and task; written by `domain.history` alone and kept.

    `payload` are its words. They and their salt may be erased; their digest stays in the chain of the instance.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    instance_id: Mapped[int | None] = mapped_column(Id)
    number: Mapped[int]  # within the instance's chain, from 1
    task_id: Mapped[int | None] = mapped_column(Id)
    declaration_id: Mapped[int | None] = mapped_column(Id, index=True)
    element_id: Mapped[str | None] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(Id)
    organisation_id: Mapped[int | None] = mapped_column(Id)
    payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    salt: Mapped[str | None] = mapped_column(String(32))
    payload_digest: Mapped[str] = mapped_column(Digest)
    digest: Mapped[str] = mapped_column(Digest)
    __table_args__ = (
        Index("uq_event_chain", "instance_id", "number", unique=True),
        Index(
            "uq_event_common_chain",
            "number",
            unique=True,
            postgresql_where=text("instance_id IS NULL"),
            sqlite_where=text("instance_id IS NULL"),
        ),
        Index(
            "ix_event_organisation",
            "organisation_id",
            "number",
            postgresql_where=text("instance_id IS NULL"),
            sqlite_where=text("instance_id IS NULL"),
        ),
        Index("ix_event_started_by", "person_id", postgresql_where=_BEGINNING, sqlite_where=_BEGINNING),
    )

    @property
    def said(self) -> dict[str, Any]:
        """Its words; none where they were erased."""
        return self.payload or {}
