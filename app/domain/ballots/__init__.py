"""无记名投票: opening a ballot, casting sealed sheets, and counting them without a link to who cast them (D25)."""

from app.domain.ballots.casting import cast
from app.domain.ballots.closing import close
from app.domain.ballots.opening import open_ballot as open
from app.domain.ballots.roll import get, progress

__all__ = ["cast", "close", "get", "open", "progress"]
