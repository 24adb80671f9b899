"""rechecks

Revision: 0027
After: 0026
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recheck",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=False),
        sa.Column("asked_by", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", types.Json, nullable=False),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("filed_at", types.Instant(), nullable=False),
        sa.Column("filed_by", types.Id, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("new_declaration_id", types.Id, nullable=True),
        sa.Column("instance_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_recheck_declaration_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_recheck_filed_by")),
        sa.ForeignKeyConstraint(["new_declaration_id"], ["declaration.id"], name=op.f("fk_recheck_new_declaration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_recheck_instance_id")),
    )
    op.create_index(op.f("ix_recheck_declaration_id"), "recheck", ["declaration_id"])


def downgrade() -> None:
    op.drop_table("recheck")
