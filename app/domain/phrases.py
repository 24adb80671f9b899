"""常用语: what a desk's people write again and again, kept per person and per body, with places to fill in."""

import re
from collections.abc import Mapping

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.permissions import Grants
from app.errors import NotFound, Problem, Refused
from app.models.desk import Phrase

KINDS = {"return": "须补充完善的内容", "opinion": "审核意见", "reason": "推荐或不予推荐理由"}
PLACES = ("申报人", "申报职称", "期限")  # 期限 in working days, as the office sets it
_PLACE = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_TARGET, _TEXT = 120, 500  # as long as the forms take


def of(session: Session, grants: Grants, kind: str | None = None) -> list[Phrase]:
    """The phrases that the person may use, his own first; one statement."""
    wanted = select(Phrase).where(_usable(grants))
    if kind is not None:
        wanted = wanted.where(Phrase.kind == kind)
    return list(session.scalars(wanted.order_by(Phrase.organisation_id.is_not(None), Phrase.kind, Phrase.id)))


def save(session: Session, grants: Grants, phrase_id: int | None, said: Mapping[str, str], body: int | None) -> Phrase:
    """Keep a phrase ({kind, target, text}), for oneself or for all at `body`.

    Refused for a text that is empty, too long, or has a place ({…}) that nothing fills; NotFound for a phrase or a
    body that is not one's own.
    """
    phrase = Phrase() if phrase_id is None else get(session, grants, phrase_id)
    if body is not None and body not in _bodies(grants):
        raise NotFound("没有找到该机构，不能为其保存常用语。")
    kind, target, text = (said.get(key, "").strip() for key in ("kind", "target", "text"))
    _check(kind, target, text)
    phrase.kind, phrase.target, phrase.text = kind, target if kind == "return" else "", text
    phrase.person_id, phrase.organisation_id = (grants.person_id, None) if body is None else (None, body)
    phrase.changed_at = clock.now(session)
    session.add(phrase)
    session.flush()
    return phrase


def delete(session: Session, grants: Grants, phrase_id: int) -> None:
    session.delete(get(session, grants, phrase_id))


def get(session: Session, grants: Grants, phrase_id: int) -> Phrase:
    """One of the phrases that the person may use and change. NotFound."""
    found = session.scalar(select(Phrase).where(Phrase.id == phrase_id, _usable(grants)))
    if found is None:
        raise NotFound("没有找到该常用语，可能已被删除。")
    return found


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its places filled from `words` ({申报人: 张林})."""
    return _PLACE.sub(lambda place: words.get(place[1].strip(), place[0]), text)


def require_known_places(text: str, field: str) -> None:
    """Refused for a place ({…}) that nothing would fill, so that no applicant ever reads it."""
    unknown = [place for place in _PLACE.findall(text) if place.strip() not in PLACES]
    if unknown:
        known = "、".join(f"{{{place}}}" for place in PLACES)
        raise Refused(Problem("place", f"“{{{unknown[0]}}}”不能自动填入，可以使用的有{known}。", field))


def _check(kind: str, target: str, text: str) -> None:
    if kind not in KINDS:
        raise Refused(Problem("kind", "请选择常用语的用途。", "kind"))
    if not text:
        raise Refused(Problem("missing", "请填写常用语的内容。", "text"))
    if len(text) > _TEXT or len(target) > _TARGET:
        raise Refused(Problem("length", f"内容不超过{_TEXT}字，分节或项目不超过{_TARGET}字。", "text"))
    require_known_places(text, "text")


def _usable(grants: Grants) -> ColumnElement[bool]:
    return or_(Phrase.person_id == grants.person_id, Phrase.organisation_id.in_(_bodies(grants)))


def _bodies(grants: Grants) -> set[int]:
    return {grant.organisation_id for grant in grants.held if grant.organisation_id is not None}
