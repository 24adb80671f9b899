"""Tables of what was done to accounts, and of who came in: rows that are added and never changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.history import guard
from app.models.types import Id, Instant, Json


class AccountChange(Base):
    """What somebody did to an account, or looked up about it: by whom, when and why; append-only."""

    __tablename__ = "account_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))  # domain.account_changes.KINDS
    grant_id: Mapped[int | None] = mapped_column(Id)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # post, specialties, tasks, …
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_account_change_person", "person_id", "id"),)


class LoginRecord(Base):
    """One attempt to log in. The database lets nobody change one, nor take one out before its time."""

    __tablename__ = "login_record"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    account: Mapped[str] = mapped_column(String(80))  # as typed; domain.login_log says what is cut short
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(12))  # domain.login_log.OUTCOMES
    address: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(60))
    __table_args__ = (
        Index("ix_login_record_person", "person_id", "id"),
        Index("ix_login_record_outcome", "outcome", "id"),
    )


AT_LEAST = 180  # days before the newest record that the log stays, whatever a deployment says: the law's six months


def log_guards(dialect: str) -> Iterator[str]:
    """The statements that make a database keep the log as it is, and let go of what is old enough."""
    message, table = "the login log is kept", LoginRecord.__tablename__
    if dialect == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        yield f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} {stop}"
        young = f"OLD.at > datetime((SELECT max(at) FROM {table}), '-{AT_LEAST} days')"  # noqa: S608 (our own words)
        yield f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} WHEN {young} {stop}"
        return
    before = f"(SELECT max(at) FROM {table}) - interval '{AT_LEAST} days'"  # noqa: S608 (our own words)
    old = f"IF TG_OP = 'DELETE' AND OLD.at <= {before} THEN RETURN OLD; END IF;"
    yield (
        f"CREATE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN {old} RAISE EXCEPTION '{message}'; END$$"
    )
    fires = f"EXECUTE FUNCTION {table}_keeps()"
    yield f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {fires}"
    yield f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {fires}"


guard(AccountChange)
for _dialect in ("sqlite", "postgresql"):
    for _statement in log_guards(_dialect):
        _ddl = DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        event.listen(LoginRecord.__table__, "after_create", _ddl)
