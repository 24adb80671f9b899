"""the history of bodies by an index

Revision: 0040
After: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

COMMON = sa.text("instance_id IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_event_organisation",
        "event",
        ["organisation_id", "number"],
        postgresql_where=COMMON,
        sqlite_where=COMMON,
    )


def downgrade() -> None:
    op.drop_index("ix_event_organisation", "event")
