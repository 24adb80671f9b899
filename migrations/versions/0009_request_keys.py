"""request keys

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("answer", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("key", "scope", name=op.f("pk_request_key")),
    )
    op.create_index("ix_request_key_at", "request_key", ["at"])


def downgrade() -> None:
    op.drop_table("request_key")
