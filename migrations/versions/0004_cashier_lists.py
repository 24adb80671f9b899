"""cashier lists

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cashier_list",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("organisation_id", types.Id, nullable=False),
        sa.Column("digest", types.Digest, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("taken_by", types.Id, nullable=False),
        sa.Column("taken_at", types.Instant(), nullable=False),
        sa.Column("confirmed_by", types.Id, nullable=True),
        sa.Column("confirmed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cashier_list_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_cashier_list_taken_by_person")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_cashier_list_confirmed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cashier_list")),
        sa.UniqueConstraint("organisation_id", "digest", name=op.f("uq_cashier_list_organisation_id_digest")),
    )
    op.create_table(
        "cashier_row",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("list_id", types.Id, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("identity", types.Digest, nullable=True),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("receipt_no", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("task_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["cashier_list.id"], name=op.f("fk_cashier_row_list_id_cashier_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cashier_row")),
    )
    op.create_index("ix_cashier_row_list", "cashier_row", ["list_id", "status"])


def downgrade() -> None:
    op.drop_table("cashier_row")
    op.drop_table("cashier_list")
