"""a person's achievements, kept for the declarations of any year

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "achievement_library",
        sa.Column("person_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("rows", types.Json, nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_achievement_library_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_achievement_library")),
    )


def downgrade() -> None:
    op.drop_table("achievement_library")
