"""document numbers and deliveries

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBERED = {"organisation": ("document_code", 20), "payment": ("number", 60), "unit_batch": ("number", 60)}
PAPERS = {"completion_request": True, "correction_notice": False, "refusal_notice": False}  # table → lacks read_at


def upgrade() -> None:
    for table, (column, length) in NUMBERED.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, sa.String(length=length), nullable=True))
            batch.create_unique_constraint(op.f(f"uq_{table}_{column}"), [column])
    for table, lacks in PAPERS.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("delivered_at", types.Instant(), nullable=True))
            batch.add_column(sa.Column("delivered_by", sa.String(length=20), nullable=True))
            if lacks:
                batch.add_column(sa.Column("read_at", types.Instant(), nullable=True))
        op.execute(f"UPDATE {table} SET delivered_at = sent_at, delivered_by = 'list'")  # noqa: S608


def downgrade() -> None:
    for table, lacks in PAPERS.items():
        with op.batch_alter_table(table) as batch:
            for column in ("delivered_at", "delivered_by", *(("read_at",) if lacks else ())):
                batch.drop_column(column)
    for table, (column, _) in NUMBERED.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"uq_{table}_{column}"), type_="unique")
            batch.drop_column(column)
