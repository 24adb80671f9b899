"""the monitor's list by indexes

Revision: 0037
After: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

LISTED = {"declaration": "declaration_id", "version": "notice_version_id", "process": "process_key", "status": "status"}
OPEN, RUNNING = sa.text("status = 'open'"), sa.text("closed_at IS NULL")


def upgrade() -> None:
    for column in ("notice_version_id", "declaration_id"):
        op.drop_index(f"ix_process_instance_{column}", "process_instance")
    for name, column in LISTED.items():
        op.create_index(f"ix_process_instance_{name}", "process_instance", [column, "id"])
    for name in ("inbox", "person"):
        op.drop_index(f"ix_task_{name}", "task")
    op.create_index("ix_task_inbox", "task", ["role", "organisation_id", "status"])
    op.create_index("ix_task_person", "task", ["person_id"])
    op.create_index("ix_task_open_element", "task", ["element_id"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.drop_index("ix_deadline_due_at", "deadline")
    op.create_index("ix_deadline_running", "deadline", ["due_at"], postgresql_where=RUNNING, sqlite_where=RUNNING)
    op.create_index("ix_incident_open", "incident", ["id"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_index("ix_declaration_status", "declaration", ["status"])
    op.create_index("ix_person_name", "person", ["name"], postgresql_ops={"name": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_index("ix_person_name", "person")
    op.drop_index("ix_declaration_status", "declaration")
    op.drop_index("ix_incident_open", "incident")
    op.drop_index("ix_deadline_running", "deadline")
    op.create_index("ix_deadline_due_at", "deadline", ["due_at"])
    for name in ("inbox", "person", "open_element"):
        op.drop_index(f"ix_task_{name}", "task")
    op.create_index("ix_task_inbox", "task", ["role", "organisation_id"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_index("ix_task_person", "task", ["person_id"], postgresql_where=OPEN, sqlite_where=OPEN)
    for name in LISTED:
        op.drop_index(f"ix_process_instance_{name}", "process_instance")
    for column in ("notice_version_id", "declaration_id"):
        op.create_index(f"ix_process_instance_{column}", "process_instance", [column])
