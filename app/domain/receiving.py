"""How a person is told besides the inbox: by which channels, and mails one by one or gathered once a working day."""

import re
from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.domain import people, quiet
from app.errors import Problem, Refused
from app.models.outbox import Delivery

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
UNWANTED = "收件人已选择不再用电子邮件接收。"


def choose(
    session: Session, person_id: int, email: str, notify_by: Iterable[str], digest_hour: int | None = None
) -> None:
    """Write it down; Refused where a chosen channel has no address. What is gathered already follows the choice."""
    person, chosen = people.get(session, person_id), sorted(set(notify_by))
    if email and not _EMAIL.fullmatch(email):
        raise Refused(Problem("email", f"“{email}”不是有效的电子邮箱地址，请核对。", "email"))
    if "email" in chosen and not email:
        raise Refused(Problem("email", "选择用电子邮件接收的，请填写电子邮箱。", "email"))
    if "sms" in chosen and not person.mobile:
        raise Refused(Problem("sms", "您还没有登记手机号码，不能选择短信。", "sms"))
    if digest_hour is not None and digest_hour not in quiet.DIGEST_HOURS:
        raise Refused(Problem("digest", "请选择汇总发送的时间。", "digest_hour"))
    person.email, person.notify_by, person.digest_hour = email or None, chosen, digest_hour
    session.flush()
    _follow(session, person_id, wanted="email" in chosen, digest_hour=digest_hour)


def _follow(session: Session, person_id: int, *, wanted: bool, digest_hour: int | None) -> None:
    """What waits for his digest goes at the new hour, at once, or not at all."""
    gathered = update(Delivery).where(Delivery.digest_for == person_id, Delivery.status == "waiting")
    if not wanted:
        now = gathered.values(status="given_up", error=UNWANTED, postponed=None)
    elif digest_hour is None:
        now = gathered.values(digest_for=None, postponed=None, due_at=clock.now(session))
    else:
        now = gathered.values(due_at=quiet.next_digest(session, digest_hour), postponed="digest")
    session.execute(now.execution_options(synchronize_session=False))
