"""ballots and room

Revision: 0020
After: 0019
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ballot") as batch_op:
        batch_op.add_column(sa.Column("officers", types.Json, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("wiped_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("void_reason", sa.Text(), nullable=True))
    with op.batch_alter_table("ballot") as batch_op:
        batch_op.alter_column("officers", server_default=None)
    op.create_table(
        "room_device",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("seat_id", types.Id, nullable=True),
        sa.Column("issued_at", types.Instant(), nullable=False),
        sa.Column("issued_by", types.Id, nullable=False),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_room_device_issued_by")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_room_device_seat_id")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_room_device_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_device")),
        sa.UniqueConstraint("code", name=op.f("uq_room_device_code")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_room_device_seat_id")),
        sa.UniqueConstraint("token", name=op.f("uq_room_device_token")),
    )
    op.create_index(op.f("ix_room_device_session_id"), "room_device", ["session_id"])
    op.create_table(
        "recusal_statement",
        sa.Column("seat_id", types.Id, nullable=False),
        sa.Column("item_ids", types.Json, nullable=False),
        sa.Column("stated_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_recusal_statement_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_recusal_statement")),
    )
    op.create_table(
        "reading",
        sa.Column("seat_id", types.Id, nullable=False),
        sa.Column("item_id", types.Id, nullable=False),
        sa.Column("attachment_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("first_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_reading_item_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_reading_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "item_id", "attachment_id", name=op.f("pk_reading")),
    )


def downgrade() -> None:
    op.drop_table("reading")
    op.drop_table("recusal_statement")
    op.drop_table("room_device")
    with op.batch_alter_table("ballot") as batch_op:
        batch_op.drop_column("void_reason")
        batch_op.drop_column("wiped_at")
        batch_op.drop_column("officers")
