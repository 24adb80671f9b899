"""when an incident arose first

Revision: 0039
After: 0038
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident") as table:
        table.add_column(sa.Column("first_at", types.Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("incident") as table:
        table.drop_column("first_at")
