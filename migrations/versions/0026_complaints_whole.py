"""complaints about sessions, experts and units; reporters kept apart; notes in both directions

Revision: 0026
After: 0025
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CONTACT = "complaint.contact"
SUBJECTS = {
    "session_id": "review_session",
    "expert_id": "expert",
    "unit_id": "organisation",
    "office_id": "organisation",
}


def upgrade() -> None:
    op.create_table(
        "complaint_reporter",
        sa.Column("complaint_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("name", types.Sealed("complaint_reporter.name"), nullable=True),
        sa.Column("contact", types.Sealed(CONTACT), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_reporter_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_reporter")),
    )
    op.execute(
        "INSERT INTO complaint_reporter (complaint_id, contact) "
        "SELECT id, contact FROM complaint WHERE contact IS NOT NULL"
    )
    op.create_table(
        "reporter_reading",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("complaint_id", types.Id, nullable=False),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_reporter_reading_complaint_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reporter_reading_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter_reading")),
    )
    op.create_index(op.f("ix_reporter_reading_complaint_id"), "reporter_reading", ["complaint_id"])
    op.create_table(
        "complaint_note",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("complaint_id", types.Id, nullable=False),
        sa.Column("by", types.Id, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_complaint_note_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_note")),
    )
    op.create_index("ix_complaint_note_complaint", "complaint_note", ["complaint_id", "id"])
    with op.batch_alter_table("complaint") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=12), nullable=False, server_default="declaration"))
        for column, table in SUBJECTS.items():
            batch_op.add_column(sa.Column(column, types.Id, nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_complaint_{column}"), table, [column], ["id"])
        batch_op.add_column(sa.Column("about", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("stage", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("reply", sa.Text(), nullable=True))
        batch_op.alter_column("declaration_id", existing_type=types.Id, nullable=True)
        batch_op.drop_column("contact")
        batch_op.create_index(batch_op.f("ix_complaint_office_id"), ["office_id"])
    with op.batch_alter_table("complaint") as batch_op:
        batch_op.alter_column("kind", server_default=None)
    op.execute(
        "UPDATE complaint SET office_id = (SELECT organisation.id FROM declaration "
        "JOIN committee ON committee.id = declaration.committee_id "
        "JOIN organisation ON organisation.key = committee.convening_key "
        "WHERE declaration.id = complaint.declaration_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("complaint") as batch_op:
        batch_op.add_column(sa.Column("contact", types.Sealed(CONTACT), nullable=True))
    op.execute(
        "UPDATE complaint SET contact = "
        "(SELECT contact FROM complaint_reporter WHERE complaint_reporter.complaint_id = complaint.id)"
    )
    op.drop_table("complaint_note")
    op.drop_table("reporter_reading")
    op.drop_table("complaint_reporter")
    op.execute("DELETE FROM complaint WHERE declaration_id IS NULL")
    with op.batch_alter_table("complaint") as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_office_id"))
        batch_op.alter_column("declaration_id", existing_type=types.Id, nullable=False)
        for column in SUBJECTS:
            batch_op.drop_constraint(batch_op.f(f"fk_complaint_{column}"), type_="foreignkey")
        for column in ("reply", "stage", "about", *reversed(SUBJECTS), "kind"):
            batch_op.drop_column(column)
