"""precomputed figures, and alerts on them

Revision: 0034
After: 0033
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _past()
    _present()
    _alerts()


def downgrade() -> None:
    for table in (
        "alert_crossing", "alert_rule", "figure_mark", "standing_figure", "pass_figure", "task_figure", "work_time"
    ):  # fmt: skip
        op.drop_table(table)


def _past() -> None:
    op.create_table(
        "work_time",
        sa.Column("task_id", types.Id, nullable=False, autoincrement=False),
        sa.Column("instance_id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=True),
        sa.Column("committee_id", types.Id, nullable=True),
        sa.Column("notice_version_id", types.Id, nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", types.Id, nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("left_at", types.Instant(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("held_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_work_time")),
    )
    op.create_index(op.f("ix_work_time_declaration_id"), "work_time", ["declaration_id"])
    op.create_index(op.f("ix_work_time_left"), "work_time", ["left_at"])
    op.create_index(op.f("ix_work_time_office"), "work_time", ["organisation_id", "role", "left_at"])
    op.create_index(op.f("ix_work_time_slowest"), "work_time", ["notice_version_id", "element_id", "days"])
    key = ("notice_version_id", "process_key", "element_id", "organisation_id", "role", "days")
    op.create_table(
        "task_figure",
        sa.Column("notice_version_id", types.Id, nullable=False, autoincrement=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", types.Id, nullable=False, autoincrement=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_task_figure")),
    )
    op.create_index(op.f("ix_task_figure_office"), "task_figure", ["organisation_id", "days"])
    op.create_table(
        "pass_figure",
        sa.Column("notice_version_id", types.Id, nullable=False, autoincrement=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("notice_version_id", "process_key", "element_id", name=op.f("pk_pass_figure")),
    )


def _present() -> None:
    op.create_table(
        "standing_figure",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("notice_version_id", types.Id, nullable=True),
        sa.Column("committee_id", types.Id, nullable=True),
        sa.Column("process_key", sa.String(length=80), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("organisation_id", types.Id, nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("milestone", sa.String(length=12), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("oldest_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_figure")),
    )
    op.create_index(op.f("ix_standing_figure_kind"), "standing_figure", ["kind", "notice_version_id"])
    op.create_table(
        "figure_mark",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("event_id", types.Id, nullable=False),
        sa.Column("next_id", types.Id, nullable=False),
        sa.Column("horizon", types.Id, nullable=False),
        sa.Column("standing_at", types.Instant(), nullable=True),
        sa.Column("standing_event_id", types.Id, nullable=False),
        sa.Column("standing_cost_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_mark")),
    )


def _alerts() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("grant_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("set_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_rule_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("person_id", "grant_id", "kind", name=op.f("uq_alert_rule_person_id_grant_id_kind")),
    )
    op.create_index(op.f("ix_alert_rule_person_id"), "alert_rule", ["person_id"])
    op.create_table(
        "alert_crossing",
        sa.Column("rule_id", types.Id, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name=op.f("fk_alert_crossing_rule_id")),
        sa.PrimaryKeyConstraint("rule_id", "subject", name=op.f("pk_alert_crossing")),
    )
