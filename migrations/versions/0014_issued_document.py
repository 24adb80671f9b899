"""papers that were sent, as PDF

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_document",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", types.Id, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("digest", types.Digest, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_issued_document_kind_subject_id")),
    )


def downgrade() -> None:
    op.drop_table("issued_document")
