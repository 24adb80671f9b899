"""quiet hours and digests of deliveries

Revision: 0044
After: 0043
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
_WAITING = sa.text("status IN ('waiting', 'sending')")


def upgrade() -> None:
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("postponed", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("digest_for", types.Id, nullable=True))
        table.add_column(sa.Column("lead_id", types.Id, nullable=True))
    with op.batch_alter_table("delivery") as table:
        table.alter_column("urgent", server_default=None)
    op.create_index(
        "ix_delivery_digest", "delivery", ["digest_for", "id"], postgresql_where=_WAITING, sqlite_where=_WAITING
    )
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("digest_hour", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("digest_hour")
    op.drop_index("ix_delivery_digest", "delivery")
    with op.batch_alter_table("delivery") as table:
        for name in ("lead_id", "digest_for", "urgent", "postponed"):
            table.drop_column(name)
