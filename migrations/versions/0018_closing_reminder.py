"""closing reminder

Revision: 0018
After: 0017
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("closing_day") as batch_op:
        batch_op.add_column(sa.Column("remind_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", types.Instant(), nullable=True))
        batch_op.create_index(batch_op.f("ix_closing_day_remind_at"), ["remind_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("closing_day") as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_day_remind_at"))
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("remind_at")
