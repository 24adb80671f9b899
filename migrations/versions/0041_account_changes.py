"""what is done to accounts

Revision: 0041
After: 0040
"""

import sqlalchemy as sa
from alembic import op

from app.models import history, types

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

COLUMNS = (
    sa.Column("id", types.Id, nullable=False),
    sa.Column("person_id", types.Id, nullable=False),
    sa.Column("by_id", types.Id, nullable=False),
    sa.Column("kind", sa.String(length=20), nullable=False),
    sa.Column("grant_id", types.Id, nullable=True),
    sa.Column("details", types.Json, nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("at", types.Instant(), nullable=False),
)


def upgrade() -> None:
    op.create_table(
        "account_change",
        *COLUMNS,
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_change_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_account_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
    )
    op.create_index("ix_account_change_person", "account_change", ["person_id", "id"])
    dialect = op.get_bind().dialect.name
    for statement in history.guards(dialect, "account_change", [column.name for column in COLUMNS]):
        op.execute(statement)
    op.add_column("person", sa.Column("password_given_at", types.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "password_given_at")
    for statement in history.lifted(op.get_bind().dialect.name, "account_change"):
        op.execute(statement)
    op.drop_table("account_change")
