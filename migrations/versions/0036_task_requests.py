"""requests: delegation, transfer, signers, and copies to read

Revision: 0036
After: 0035
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_LIVE = sa.text("status IN ('open', 'planned')")


def upgrade() -> None:
    op.create_table(
        "task_request",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("task_id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("from_person_id", types.Id, nullable=False),
        sa.Column("on_behalf_of", types.Id, nullable=True),
        sa.Column("home_id", types.Id, nullable=False),
        sa.Column("to_person_id", types.Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("answered_by", types.Id, nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_request_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_request")),
    )
    op.create_index(op.f("ix_task_request_task_id"), "task_request", ["task_id"])
    op.create_index(op.f("ix_task_request_to_person_id"), "task_request", ["to_person_id"])
    op.create_index(
        "ix_task_request_live", "task_request", ["from_person_id"], postgresql_where=_LIVE, sqlite_where=_LIVE
    )
    op.create_table(
        "task_copy",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("task_id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=True),
        sa.Column("from_person_id", types.Id, nullable=False),
        sa.Column("to_person_id", types.Id, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("read_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_copy_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_copy")),
    )
    op.create_index("uq_task_copy", "task_copy", ["task_id", "to_person_id"], unique=True)
    op.create_index("ix_task_copy_to", "task_copy", ["to_person_id", "id"])
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("request_id", types.Id, nullable=True))
        batch.add_column(sa.Column("after_id", types.Id, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("task") as batch:
        batch.drop_column("after_id")
        batch.drop_column("request_id")
    op.drop_table("task_copy")
    op.drop_table("task_request")
