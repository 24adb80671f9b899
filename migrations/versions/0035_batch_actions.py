"""batch actions

Revision: 0035
After: 0034
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_action",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("arguments", types.Json, nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", types.Instant(), nullable=True),
        sa.Column("planned_at", types.Instant(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_action_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_action")),
    )
    op.create_index(op.f("ix_batch_action_person_id"), "batch_action", ["person_id"])
    op.create_index("ix_batch_action_open", "batch_action", ["ended_at", "started_at"])
    op.create_table(
        "batch_item",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("batch_action_id", types.Id, nullable=False),
        sa.Column("instance_id", types.Id, nullable=True),
        sa.Column("task_id", types.Id, nullable=True),
        sa.Column("incident_id", types.Id, nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("stood", types.Json, nullable=False),
        sa.Column("lease_until", types.Instant(), nullable=True),
        sa.Column("lease_by", sa.String(length=36), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["batch_action_id"], ["batch_action.id"], name=op.f("fk_batch_item_batch_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_item")),
    )
    op.create_index(op.f("ix_batch_item_instance_id"), "batch_item", ["instance_id"])
    op.create_index("ix_batch_item_action", "batch_item", ["batch_action_id", "outcome", "id"])


def downgrade() -> None:
    op.drop_table("batch_item")
    op.drop_table("batch_action")
