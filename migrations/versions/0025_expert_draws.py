"""expert draws

Revision: 0025
After: 0024
"""

import sqlalchemy as sa
from alembic import op

from app.models import types
from app.models.draw import DRAW_SHARE_COLUMN

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draw") as batch_op:
        batch_op.add_column(sa.Column("instance_id", types.Id, nullable=True))
        batch_op.add_column(sa.Column("system_share", types.Sealed(DRAW_SHARE_COLUMN), nullable=True))
        batch_op.add_column(sa.Column("opened_at", types.Instant(), nullable=True))
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.add_column(sa.Column("position", sa.String(16), nullable=False, server_default="member"))
        batch_op.add_column(sa.Column("instance_id", types.Id, nullable=True))
        batch_op.add_column(sa.Column("replaces_id", types.Id, nullable=True))
        batch_op.drop_column("task_id")
        batch_op.create_unique_constraint(batch_op.f("uq_invitation_instance_id"), ["instance_id"])
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.alter_column("position", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_invitation_instance_id"), type_="unique")
        batch_op.add_column(sa.Column("task_id", types.Id, nullable=True))
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("instance_id")
        batch_op.drop_column("position")
    with op.batch_alter_table("draw") as batch_op:
        batch_op.drop_column("opened_at")
        batch_op.drop_column("system_share")
        batch_op.drop_column("instance_id")
