"""A carrier for tests of the outbox."""

from collections.abc import Collection

from app.domain.outbox import Parcel


class Box:
    """Keeps what it is given, or does what it was told to do with the next letters."""

    templates: Collection[str] | None = None

    def __init__(self, *troubles: BaseException) -> None:
        self.parcels: list[Parcel] = []
        self._troubles = list(troubles)

    def carry(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)
        if self._troubles:
            raise self._troubles.pop(0)
