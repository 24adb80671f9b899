"""The close: in one transaction every sheet is opened, the votes are shuffled and counted, and what tied them is gone.

What a vote row keeps is its item and its choice under a random key; all rows of a ballot are written by one statement
in random order. Sheets and key shares are deleted with it; the caller has them wiped from the files after the commit
(`Database.wipe`), which no transaction can do.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping

import orjson
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app import clock
from app.db import thorough
from app.domain.ballots import roll, sealing, tallies
from app.domain.ballots.casting import place
from app.domain.ballots.opening import OFFICERS, Officers
from app.domain.ballots.tallies import Count
from app.errors import Problem, Refused
from app.models.ballot import Ballot, SealedSheet

TRACES = ("sealed_sheet", "ballot")  # the tables in whose files the opened sheets and shares have stood
Choices = Mapping[int, str]
_chance = secrets.SystemRandom()
_KEEP = {
    "sqlite": "SELECT value ->> 'key', :ballot, value ->> 'item', value ->> 'choice' FROM json_each(:votes)",
    "postgresql": (
        "SELECT key, :ballot, item, choice FROM jsonb_to_recordset(CAST(:votes AS jsonb)) "
        "AS vote (key text, item bigint, choice text)"
    ),
}


def close(session: Session, ballot: Ballot, officers: Officers) -> None:
    """结束投票 and count. Refused for a ballot that is not open, and for a passphrase that does not open its share."""
    ballot = roll.locked(session, ballot)
    if ballot.status != "open" or ballot.mode != "electronic":
        raise Refused(Problem("not_open", "本次投票已经结束。"))
    sheets = _opened(session, ballot, _private_key(ballot, officers))
    back, here = roll.recused(session, ballot.item_ids), set(roll.voters(session, ballot))
    votes: dict[int, list[str]] = defaultdict(list)
    for seat_id, sheet in sheets.items():
        for item_id, choice in sheet.items():
            if seat_id not in back[item_id]:
                votes[item_id].append(choice)
    _write(session, ballot, votes)
    tallies.write(session, ballot, {each: _count(votes[each], here, back[each]) for each in ballot.item_ids})
    destroy(session, ballot)
    ballot.status, ballot.closed_at = "counted", clock.now(session)
    session.flush()
    roll.note(session, ballot, "ballot_counted", ballot.officers["teller_count"])


def void(session: Session, ballot: Ballot, reason: str, by: int) -> None:
    """作废: nobody counts the sheets, nobody learns what stood on them; its items may be voted on anew (G8)."""
    ballot = roll.locked(session, ballot)
    if ballot.status != "open":
        raise Refused(Problem("not_open", "本次投票已经结束，不能作废。"))
    if not reason.strip():
        raise Refused(Problem("reason", "请填写作废的原因。", "reason"))
    destroy(session, ballot)
    ballot.status, ballot.closed_at, ballot.void_reason = "void", clock.now(session), reason.strip()
    session.flush()
    roll.note(session, ballot, "ballot_void", by, reason=reason.strip())


def destroy(session: Session, ballot: Ballot) -> None:
    """Delete the sealed sheets and the key."""
    with thorough(session):
        session.execute(delete(SealedSheet).where(SealedSheet.ballot_id == ballot.id))
        ballot.shares = ballot.public_key = None
        session.flush()


def _private_key(ballot: Ballot, officers: Officers) -> bytes:
    shares, problems = [], []
    for role, name in OFFICERS.items():
        try:
            shares.append(sealing.open_share((ballot.shares or {})[role], officers[role].passphrase, role))
        except (sealing.NotOpened, KeyError):
            problems.append(Problem("passphrase", f"{name}的口令不符，请{name}本人重新输入开始投票时的口令。", role))
    if problems:
        raise Refused(*problems)
    return sealing.join((shares[0], shares[1]))


def _opened(session: Session, ballot: Ballot, private: bytes) -> dict[int, Choices]:
    rows = session.execute(select(SealedSheet.seat_id, SealedSheet.content).where(SealedSheet.ballot_id == ballot.id))
    try:
        return {
            seat_id: sealing.open_sheet(private, ballot.item_ids, content, place(ballot.id, seat_id))
            for seat_id, content in rows
        }
    except sealing.NotOpened as changed:
        message = "有选票与密封时不一致，可能已被改动。请停止计票，作废本次投票，改用纸质选票。"
        raise Refused(Problem("changed", message)) from changed


def _write(session: Session, ballot: Ballot, votes: Mapping[int, list[str]]) -> None:
    """All votes by one statement: each item's shuffled by itself, then all of them together."""
    rows = []
    for item_id, choices in votes.items():
        _chance.shuffle(choices)
        rows += [{"key": secrets.token_hex(16), "item": item_id, "choice": choice} for choice in choices]
    _chance.shuffle(rows)
    source = _KEEP[session.get_bind().dialect.name]
    statement = text(f"INSERT INTO vote (key, ballot_id, item_id, choice) {source}")
    session.execute(statement, {"ballot": ballot.id, "votes": orjson.dumps(rows).decode()})


def _count(choices: list[str], here: set[int], back: set[int]) -> Count:
    said = Counter(choices)
    return Count(said["yes"], said["no"], len(here), len(here & back))
