"""The house's own wording of a notification: checked, kept version by version, taken back."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy.orm import Session

from app.domain import house_settings, template_words
from app.domain.house_settings import Standing, Version
from app.domain.template_words import PREFIX, Wording
from app.domain.templates import checking
from app.domain.templates.texts import TEXTS
from app.errors import NotFound, Problem, Refused

PARTS = {
    "title": "站内消息标题",
    "body": "站内消息内容",
    "mail_subject": "邮件主题",
    "mail_body": "邮件内容",
    "sms": "短信内容",
}
_TITLES = ("title", "mail_subject")


def require(template: str) -> None:
    """NotFound for a template that the product does not know."""
    if template not in TEXTS:
        raise NotFound("没有这种消息。")


def all_standing(session: Session) -> dict[str, Standing]:
    """Template → its house wording's standing, of those that ever had one."""
    found = house_settings.standing(session).items()
    return {name.removeprefix(PREFIX): each for name, each in found if name.startswith(PREFIX)}


def standing(session: Session, template: str) -> Standing:
    return house_settings.standing(session).get(PREFIX + template, Standing())


def versions(session: Session, template: str) -> list[Version]:
    return house_settings.versions(session, PREFIX + template)


def checked(template: str, said: Mapping[str, str]) -> Wording:
    """What was typed, the inbox's empty texts as the product has them. Refused with every fault at once."""
    found = [
        problem
        for part, label in PARTS.items()
        for problem in (*_length(part, label, said.get(part, "")),
                        *checking.problems(template, said.get(part, ""), label, part))
    ]  # fmt: skip
    if found:
        raise Refused(*found)
    typed = {part: said.get(part, "").strip() for part in PARTS}
    own = template_words.built_in(template)
    return Wording(**{**typed, "title": typed["title"] or own.title, "body": typed["body"] or own.body})


def save(session: Session, template: str, said: Mapping[str, str], *, seen: int, by: int, note: str) -> bool:
    """Make it the house's wording; False where it says what holds already. Refused, Conflict (see `house_settings`)."""
    made = checked(template, said)
    value = None if made == template_words.built_in(template) else asdict(made)
    if standing(session, template).number == seen and standing(session, template).value == value:
        return False
    house_settings.write(session, PREFIX + template, value, seen=seen, by=by, note=note.strip())
    return True


def restore(session: Session, template: str, number: int, *, seen: int, by: int) -> None:
    """Go back to an earlier version, 0 for the product's own. NotFound, Conflict."""
    value, note = None, "恢复系统通用文字"
    if number:
        earlier = next((each.row for each in versions(session, template) if each.row.number == number), None)
        if earlier is None:
            raise NotFound("没有找到该版本。")
        value, note = earlier.value, f"恢复第{number}版"
    house_settings.write(session, PREFIX + template, value, seen=seen, by=by, note=note)


def _length(part: str, label: str, text: str) -> list[Problem]:
    most = checking.TITLE if part in _TITLES else checking.LONGEST
    faults = [Problem("long", f"{label}请不超过{most}字，现有{len(text)}字。", part)] if len(text) > most else []
    if part in _TITLES and "\n" in text:
        faults.append(Problem("lines", f"{label}不能分行。", part))
    return faults
