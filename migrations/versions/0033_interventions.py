"""what a manager did to an instance: suspended it, ended it by hand

Revision: 0033
After: 0032
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("process_instance") as table:
        table.add_column(sa.Column("suspended_at", types.Instant(), nullable=True))
        table.add_column(sa.Column("suspended_reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("ended_by", types.Id, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("process_instance") as table:
        table.drop_column("ended_by")
        table.drop_column("suspended_reason")
        table.drop_column("suspended_at")
