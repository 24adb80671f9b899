"""result publicity, confirmation and archive

Revision: 0024
After: 0023
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("result_publicity") as batch_op:
        batch_op.add_column(sa.Column("reporting_method", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("started_by", types.Id, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_result_publicity_started_by"), "person", ["started_by"], ["id"])
    with op.batch_alter_table("confirmation") as batch_op:
        batch_op.add_column(sa.Column("filed_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("filed_by", types.Id, nullable=True))
        batch_op.add_column(sa.Column("documents", types.Json, nullable=False, server_default="{}"))
        batch_op.create_foreign_key(batch_op.f("fk_confirmation_filed_by"), "person", ["filed_by"], ["id"])
        batch_op.drop_column("forwarded_at")
    with op.batch_alter_table("confirmation") as batch_op:
        batch_op.alter_column("documents", server_default=None)
    op.create_table(
        "archive_record",
        sa.Column("declaration_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("forwarded_at", types.Instant(), nullable=True),
        sa.Column("printed_at", types.Instant(), nullable=True),
        sa.Column("sealed_at", types.Instant(), nullable=True),
        sa.Column("result_page_at", types.Instant(), nullable=True),
        sa.Column("archived_at", types.Instant(), nullable=True),
        sa.Column("archived_by", types.Id, nullable=True),
        sa.Column("personal_copies", sa.Integer(), nullable=True),
        sa.Column("unit_copies", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["archived_by"], ["person.id"], name=op.f("fk_archive_record_archived_by")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_archive_record_declaration_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_archive_record")),
    )


def downgrade() -> None:
    op.drop_table("archive_record")
    with op.batch_alter_table("confirmation") as batch_op:
        batch_op.add_column(sa.Column("forwarded_at", types.Instant(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_confirmation_filed_by"), type_="foreignkey")
        batch_op.drop_column("documents")
        batch_op.drop_column("filed_by")
        batch_op.drop_column("filed_at")
    with op.batch_alter_table("result_publicity") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_result_publicity_started_by"), type_="foreignkey")
        batch_op.drop_column("started_by")
        batch_op.drop_column("reporting_method")
