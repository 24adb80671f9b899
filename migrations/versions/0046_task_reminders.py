"""reminders of tasks' deadlines

Revision: 0046
After: 0045
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_reminder",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("task_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_reminder_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reminder")),
        sa.UniqueConstraint(
            "task_id", "kind", "due_at", "days", name=op.f("uq_task_reminder_task_id_kind_due_at_days")
        ),
    )


def downgrade() -> None:
    op.drop_table("task_reminder")
