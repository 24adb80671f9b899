"""the history becomes a chain

Revision: 0003
After: 0002
"""

import itertools
import os

import orjson
import sqlalchemy as sa
from alembic import op

from app import clock
from app.domain import history_proof
from app.models import history, types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDED = {"event": history.ERASABLE, "daily_head": ()}
NEW = ("number", "salt", "payload_digest", "digest")


def upgrade() -> None:
    op.create_table(
        "common_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("history_number", sa.Integer(), nullable=False),
        sa.Column("history_digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_chain")),
    )
    op.create_table(
        "daily_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("heads", types.Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_head")),
    )
    with op.batch_alter_table("process_instance") as instance:
        instance.add_column(sa.Column("history_number", sa.Integer(), nullable=False, server_default="0"))
        instance.add_column(sa.Column("history_digest", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("event") as event:
        event.add_column(sa.Column("number", sa.Integer()))
        event.add_column(sa.Column("salt", sa.String(length=32)))
        event.add_column(sa.Column("payload_digest", sa.String(length=64)))
        event.add_column(sa.Column("digest", sa.String(length=64)))
    _chain_what_is_there()
    with op.batch_alter_table("process_instance") as instance:
        instance.alter_column("history_number", server_default=None)
        instance.alter_column("history_digest", server_default=None)
    with op.batch_alter_table("event") as event:
        event.drop_index("ix_event_instance_id")
        for name, kind in (("number", sa.Integer()), ("payload_digest", sa.String(64)), ("digest", sa.String(64))):
            event.alter_column(name, existing_type=kind, nullable=False)
        event.alter_column("payload", existing_type=types.Json, nullable=True)
        event.create_index("ix_event_at", ["at"])
        event.create_index("uq_event_chain", ["instance_id", "number"], unique=True)
        common = sa.text("instance_id IS NULL")
        event.create_index(
            "uq_event_common_chain", ["number"], unique=True, postgresql_where=common, sqlite_where=common
        )
    for table, erasable in GUARDED.items():
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        for statement in history.guards(op.get_bind().dialect.name, table, columns, erasable):
            op.execute(statement)


def downgrade() -> None:
    for table in GUARDED:
        for statement in history.lifted(op.get_bind().dialect.name, table):
            op.execute(statement)
    op.execute("UPDATE event SET payload = '{}' WHERE payload IS NULL")
    with op.batch_alter_table("event") as event:
        event.drop_index("uq_event_common_chain")
        event.drop_index("uq_event_chain")
        event.drop_index("ix_event_at")
        event.alter_column("payload", existing_type=types.Json, nullable=False)
        for name in NEW:
            event.drop_column(name)
        event.create_index("ix_event_instance_id", ["instance_id"])
    with op.batch_alter_table("process_instance") as instance:
        instance.drop_column("history_digest")
        instance.drop_column("history_number")
    op.drop_table("daily_head")
    op.drop_table("common_chain")


def _chain_what_is_there() -> None:
    """Number, salt and chain the events of every instance in the order of their ids; store each chain's head."""
    event = sa.table(
        "event",
        *(sa.column(name, sa.String) for name in ("kind", "element_id", "salt", "payload_digest", "digest")),
        *(sa.column(name, sa.Integer) for name in ("id", "instance_id", "number", "task_id", "declaration_id")),
        *(sa.column(name, sa.Integer) for name in ("person_id", "organisation_id")),
        sa.column("at", types.Instant()),
        sa.column("payload", types.Json),
    )
    instance = sa.table("process_instance", *map(sa.column, ("id", "history_number", "history_digest")))
    common = sa.table("common_chain", *map(sa.column, ("id", "history_number", "history_digest")))
    bind = op.get_bind()
    head = {"history_number": 0, "history_digest": ""}
    bind.execute(common.insert().values(id=1, **head))
    rows = bind.execute(sa.select(event).order_by(event.c.instance_id, event.c.id)).mappings().all()
    for key, of_chain in itertools.groupby(rows, lambda row: row["instance_id"]):
        digest, number = "", 0
        for number, row in enumerate(of_chain, 1):
            made = _linked(digest, number, row)
            digest = made["digest"]
            bind.execute(event.update().where(event.c.id == row["id"]).values(**made))
        head = {"history_number": number, "history_digest": digest}
        at = instance.update().where(instance.c.id == key) if key is not None else common.update()
        bind.execute(at.values(**head))


def _linked(before: str, number: int, row: sa.RowMapping) -> dict[str, str | int]:
    salt = os.urandom(16).hex()
    words = orjson.dumps(row["payload"], option=orjson.OPT_SORT_KEYS).decode()
    summary = history_proof.payload_digest(salt, words)
    names = ("task", "element", "declaration", "person", "organisation")
    facts = {name: row[f"{name}_id"] for name in names}
    facts |= {"number": number, "at": clock.microseconds(row["at"]), "kind": row["kind"]}
    facts |= {"chain": row["instance_id"] or 0, "payload_digest": summary}
    return {"number": number, "salt": salt, "payload_digest": summary, "digest": history_proof.link(before, facts)}
