"""when jobs went round last

Revision: 0050
After: 0049
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_beat",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("done_at", types.Instant(), nullable=True),
        sa.Column("failed_at", types.Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_beat")),
    )


def downgrade() -> None:
    op.drop_table("job_beat")
