"""what a deployment words and sets for itself

Revision: 0042
After: 0041
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "house_setting",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", types.Json, nullable=True),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("set_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_house_setting_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_setting")),
        sa.UniqueConstraint("name", "number", name=op.f("uq_house_setting_name_number")),
    )
    op.create_index("ix_notification_template", "notification", ["template", "id"])


def downgrade() -> None:
    op.drop_index("ix_notification_template", "notification")
    op.drop_table("house_setting")
