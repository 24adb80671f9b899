"""figures added up for those who see all

Revision: 0038
After: 0037
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

INDEXES = {
    "committee": ["kind", "committee_id"],
    "organisation": ["kind", "organisation_id"],
    "notice": ["kind", "notice_id"],
}


def upgrade() -> None:
    op.add_column("standing_figure", sa.Column("notice_id", types.Id, nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(f"ix_standing_figure_{name}", "standing_figure", columns)
    op.execute("UPDATE figure_mark SET standing_at = NULL")  # what stands is counted anew at once
    op.create_index("ix_task_figure_version", "task_figure", ["notice_version_id", "organisation_id"])


def downgrade() -> None:
    op.drop_index("ix_task_figure_version", "task_figure")
    for name in INDEXES:
        op.drop_index(f"ix_standing_figure_{name}", "standing_figure")
    with op.batch_alter_table("standing_figure") as batch:
        batch.drop_column("notice_id")
