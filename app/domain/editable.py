"""更改业务数据: the closed list of what a manager may put right in a declaration that is under way.

Nothing that a rule decides on is in it: who applies, for what, by which route. What form 8 publicises stays as it was
shown once a publicity has begun; whoever has to mend that is asked to by an office.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, identity, publicised
from app.domain.forms import Form, FormContext
from app.domain.forms.schema import Field
from app.errors import InvalidForm, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.recommendation import Publicity

KEYS = ("mobile", "unit_and_post", "current_work", "societies", "ce_note")
FORM = "declaration"  # whose fields check them


@dataclass(frozen=True)
class Datum:
    """One field: `shown` is its value as a page may print it; `refusal` says why it may not be changed now.

    `value` is what its form begins with, nothing where it is kept sealed.
    """

    key: str
    label: str
    value: str
    shown: str
    required: bool
    refusal: str


def of(session: Session, declaration: Declaration, form: Form) -> list[Datum]:
    """The data of the list that the declaration's form has."""
    record, fields = declarations.record_of(declaration), _fields(form)
    stands = _refusals(session, declaration)
    return [
        Datum(
            key,
            fields[key].label,
            "" if key in declarations.SEALED_KEYS else str(record.get(key) or ""),
            shown(key, record.get(key)),
            fields[key].required,
            stands.get(key, ""),
        )
        for key in KEYS
        if key in fields
    ]


def change(session: Session, declaration: Declaration, form: Form, key: str, value: str) -> tuple[Any, Any]:
    """Write one datum; gives what it was and what it is.

    NotFound for a key outside the list, Refused for one that may not be changed now, that its field refuses or that
    says the same as before.
    """
    fields = _fields(form)
    if key not in fields:
        raise NotFound("没有找到可以更改的这项数据。")
    said = _refusals(session, declaration).get(key)
    if said:
        raise Refused(Problem("not_now", said, key))
    record = declarations.record_of(declaration)
    cleaned = _checked(session, form, record, key, value.strip())
    if (record.get(key) or "") == (cleaned or ""):
        raise Refused(Problem("same", "所填内容与现在的相同，没有更改。", "value"))
    declarations.save_record(session, declaration, {**record, key: cleaned})
    return record.get(key), cleaned


def shown(key: str, value: Any) -> str:
    """What is kept sealed stays masked."""
    text = str(value or "")
    return identity.mask_phone(text) if key in declarations.SEALED_KEYS and text else text


def _fields(form: Form) -> dict[str, Field]:
    return {item.key: item for item in form.items if isinstance(item, Field) and item.key in KEYS}


def _refusals(session: Session, declaration: Declaration) -> dict[str, str]:
    """Key → why it may not be changed now."""
    if declaration.ended_as is not None:
        return dict.fromkeys(KEYS, "申报已经办结，不能更改。")
    found = dict.fromkeys(declarations.locked_fields(declaration), "此项已由数据共享自动比对通过，不能更改。")
    begun = select(Publicity.id).where(Publicity.batch_id == declaration.batch_id).limit(1)
    if declaration.batch_id is not None and session.scalar(begun) is not None:
        found |= dict.fromkeys(publicised.HEADINGS, "此项已经公示，不能直接更改；如有误，由审核机构退回补正。")
    return found


def _checked(session: Session, form: Form, record: Mapping[str, Any], key: str, value: str) -> Any:
    """The value as the field of the form takes it; what else the record lacks is not asked for here."""
    context = FormContext(clock.local(clock.now(session)).date())
    try:
        form.check({**record, key: value}, context)
    except InvalidForm as invalid:
        own = [Problem(each.code, each.message, "value") for each in invalid.problems if each.field == key]
        if own:
            raise Refused(*own) from invalid
    return form.check({key: value}, context, partial=True).get(key)
