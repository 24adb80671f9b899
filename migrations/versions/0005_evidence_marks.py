"""marks of looked-at evidence

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_mark",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("task_id", types.Id, nullable=False),
        sa.Column("attachment_id", types.Id, nullable=False),
        sa.Column("seen_by", types.Id, nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.Column("checked_by", types.Id, nullable=True),
        sa.Column("checked_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_evidence_mark_task_id")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_evidence_mark_attachment_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name=op.f("fk_evidence_mark_seen_by")),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_evidence_mark_checked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_mark")),
        sa.UniqueConstraint("task_id", "attachment_id", name=op.f("uq_evidence_mark_task_id_attachment_id")),
    )


def downgrade() -> None:
    op.drop_table("evidence_mark")
