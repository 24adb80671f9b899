"""rounds of a publicity, its daily samples, names being corrected

Revision: 0017
After: 0016
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("batch_entry") as table:
        table.add_column(sa.Column("correcting", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("publicity") as table:
        table.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("superseded_at", types.Instant(), nullable=True))
        table.add_column(sa.Column("superseded_by", types.Id, nullable=True))
        table.add_column(sa.Column("superseded_reason", sa.Text(), nullable=True))
        table.create_foreign_key(op.f("fk_publicity_superseded_by"), "person", ["superseded_by"], ["id"])
        table.drop_constraint(op.f("uq_publicity_batch_id"), type_="unique")
        table.drop_constraint(op.f("uq_publicity_access_code"), type_="unique")
        table.create_unique_constraint(op.f("uq_publicity_batch_id_round"), ["batch_id", "round"])
        table.create_unique_constraint(op.f("uq_publicity_access_code_round"), ["access_code", "round"])
    op.create_table(
        "publicity_sample",
        sa.Column("publicity_id", types.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("shown_digest", types.Digest, nullable=False),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicity.id"], name=op.f("fk_publicity_sample_publicity_id")),
        sa.PrimaryKeyConstraint("publicity_id", "day", name=op.f("pk_publicity_sample")),
    )


def downgrade() -> None:
    """Only the last round of a batch stays; objections to an earlier one go over to it."""
    op.drop_table("publicity_sample")
    op.execute(
        "UPDATE objection SET publicity_id = (SELECT last.id FROM publicity AS last JOIN publicity AS own"
        " ON own.batch_id = last.batch_id WHERE own.id = objection.publicity_id ORDER BY last.round DESC LIMIT 1)"
    )
    op.execute(
        "DELETE FROM publicity WHERE EXISTS (SELECT 1 FROM publicity AS later"
        " WHERE later.batch_id = publicity.batch_id AND later.round > publicity.round)"
    )
    with op.batch_alter_table("publicity") as table:
        table.drop_constraint(op.f("uq_publicity_access_code_round"), type_="unique")
        table.drop_constraint(op.f("uq_publicity_batch_id_round"), type_="unique")
        table.create_unique_constraint(op.f("uq_publicity_batch_id"), ["batch_id"])
        table.create_unique_constraint(op.f("uq_publicity_access_code"), ["access_code"])
        table.drop_constraint(op.f("fk_publicity_superseded_by"), type_="foreignkey")
        for column in ("superseded_reason", "superseded_by", "superseded_at", "round"):
            table.drop_column(column)
    with op.batch_alter_table("batch_entry") as table:
        table.drop_column("correcting")
