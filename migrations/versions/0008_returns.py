"""returns: who gave a file back, and the way straight back to him

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_return",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("instance_id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=True),
        sa.Column("task_id", types.Id, nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("straight", sa.Boolean(), nullable=False),
        sa.Column("way", types.Json, nullable=False),
        sa.Column("data", types.Json, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("outer_id", types.Id, nullable=True),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("on_behalf_of", types.Id, nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_task_return_instance_id_process_instance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_return")),
    )
    with op.batch_alter_table("task_return") as batch:
        batch.create_index(batch.f("ix_task_return_instance_id"), ["instance_id"])
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("return_id", types.Id, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("task") as batch:
        batch.drop_column("return_id")
    op.drop_table("task_return")
