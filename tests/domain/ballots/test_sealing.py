"""Sealed sheets: of one length, opened by both shares together, bound to their ballot and seat."""

import pytest

from app.domain.ballots import sealing
from app.domain.ballots.sealing import NotOpened

ITEMS = [11, 12, 13]
SHEETS = ({11: "yes", 12: "no", 13: "abstain"}, {11: "abstain", 12: "abstain", 13: "abstain"}, {13: "yes"}, {})


def test_a_sheet_opens_with_both_shares_as_it_was_sealed() -> None:
    keys = sealing.make_keys()

    for sheet in SHEETS:
        sealed = sealing.seal_sheet(keys.public, ITEMS, sheet, "ballot 1 seat 2")
        assert sealing.open_sheet(sealing.join(keys.shares), ITEMS, sealed, "ballot 1 seat 2") == sheet


def test_all_sheets_have_one_length_and_equal_ones_look_different() -> None:
    keys = sealing.make_keys()
    sealed = [sealing.seal_sheet(keys.public, ITEMS, sheet, "here") for sheet in (*SHEETS, SHEETS[0])]

    assert len({len(each) for each in sealed}) == 1
    assert len(set(sealed)) == len(sealed)


def test_one_share_opens_nothing() -> None:
    keys = sealing.make_keys()
    sealed = sealing.seal_sheet(keys.public, ITEMS, SHEETS[0], "here")

    for alone in keys.shares:
        with pytest.raises(NotOpened):
            sealing.open_sheet(alone, ITEMS, sealed, "here")


def test_a_sheet_does_not_open_in_anothers_place_or_changed() -> None:
    keys = sealing.make_keys()
    sealed = sealing.seal_sheet(keys.public, ITEMS, SHEETS[0], "ballot 1 seat 2")
    private = sealing.join(keys.shares)

    with pytest.raises(NotOpened):
        sealing.open_sheet(private, ITEMS, sealed, "ballot 1 seat 3")
    with pytest.raises(NotOpened):
        sealing.open_sheet(private, ITEMS, sealed[:-1] + bytes([sealed[-1] ^ 1]), "ballot 1 seat 2")


def test_a_share_opens_by_its_own_passphrase_and_role_only() -> None:
    share = sealing.make_keys().shares[0]
    sealed = sealing.seal_share(share, "海棠三七二一", "teller_count")

    assert sealing.open_share(sealed, " 海棠三七二一 ", "teller_count") == share
    for passphrase, role in (("海棠三七二二", "teller_count"), ("海棠三七二一", "teller_supervise")):
        with pytest.raises(NotOpened):
            sealing.open_share(sealed, passphrase, role)
