"""Passphrases are stretched briefly here: the tests ask for the right answer, not for its price."""

import pytest

from app.domain.ballots import sealing


@pytest.fixture(autouse=True)
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sealing._ARGON, "time_cost", 1)
    monkeypatch.setitem(sealing._ARGON, "memory_cost", 64)
