"""what an incident stopped, to try it again

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident", recreate="never") as table:
        table.add_column(sa.Column("person_id", types.Id, nullable=True))
        table.add_column(sa.Column("attempt", types.Json, nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_incident_task", "incident", ["task_id"])


def downgrade() -> None:
    op.drop_index("ix_incident_task", table_name="incident")
    with op.batch_alter_table("incident", recreate="never") as table:
        for column in ("attempts", "attempt", "person_id"):
            table.drop_column(column)
