"""entrustment letters and whom they cover

Revision: 0016
After: 0015
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entrustment_letter",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("notice_key", sa.String(length=80), nullable=False),
        sa.Column("entrusting_id", types.Id, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("specialty", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("contact_name", sa.String(length=40), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("sealed_letter", types.Json, nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("recorded_by", types.Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["entrusting_id"], ["organisation.id"], name=op.f("fk_entrustment_letter_entrusting_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_entrustment_letter_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrustment_letter")),
        sa.UniqueConstraint("entrusting_id", "number", name=op.f("uq_entrustment_letter_entrusting_id_number")),
    )
    op.create_index(op.f("ix_entrustment_letter_notice_key"), "entrustment_letter", ["notice_key"])
    op.create_index(op.f("ix_entrustment_letter_entrusting_id"), "entrustment_letter", ["entrusting_id"])
    op.create_table(
        "entrusted_name",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("letter_id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=False),
        sa.Column("note", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_entrusted_name_declaration_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["entrustment_letter.id"], name=op.f("fk_entrusted_name_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrusted_name")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_entrusted_name_declaration_id")),
    )
    op.create_index(op.f("ix_entrusted_name_letter_id"), "entrusted_name", ["letter_id"])


def downgrade() -> None:
    op.drop_table("entrusted_name")
    op.drop_table("entrustment_letter")
