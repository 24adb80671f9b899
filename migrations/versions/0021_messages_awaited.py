"""messages awaited stand on the instance alone

Revision: 0021
After: 0020
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("subscription")


def downgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("instance_id", types.Id, nullable=False),
        sa.Column("engine_task_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_subscription_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "instance_id", "engine_task_id", "name", name=op.f("uq_subscription_instance_id_engine_task_id_name")
        ),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_name", ["name", "instance_id"], unique=False)
    _fill()


def _fill() -> None:
    """`waits` keeps {"<engine task> <message>": element} of each."""
    instances = sa.table("process_instance", sa.column("id"), sa.column("waits", types.Json))
    columns = ("instance_id", "engine_task_id", "element_id", "name")
    rows = [
        dict(zip(columns, (key, task, element, name), strict=True))
        for key, waits in op.get_bind().execute(sa.select(instances.c.id, instances.c.waits))
        for said, element in (waits or {}).get("messages", {}).items()
        for task, name in [said.split(" ", 1)]
    ]
    if rows:
        op.bulk_insert(sa.table("subscription", *map(sa.column, columns)), rows)
