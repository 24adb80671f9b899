"""the view with which a list opens for a person, and the index of who began what

Revision: 0043
After: 0042
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BEGINNING = sa.text("kind = 'started'")


def upgrade() -> None:
    op.create_table(
        "usual_view",
        sa.Column("person_id", types.Id, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("saved_view_id", types.Id, sa.ForeignKey("saved_view.id"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "page"),
    )
    op.create_index("ix_usual_view_saved_view_id", "usual_view", ["saved_view_id"])
    op.create_index("ix_event_started_by", "event", ["person_id"], postgresql_where=BEGINNING, sqlite_where=BEGINNING)


def downgrade() -> None:
    op.drop_index("ix_event_started_by", "event")
    op.drop_table("usual_view")
