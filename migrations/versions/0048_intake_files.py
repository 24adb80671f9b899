"""registers handed in as files

Revision: 0048
After: 0047
"""

import sqlalchemy as sa
from alembic import op

from app.models import types
from app.models.intake import CONTENT_COLUMN

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_file",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", types.Sealed(CONTENT_COLUMN), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("taken_by", types.Id, nullable=False),
        sa.Column("taken_at", types.Instant(), nullable=False),
        sa.Column("applied_at", types.Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("counts", types.Json, nullable=False),
        sa.Column("made", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_intake_file_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_file")),
    )
    op.create_index("ix_intake_file_kind", "intake_file", ["kind", "id"])


def downgrade() -> None:
    op.drop_index("ix_intake_file_kind", "intake_file")
    op.drop_table("intake_file")
