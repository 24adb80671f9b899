"""a timer is the deadline that wakes its instance

Revision: 0053
After: 0052
"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

WAKING = sa.text("closed_at IS NULL AND element_id IS NOT NULL")
LEASE = ("lease_until", "lease_by", "attempts", "last_error", "dead")
MOVED = ("element_id", "due_at", *LEASE)
INSTANCE = sa.table("process_instance", sa.column("id"), sa.column("declaration_id"), sa.column("waits", types.Json))
DEADLINE = sa.table(
    "deadline",
    *map(sa.column, ("id", "instance_id", "engine_task_id", "declaration_id", "rule", "round", "kind", "closed_at")),
    *map(sa.column, ("provisional", "calendar_revision", *MOVED)),
    sa.column("held_by", types.Json),
    sa.column("history", types.Json),
)
TIMER = sa.table("timer", *map(sa.column, ("id", "instance_id", "engine_task_id", "deadline_id", *MOVED)))
INCIDENT = sa.table("incident", sa.column("id"), sa.column("timer_id"), sa.column("deadline_id"))


def upgrade() -> None:
    with op.batch_alter_table("deadline") as table:
        table.add_column(sa.Column("element_id", sa.String(length=120), nullable=True))
        table.add_column(sa.Column("lease_until", types.Instant(), nullable=True))
        table.add_column(sa.Column("lease_by", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("last_error", sa.Text(), nullable=True))
        table.add_column(sa.Column("dead", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("deadline") as table:
        table.alter_column("attempts", server_default=None)
        table.alter_column("dead", server_default=None)
    op.execute("ALTER TABLE incident RENAME COLUMN timer_id TO deadline_id")
    _into_deadlines()
    op.drop_table("timer")
    op.create_index("ix_deadline_waking", "deadline", ["due_at", "id"], postgresql_where=WAKING, sqlite_where=WAKING)


def _into_deadlines() -> None:
    """Each timer goes into the open deadline that it waits for; one without any becomes a row without a rule."""
    connection = op.get_bind()
    open_ones = sa.select(DEADLINE.c.id).where(DEADLINE.c.closed_at.is_(None))
    armed = sa.select(TIMER).where(TIMER.c.deadline_id.in_(open_ones))
    columns = {name: sa.bindparam(f"to_{name}") for name in MOVED}
    change = sa.update(DEADLINE).where(DEADLINE.c.id == sa.bindparam("its")).values(columns)
    moved = connection.execute(armed).mappings().all()
    if moved:
        rows = [{"its": row["deadline_id"], **{f"to_{name}": row[name] for name in MOVED}} for row in moved]
        connection.execute(change, rows)
    alone = sa.select(TIMER, INSTANCE.c.declaration_id).join(INSTANCE, INSTANCE.c.id == TIMER.c.instance_id)
    others = alone.where(sa.or_(TIMER.c.deadline_id.is_(None), TIMER.c.deadline_id.not_in(open_ones)))
    blank = {"rule": "", "round": 1, "kind": "diagram", "held_by": [], "history": [], "provisional": False}
    kept = ("instance_id", "engine_task_id", "declaration_id", *MOVED)
    new = [
        {**blank, "calendar_revision": 0, **{name: row[name] for name in kept}}
        for row in connection.execute(others).mappings()
    ]
    if new:
        op.bulk_insert(DEADLINE, new)
    same = (DEADLINE.c.instance_id == TIMER.c.instance_id) & (DEADLINE.c.engine_task_id == TIMER.c.engine_task_id)
    woken = same & DEADLINE.c.closed_at.is_(None) & DEADLINE.c.element_id.is_not(None)
    its = sa.select(sa.func.min(DEADLINE.c.id)).select_from(sa.join(TIMER, DEADLINE, woken))
    its = its.where(TIMER.c.id == INCIDENT.c.deadline_id)
    op.execute(sa.update(INCIDENT).values(deadline_id=its.scalar_subquery()))
    _name_in_waits()


def _name_in_waits() -> None:
    """An instance closes the deadlines that its `waits` name, so they name all that are open."""
    entries: defaultdict[int, list[list[Any]]] = defaultdict(list)
    wanted = sa.select(DEADLINE.c.instance_id, DEADLINE.c.id, DEADLINE.c.engine_task_id, DEADLINE.c.rule)
    connection = op.get_bind()
    for instance_id, *entry in connection.execute(wanted.where(DEADLINE.c.closed_at.is_(None)).order_by(DEADLINE.c.id)):
        entries[instance_id].append(entry)
    change = sa.update(INSTANCE).where(INSTANCE.c.id == sa.bindparam("its")).values(waits=sa.bindparam("now"))
    changed = [
        {"its": key, "now": {**waits, "deadlines": entries[key]}}
        for key, waits in connection.execute(sa.select(INSTANCE.c.id, INSTANCE.c.waits)).all()
        if waits and sorted(waits.get("deadlines", [])) != sorted(entries[key])
    ]
    if changed:
        connection.execute(change, changed)


def downgrade() -> None:
    op.create_table(
        "timer",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("instance_id", types.Id, nullable=False),
        sa.Column("engine_task_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("deadline_id", types.Id, nullable=True),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("lease_until", types.Instant(), nullable=True),
        sa.Column("lease_by", sa.String(length=36), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_timer_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("instance_id", "engine_task_id", name=op.f("uq_timer_instance_id_engine_task_id")),
    )
    op.create_index("ix_timer_deadline_id", "timer", ["deadline_id"])
    op.create_index("ix_timer_due", "timer", ["due_at", "id"])
    connection = op.get_bind()
    # a timer keeps the number of its deadline, by which incidents know it
    its = sa.case((DEADLINE.c.rule != "", DEADLINE.c.id))
    same = ("id", "instance_id", "engine_task_id", *MOVED)
    waking = sa.select(*(DEADLINE.c[name] for name in same), its).where(
        DEADLINE.c.closed_at.is_(None), DEADLINE.c.element_id.is_not(None)
    )
    connection.execute(sa.insert(TIMER).from_select([*same, "deadline_id"], waking))
    if connection.dialect.name == "postgresql":
        op.execute("SELECT setval('timer_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM timer), false)")
    op.execute(sa.delete(DEADLINE).where(DEADLINE.c.rule == ""))
    _name_in_waits()
    op.execute("ALTER TABLE incident RENAME COLUMN deadline_id TO timer_id")
    op.drop_index("ix_deadline_waking", "deadline")
    with op.batch_alter_table("deadline") as table:
        for name in ("element_id", *LEASE):
            table.drop_column(name)
