"""migrations of instances

Revision: 0030
After: 0029
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "migration",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("notice_version_id", types.Id, nullable=False),
        sa.Column("person_id", types.Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("planned_at", types.Instant(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("undone_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_version_id"], ["notice_version.id"], name=op.f("fk_migration_notice_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_index(op.f("ix_migration_notice_version_id"), "migration", ["notice_version_id"])
    op.create_table(
        "migration_item",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("migration_id", types.Id, nullable=False),
        sa.Column("instance_id", types.Id, nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("before", types.Json, nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["migration_id"], ["migration.id"], name=op.f("fk_migration_item_migration_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_migration_item_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_item")),
    )
    op.create_index("ix_migration_item_migration", "migration_item", ["migration_id", "id"])


def downgrade() -> None:
    op.drop_table("migration_item")
    op.drop_table("migration")
