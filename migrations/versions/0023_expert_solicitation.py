"""expert solicitation

Revision: 0023
After: 0022
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("candidate") as batch_op:
        batch_op.add_column(sa.Column("department_id", types.Id, nullable=True))
        batch_op.add_column(sa.Column("district_tro_id", types.Id, nullable=True))
        batch_op.add_column(sa.Column("decision", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("position", sa.String(length=16), nullable=False, server_default="member"))
        batch_op.add_column(sa.Column("decision_reason", sa.Text(), nullable=True))
        for column in ("department_id", "district_tro_id"):
            batch_op.create_foreign_key(batch_op.f(f"fk_candidate_{column}"), "organisation", [column], ["id"])
    with op.batch_alter_table("candidate") as batch_op:
        batch_op.alter_column("position", server_default=None)
    op.create_table(
        "recommended_sheet",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("campaign_id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", types.Sealed("recommended_sheet.content"), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("problems", types.Json, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("taken_by", types.Id, nullable=True),
        sa.Column("taken_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_recommended_sheet_campaign_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_recommended_sheet_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommended_sheet")),
    )
    op.create_index(op.f("ix_recommended_sheet_campaign_id"), "recommended_sheet", ["campaign_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_recommended_sheet_campaign_id"), table_name="recommended_sheet")
    op.drop_table("recommended_sheet")
    with op.batch_alter_table("candidate") as batch_op:
        for column in ("department_id", "district_tro_id"):
            batch_op.drop_constraint(batch_op.f(f"fk_candidate_{column}"), type_="foreignkey")
        for column in ("decision_reason", "position", "decision", "district_tro_id", "department_id"):
            batch_op.drop_column(column)
