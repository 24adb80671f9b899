"""an outbox for notifications

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITING = sa.text("status IN ('waiting', 'sending')")
UNROUTED = sa.text("routed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("notification_id", types.Id, nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("lease_by", sa.String(length=36), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sent_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["notification_id"], ["notification.id"], name=op.f("fk_delivery_notification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("notification_id", "channel", name=op.f("uq_delivery_notification_id_channel")),
    )
    op.create_index("ix_delivery_due", "delivery", ["due_at", "id"], postgresql_where=WAITING, sqlite_where=WAITING)
    op.create_index("ix_delivery_status", "delivery", ["status", "id"])
    with op.batch_alter_table("notification", recreate="never") as table:
        table.add_column(sa.Column("routed_at", types.Instant(), nullable=True))
        for column in ("channel", "sent_at", "attempts", "error"):
            table.drop_column(column)
    op.execute("UPDATE notification SET routed_at = created_at")  # what was told before goes nowhere else now
    op.create_index(
        "ix_notification_unrouted", "notification", ["id"], postgresql_where=UNROUTED, sqlite_where=UNROUTED
    )
    op.create_index("ix_notification_person", "notification", ["person_id", "id"])
    with op.batch_alter_table("person", recreate="never") as table:
        table.add_column(sa.Column("email", types.Sealed("person.email"), nullable=True))
        table.add_column(sa.Column("notify_by", types.Json, nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    op.drop_index("ix_delivery_status", table_name="delivery")
    op.drop_index("ix_delivery_due", table_name="delivery")
    op.drop_table("delivery")
    with op.batch_alter_table("person", recreate="never") as table:
        table.drop_column("notify_by")
        table.drop_column("email")
    op.drop_index("ix_notification_person", table_name="notification")
    op.drop_index("ix_notification_unrouted", table_name="notification")
    with op.batch_alter_table("notification", recreate="never") as table:
        table.drop_column("routed_at")
        table.add_column(sa.Column("channel", sa.String(length=12), nullable=False, server_default="inbox"))
        table.add_column(sa.Column("sent_at", types.Instant(), nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("error", sa.Text(), nullable=True))
