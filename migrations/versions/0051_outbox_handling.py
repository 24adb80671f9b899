"""causes of failed deliveries, and who handled them

Revision: 0051
After: 0050
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("cause", sa.String(length=120), nullable=True))
        table.add_column(sa.Column("handled_by", types.Id, nullable=True))
        table.add_column(sa.Column("handled_at", types.Instant(), nullable=True))
        table.add_column(sa.Column("handled_note", sa.Text(), nullable=True))
    op.execute(sa.text("UPDATE delivery SET cause = substr(error, 1, 120) WHERE error IS NOT NULL"))


def downgrade() -> None:
    with op.batch_alter_table("delivery") as table:
        for name in ("handled_note", "handled_at", "handled_by", "cause"):
            table.drop_column(name)
