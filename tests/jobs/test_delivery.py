"""Letters: made out by what people chose, carried once, tried again after a pause, never doubled after a crash."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Mail
from app.db import Database
from app.domain import notifications, outbox, outbox_page, people, receiving
from app.errors import Conflict, Refused
from app.jobs.carriers import Carrier, Logged, NotTakenError, Smtp, UnknownError
from app.jobs.delivery import deliver
from app.models.outbox import Delivery
from app.models.people import Person
from tests.support.letters import Box

Freeze = Callable[[Session, str], Any]
ADDRESS = "zhang@example.org"


@pytest.fixture
def told(database: Database, freeze: Freeze) -> Database:
    """One person who chose mail was told something; another one chose nothing."""
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        chosen = people.register(session, "zhang", "张一", identity_number=None)
        silent = people.register(session, "li", "李二", identity_number=None)
        receiving.choose(session, chosen.id, ADDRESS, ["email"])
        facts = {"applicant": "张一", "task": "单位审核", "who": "张一"}
        notifications.post(session, [chosen.id, silent.id], "urged", facts)
    return database


def round_of(database: Database, carrier: Carrier) -> int:
    return deliver(database, {"email": carrier, "sms": carrier}, "https://zhiping.example.org")


def state(database: Database) -> list[tuple[str, int, str | None]]:
    with database.reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id))
        return [(row.status, row.attempts, row.error) for row in rows]


def at(database: Database, freeze: Freeze, moment: str) -> None:
    with database.transaction() as session:
        freeze(session, f"2023-10-09 {moment}")


def test_a_letter_goes_out_once_and_names_nobody(told: Database) -> None:
    box = Box()
    assert (round_of(told, box), round_of(told, box)) == (1, 0)
    (parcel,) = box.parcels
    assert (parcel.channel, parcel.address) == ("email", ADDRESS)
    assert parcel.letter.subject == "【职称申报评审】催办"
    assert "有关方面催办：一项待办事项。" in parcel.letter.body
    assert "https://zhiping.example.org" in parcel.letter.body
    assert "张一" not in parcel.letter.body
    assert state(told) == [("sent", 1, None)]


def test_not_taken_is_tried_again_after_growing_pauses_and_given_up(told: Database, freeze: Freeze) -> None:
    box = Box(*[NotTakenError("邮件服务器未接收：451 busy") for _ in range(9)])
    assert round_of(told, box) == 1
    assert round_of(told, box) == 0  # not before its pause is over
    for moment in ("09:01:00", "09:06:00", "09:36:00", "12:36:00"):
        at(told, freeze, moment)
        assert round_of(told, box) == 1
    assert state(told) == [("failed", 5, "邮件服务器未接收：451 busy")]
    at(told, freeze, "23:00:00")
    assert round_of(told, box) == 0


def test_refused_for_good_is_failed_at_once_and_sent_again_by_hand(told: Database) -> None:
    box = Box(NotTakenError("邮件服务器未接收：550 no such user", for_good=True))
    round_of(told, box)
    assert state(told) == [("failed", 1, "邮件服务器未接收：550 no such user")]
    with told.transaction() as session:
        outbox_page.again(session, 1, 1)
    round_of(told, box)
    assert state(told)[0][0] == "sent"
    with told.transaction() as session, pytest.raises(Conflict):
        outbox_page.again(session, 1, 1)


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), UnknownError("邮件交付途中连接中断")])
def test_what_may_have_arrived_is_never_sent_twice(told: Database, freeze: Freeze, trouble: BaseException) -> None:
    box = Box(trouble)
    if isinstance(trouble, KeyboardInterrupt):  # the process dies with the letter in its hands
        with pytest.raises(KeyboardInterrupt):
            round_of(told, box)
    else:
        round_of(told, box)
    for moment in ("09:05:00", "09:10:00", "15:00:00"):
        at(told, freeze, moment)
        round_of(told, box)
    assert len(box.parcels) == 1
    ((status, attempts, _),) = state(told)
    assert (status, attempts) == ("unknown", 1)


def test_a_late_sender_still_notes_what_it_did(told: Database, freeze: Freeze) -> None:
    with told.transaction() as session:
        outbox.route(session)
        parcel = outbox.take(session)
    assert parcel is not None
    at(told, freeze, "10:00:00")  # the lease is over, another worker looks
    with told.transaction() as session:
        assert outbox.take(session) is None
    with told.transaction() as session:
        outbox.sent(session, parcel)
    assert state(told) == [("sent", 1, None)]


@pytest.mark.parametrize(
    ("email", "chosen", "words"),
    [("zhang", [], "不是有效的电子邮箱地址"), ("", ["email"], "请填写电子邮箱"), ("", ["sms"], "还没有登记手机号码")],
)
def test_a_channel_needs_its_address(told: Database, email: str, chosen: list[str], words: str) -> None:
    with told.transaction() as session, pytest.raises(Refused, match=words):
        receiving.choose(session, session.scalars(select(Person.id)).first() or 0, email, chosen)


class _Session(socketserver.StreamRequestHandler):
    """As much of a mail server as one letter needs."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self._say("354 go on")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))  # type: ignore[attr-defined]
            if verb == "QUIT":
                return
            self._say("550 nobody" if "nobody@" in line else "250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as made:
        made.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def mail_of(server: socketserver.ThreadingTCPServer) -> Mail:
    return Mail("127.0.0.1", server.server_address[1], "职称办 <no-reply@example.org>", "none")


def test_smtp_carries_the_letter(told: Database, server: socketserver.ThreadingTCPServer) -> None:
    assert round_of(told, Smtp(mail_of(server))) == 1
    letter = message_from_bytes(server.letters[0], policy=default)  # type: ignore[attr-defined]
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "【职称申报评审】催办")
    assert letter["Message-ID"] == "<delivery-1@example.org>"
    assert "有关方面催办：一项待办事项。" in letter.get_content()
    assert state(told) == [("sent", 1, None)]


def test_smtp_tells_a_wrong_address_from_a_silent_server(
    told: Database, server: socketserver.ThreadingTCPServer, freeze: Freeze
) -> None:
    with told.transaction() as session:
        receiving.choose(session, 1, "nobody@example.org", ["email"])
    closed = Mail("127.0.0.1", 1, "no-reply@example.org", "none")
    round_of(told, Smtp(closed))
    ((status, _, said),) = state(told)
    assert status == "waiting"
    assert said is not None
    assert said.startswith("连接邮件服务器失败：")
    at(told, freeze, "09:01:00")
    round_of(told, Smtp(mail_of(server)))
    assert state(told) == [("failed", 2, "邮件服务器未接收：550 nobody")]


def test_without_a_server_letters_stand_in_the_log(told: Database, capsys: pytest.CaptureFixture[str]) -> None:
    round_of(told, Logged())
    said = capsys.readouterr().out
    assert "催办" in said
    assert "z***@example.org" in said
    assert ADDRESS not in said
