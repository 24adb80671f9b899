"""a batch's phase no longer repeats what its publicity rounds say

Revision: 0054
After: 0053
"""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_ROUND = "SELECT 1 FROM publicity WHERE publicity.batch_id = unit_batch.id AND publicity.superseded_at IS NULL"
_RUNS = f"EXISTS ({_ROUND} AND publicity.closed_at IS NULL)"
_IS_OVER = f"EXISTS ({_ROUND} AND publicity.closed_at IS NOT NULL)"
_MAY_GO_UP = (
    "EXISTS (SELECT 1 FROM batch_entry WHERE batch_entry.batch_id = unit_batch.id AND batch_entry.recommended "
    "AND batch_entry.left_at IS NULL AND batch_entry.gone_up_at IS NULL)"
)


def upgrade() -> None:
    _turn("publicity", "decided", _MAY_GO_UP)
    _turn("publicity", "closed", f"NOT {_MAY_GO_UP}")
    _turn("closed", "decided", f"{_IS_OVER} AND {_MAY_GO_UP}")


def downgrade() -> None:
    _turn("decided", "publicity", _RUNS)
    _turn("closed", "publicity", _RUNS)
    _turn("decided", "closed", _IS_OVER)


def _turn(before: str, after: str, where: str) -> None:
    op.execute(f"UPDATE unit_batch SET phase = '{after}' WHERE phase = '{before}' AND {where}")  # noqa: S608
