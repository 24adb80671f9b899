"""how many names have joined a unit's batch

Revision: 0052
After: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit_batch") as table:
        table.add_column(sa.Column("names", sa.Integer(), nullable=False, server_default="1"))
    # a batch begins with its first name, so it never has fewer than one
    op.execute(
        sa.text(
            "UPDATE unit_batch SET names = joined.names FROM (SELECT batch_id, count(*) AS names FROM batch_entry "
            "GROUP BY batch_id) AS joined WHERE joined.batch_id = unit_batch.id"
        )
    )
    with op.batch_alter_table("unit_batch") as table:
        table.alter_column("names", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("unit_batch") as table:
        table.drop_column("names")
