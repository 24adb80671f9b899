"""People at their browsers: each sends his requests over HTTP and repeats what had no answer under the same key."""

import http.client
import json
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from app.db import Database
from app.models.process import Task

PATIENCE = 300.0  # seconds without an answer until a visitor gives up
BUSY = 429  # "too often, try again later", which a visitor does
PDF = b"%PDF-1.4\n%%EOF\n"
CHECKED = ("identity_accurate", "political_conduct", "materials_sound", "originals_match", "conditions_met",
           "assessment", "post_ratio", "no_affiliation", "no_bar")  # fmt: skip


@dataclass(frozen=True)
class Ticket:
    """One declaration to carry: its ids, the applicant's login, and the filled form."""

    declaration_id: int
    task_id: int
    values: Mapping[str, Any]
    cookie: str
    csrf: str


@dataclass
class Log:
    """What the visitors meant to do and what they were answered: (effect, declaration) → status."""

    answers: dict[tuple[str, int], int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    repeated: int = 0


class Visitors:
    """Several threads that take tickets as they are handed out; `clerk` is the login of the unit's office."""

    def __init__(self, port: int, database: Database, clerk: tuple[str, str], threads: int = 4) -> None:
        self.log = Log()
        self._port, self._database, self._clerk = port, database, clerk
        self._tickets: queue.Queue[Ticket | None] = queue.Queue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for each in self._threads:
            each.start()

    def hand_out(self, ticket: Ticket) -> None:
        self._tickets.put(ticket)

    @property
    def idle(self) -> bool:
        return self._tickets.empty()

    def finish(self) -> None:
        """Wait until all tickets are carried."""
        for _ in self._threads:
            self._tickets.put(None)
        for each in self._threads:
            each.join()

    def _work(self) -> None:
        while (ticket := self._tickets.get()) is not None:
            try:
                self._carry(ticket)
            except (AssertionError, TimeoutError) as fault:
                self.log.faults.append(f"declaration {ticket.declaration_id}: {fault}")

    def _carry(self, ticket: Ticket) -> None:
        me, number = (ticket.cookie, ticket.csrf), ticket.declaration_id
        self._send("upload", number, me, "/attachments", *_file(number))
        form = f"/tasks/{ticket.task_id}"
        self._send("draft", number, me, f"{form}/draft", _json({"values": ticket.values, "token": None}))
        self._send("submit", number, me, f"{form}/complete", _json({"values": ticket.values}))
        self._send("urge", number, me, f"/declarations/{number}/urge", *_form({}))
        check = self._task(number, "unit_check")
        self._send("claim", number, self._clerk, f"/tasks/{check}/claim", *_form({}))
        points = {point: {"ok": True} for point in CHECKED}
        said = {"decision": "pass", "opinion": "同意", "signed_by": "白若溪", "checks": points}
        self._send("check", number, self._clerk, f"/tasks/{check}/complete", _json({"values": said}))

    def _send(
        self, effect: str, number: int, login: tuple[str, str], path: str, body: bytes, kind: str = "application/json"
    ) -> None:
        """Send until there is an answer, always under the same key."""
        key = uuid.uuid4().hex
        headers = {"Cookie": f"zhiping={login[0]}", "X-CSRFToken": login[1], "Content-Type": kind}
        headers |= {"Idempotency-Key": key, "X-Request-Key": key}
        headers |= {"Accept": "application/json"} if kind != FORM else {}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, answer = self._once(path, body, headers)
            if 0 < status < 500 and status != BUSY:
                self.log.answers[effect, number] = status
                assert status < 400, f"{effect}: {status} {answer[:300]}"
                return
            self.log.repeated += 1
            time.sleep(1.0 if status == BUSY else 0.05)
        raise TimeoutError(f"{effect}: no answer")

    def _once(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """(status, text); status 0 where the connection ended without an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def _task(self, declaration_id: int, element: str) -> int:
        """The task that the office finds in its inbox."""
        wanted = select(Task.id).where(Task.declaration_id == declaration_id, Task.element_id == element)
        with self._database.reading() as session:
            found = session.scalar(wanted.order_by(Task.id.desc()))
        assert found is not None, f"no task {element}"
        return found


FORM = "application/x-www-form-urlencoded"


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said).encode()


def _form(said: Mapping[str, str]) -> tuple[bytes, str]:
    return urlencode(said).encode(), FORM


def _file(number: int) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="field"\r\n\r\nproof\r\n--{boundary}\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="upload-{number}.pdf"\r\n'
    body = f"{head}Content-Type: application/pdf\r\n\r\n".encode() + PDF + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
