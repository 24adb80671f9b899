"""certificates

Revision: 0022
After: 0021
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=False),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("facts", types.Json, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("photo_id", types.Id, nullable=True),
        sa.Column("acquired_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", types.Instant(), nullable=False),
        sa.Column("replaces_id", types.Id, nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_certificate_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_certificate_in_force",
            ["declaration_id"],
            unique=True,
            postgresql_where=sa.text("status = 'issued'"),
            sqlite_where=sa.text("status = 'issued'"),
        )

    op.create_table(
        "certificate_registration",
        sa.Column("declaration_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("values", types.Json, nullable=False),
        sa.Column("registered_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_certificate_registration_declaration_id")
        ),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_certificate_registration")),
    )


def downgrade() -> None:
    op.drop_table("certificate_registration")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_in_force",
            postgresql_where=sa.text("status = 'issued'"),
            sqlite_where=sa.text("status = 'issued'"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_person_id"))

    op.drop_table("certificate")
