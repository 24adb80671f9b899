"""recheck by another committee

Revision: 0029
After: 0028
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recheck") as batch:
        batch.add_column(sa.Column("committee_id", types.Id, nullable=True))
        batch.create_foreign_key(op.f("fk_recheck_committee_id"), "committee", ["committee_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("recheck") as batch:
        batch.drop_constraint(op.f("fk_recheck_committee_id"), type_="foreignkey")
        batch.drop_column("committee_id")
