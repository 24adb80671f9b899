"""the login log, and where logins come from

Revision: 0045
After: 0044
"""

import sqlalchemy as sa
from alembic import op

from app.models import access, history, types

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_record",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("person_id", types.Id, nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_record_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_record")),
    )
    op.create_index(op.f("ix_login_record_at"), "login_record", ["at"])
    op.create_index("ix_login_record_person", "login_record", ["person_id", "id"])
    op.create_index("ix_login_record_outcome", "login_record", ["outcome", "id"])
    for statement in access.log_guards(op.get_bind().dialect.name):
        op.execute(statement)
    for name, length in (("address", 60), ("device", 60), ("ended", 16)):
        op.add_column("login_session", sa.Column(name, sa.String(length=length), nullable=True))
    op.create_index("ix_login_session_expires", "login_session", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_login_session_expires", "login_session")
    for name in ("ended", "device", "address"):
        op.drop_column("login_session", name)
    for statement in history.lifted(op.get_bind().dialect.name, "login_record"):
        op.execute(statement)
    op.drop_table("login_record")
