"""assessments of experts

Revision: 0031
After: 0030
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert_assessment",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("expert_id", types.Id, nullable=False),
        sa.Column("mark", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("entered_by", types.Id, nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_assessment_expert_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_expert_assessment_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_assessment")),
    )
    op.create_index(op.f("ix_expert_assessment_expert_id"), "expert_assessment", ["expert_id"])


def downgrade() -> None:
    op.drop_table("expert_assessment")
