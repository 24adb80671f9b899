"""form 7 of a unit and year

Revision: 0002
After: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BATCH = sa.table(
    "unit_batch",
    sa.column("id", types.Id),
    sa.column("organisation_id", types.Id),
    sa.column("notice_key", sa.String),
    sa.column("quota", types.Json),
    sa.column("granted", types.Json),
    sa.column("created_at", types.Instant()),
)
_NOTICE = sa.table("notice", sa.column("key", sa.String), sa.column("year", sa.Integer))
_FILING = sa.table(
    "quota_filing",
    sa.column("organisation_id", types.Id),
    sa.column("year", sa.Integer),
    sa.column("version", sa.Integer),
    sa.column("values", types.Json),
    sa.column("filed_at", types.Instant()),
)


def upgrade() -> None:
    op.create_table(
        "quota_filing",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("organisation_id", types.Id, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", types.Json, nullable=False),
        sa.Column("filed_at", types.Instant(), nullable=False),
        sa.Column("filed_by", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_quota_filing_filed_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quota_filing_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_filing")),
        sa.UniqueConstraint(
            "organisation_id", "year", "version", name=op.f("uq_quota_filing_organisation_id_year_version")
        ),
    )
    with op.batch_alter_table("unit_batch") as batch:
        batch.add_column(sa.Column("granted", types.Json, nullable=True))
    _carry_over(op.get_bind())
    with op.batch_alter_table("unit_batch") as batch:
        batch.alter_column("granted", existing_type=types.Json, nullable=False)
        batch.drop_column("quota")


def downgrade() -> None:
    with op.batch_alter_table("unit_batch") as batch:
        batch.add_column(sa.Column("quota", types.Json, nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_BATCH.c.id, _BATCH.c.granted)).all():
        quota = {level: {"granted": True} for level in row.granted}
        connection.execute(sa.update(_BATCH).where(_BATCH.c.id == row.id).values(quota=quota))
    with op.batch_alter_table("unit_batch") as batch:
        batch.alter_column("quota", existing_type=types.Json, nullable=False)
        batch.drop_column("granted")
    op.drop_table("quota_filing")


def _carry_over(connection: sa.Connection) -> None:
    """What a batch knew of its form 7 becomes a version of its unit's form of the year."""
    versions: dict[tuple[int, int], int] = {}
    wanted = sa.select(_BATCH, _NOTICE.c.year).join(_NOTICE, _NOTICE.c.key == _BATCH.c.notice_key)
    for row in connection.execute(wanted.order_by(_BATCH.c.id)).all():
        quota: dict[str, Any] = row.quota or {}
        granted = sorted(level for level, said in quota.items() if said.get("granted"))
        connection.execute(sa.update(_BATCH).where(_BATCH.c.id == row.id).values(granted=granted))
        if not quota:
            continue
        place = (row.organisation_id, row.year)
        versions[place] = versions.get(place, 0) + 1
        levels = [
            {"_id": level, "level": level, "quota": said.get("quota"), "exempt_count": said.get("exempt")}
            for level, said in quota.items()
        ]
        filing = {"organisation_id": row.organisation_id, "year": row.year, "version": versions[place]}
        filing |= {"values": {"levels": levels}, "filed_at": row.created_at}
        connection.execute(sa.insert(_FILING).values(filing))
