"""dictionaries that a deployment edits

Revision: 0047
After: 0046
"""

import sqlalchemy as sa
from alembic import op

from app.models import history, types

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

CHANGE = (
    sa.Column("id", types.Id, nullable=False),
    sa.Column("dictionary", sa.String(length=40), nullable=False),
    sa.Column("code", sa.String(length=40), nullable=False),
    sa.Column("kind", sa.String(length=12), nullable=False),
    sa.Column("before", sa.String(length=40), nullable=True),
    sa.Column("after", sa.String(length=40), nullable=True),
    sa.Column("by_id", types.Id, nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("at", types.Instant(), nullable=False),
)


def upgrade() -> None:
    op.create_table(
        "dictionary_entry",
        sa.Column("dictionary", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("details", types.Json, nullable=False),
        sa.Column("retired_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("dictionary", "code", name=op.f("pk_dictionary_entry")),
    )
    op.create_table(
        "dictionary_change",
        *CHANGE,
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dictionary_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_change")),
    )
    op.create_index("ix_dictionary_change_dictionary", "dictionary_change", ["dictionary", "id"])
    for statement in history.guards(op.get_bind().dialect.name, "dictionary_change", [each.name for each in CHANGE]):
        op.execute(statement)


def downgrade() -> None:
    for statement in history.lifted(op.get_bind().dialect.name, "dictionary_change"):
        op.execute(statement)
    op.drop_table("dictionary_change")
    op.drop_table("dictionary_entry")
