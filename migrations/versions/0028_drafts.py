"""drafts

Revision: 0028
After: 0027
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_draft",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("parent_key", sa.String(length=80), nullable=True),
        sa.Column("based_on_version_id", types.Id, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", types.Id, nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("published_version_id", types.Id, nullable=True),
        sa.Column("discarded_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["based_on_version_id"], ["notice_version.id"], name=op.f("fk_notice_draft_based_on_version_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_notice_draft_created_by")),
        sa.ForeignKeyConstraint(
            ["published_version_id"], ["notice_version.id"], name=op.f("fk_notice_draft_published_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_draft")),
    )
    op.create_index(op.f("ix_notice_draft_key"), "notice_draft", ["key"])
    op.create_table(
        "draft_file",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("draft_id", types.Id, nullable=False),
        sa.Column("path", sa.String(length=160), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_by", types.Id, nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["notice_draft.id"], name=op.f("fk_draft_file_draft_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["person.id"], name=op.f("fk_draft_file_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_file")),
        sa.UniqueConstraint("draft_id", "path", name=op.f("uq_draft_file_draft_id_path")),
    )
    op.create_table(
        "draft_change",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("draft_id", types.Id, nullable=False),
        sa.Column("path", sa.String(length=160), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", types.Id, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", types.Digest, nullable=True),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("old", types.Json, nullable=True),
        sa.Column("new", types.Json, nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_draft_change_by")),
        sa.ForeignKeyConstraint(["draft_id"], ["notice_draft.id"], name=op.f("fk_draft_change_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_change")),
    )
    op.create_index(op.f("ix_draft_change_draft_id"), "draft_change", ["draft_id"])
    op.create_table(
        "draft_presence",
        sa.Column("draft_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("person_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=160), nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["notice_draft.id"], name=op.f("fk_draft_presence_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_presence_person_id")),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_draft_presence")),
    )


def downgrade() -> None:
    for table in ("draft_presence", "draft_change", "draft_file", "notice_draft"):
        op.drop_table(table)
