"""bulk runs that return tasks to a step

Revision: 0049
After: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bulk_run") as table:
        table.add_column(sa.Column("verb", sa.String(12), nullable=False, server_default="complete"))
    with op.batch_alter_table("bulk_run") as table:
        table.alter_column("verb", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("bulk_run") as table:
        table.drop_column("verb")
