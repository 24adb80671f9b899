"""Founding a body, and changing what is written of it; a new name leaves the old one on record with day and reason."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import identity, organisations
from app.domain.restructuring import record
from app.domain.restructuring.record import FIELDS
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.people import Organisation
from app.rows import kept_changed

CHANGED_MEANWHILE = "该机构刚刚已由他人变更，请核对最新情况后再确认。"
LONGEST = {"name": 200, "key": 80, "district": 40, "contact_name": 80}
_STATE = ("name", "kind", "credit_code", "district", "registered", "parent_id", "path", "merged_into_id")


@dataclass(frozen=True)
class Said:
    """What the administrator writes of a body; `key` names a new one in files and never changes."""

    name: str
    kind: str
    key: str = ""
    credit_code: str = ""
    district: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    registered: bool = False

    def checked(self) -> "Said":
        """Trimmed, codes in their form, a missing key taken from the credit code; Refused with every fault at once."""
        problems: list[Problem] = []
        fields: dict[str, Any] = {
            field: value.strip() if isinstance(value, str) else value for field, value in asdict(self).items()
        }
        if not fields["name"]:
            problems.append(Problem("no_name", "请填写机构名称。", "name"))
        if fields["kind"] not in organisations.KINDS:
            problems.append(Problem("kind", "请选择机构类别。", "kind"))
        checks: dict[str, Callable[[str], str]] = {
            "credit_code": identity.check_credit_code,
            "contact_phone": identity.check_phone,
        }
        for field, check in checks.items():
            try:
                fields[field] = check(fields[field]) if fields[field] else ""
            except Refused as refused:
                problems += refused.problems
        for field, most in LONGEST.items():
            if len(fields[field]) > most:
                problems.append(Problem("too_long", f"{FIELDS[field]}不能超过{most}个字。", field))
        fields["key"] = fields["key"] or fields["credit_code"]
        if problems:
            raise Refused(*problems)
        return Said(**fields)


def locked(session: Session, *ids: int, seen: str | None = None) -> list[Organisation]:
    """The bodies as they stand now, while nobody else changes the hierarchy until the transaction ends.

    NotFound; Conflict where `seen` is given and a body is not what it was (`fingerprint`).
    """
    kept_changed(session)  # its row is the lock of the whole hierarchy
    wanted = select(Organisation).where(Organisation.id.in_(ids)).with_for_update()
    found = {body.id: body for body in session.scalars(wanted.execution_options(populate_existing=True))}
    if len(found) < len(set(ids)):
        raise NotFound("没有找到该机构。")
    bodies = [found[each] for each in ids]
    if seen is not None and fingerprint(*bodies) != seen:
        raise Conflict(CHANGED_MEANWHILE)
    return bodies


def fingerprint(*bodies: Organisation) -> str:
    """What a page carries of the bodies as it showed them."""
    stated = repr([[body.id, *(getattr(body, field) for field in _STATE)] for body in bodies])
    return sha256(stated.encode()).hexdigest()[:16]


def check_new(session: Session, said: Said, parent_id: int | None) -> Said:
    """What a new body would be. Refused for what cannot be, and for a taken key, code or name beside it."""
    checked = said.checked()
    if parent_id is not None:
        require_living(organisations.get(session, parent_id))
    if not checked.key:
        raise Refused(Problem("no_key", "请填写机构代号或统一社会信用代码。", "key"))
    refuse_namesake(session, checked.name, parent_id)
    organisations.refuse_taken(session, checked.key, checked.credit_code)
    return checked


def found(session: Session, said: Said, parent_id: int | None, *, reason: str, by: int | None) -> Organisation:
    """A new body under the parent. Refused as `check_new` is."""
    kept_changed(session)
    require_reason(reason)
    checked = check_new(session, said, parent_id)
    parent = None if parent_id is None else organisations.get(session, parent_id)
    fields = asdict(checked)
    key, name, kind = (fields.pop(field) for field in ("key", "name", "kind"))
    given = {field: value or None for field, value in fields.items() if field != "registered"}
    made = organisations.create(session, key, name, kind, parent_id, **given, registered=checked.registered)
    words = {"name": ("", name), "kind": ("", organisations.KINDS[kind]), "parent": ("", parent.name if parent else "")}
    record.write(session, "organisation_created", made.id, words, reason=reason, by=by)
    return made


def differences(body: Organisation, said: Said) -> dict[str, tuple[Any, Any]]:
    """Field → what it is and what it would be; contacts and the key are changed elsewhere or never."""
    wanted = {"name": said.name, "kind": said.kind, "district": said.district or None, "registered": said.registered}
    wanted["credit_code"] = said.credit_code or None
    return {
        field: (getattr(body, field), value)
        for field, value in wanted.items()
        if (getattr(body, field) or None) != (value or None)
    }


def stated(body: Organisation) -> dict[str, str]:
    """The body as a form shows it."""
    fields = {field: str(getattr(body, field) or "") for field in ("name", "kind", "key", "credit_code", "district")}
    return {**fields, "registered": "yes" if body.registered else ""}


def described(said: Said, parent: Organisation | None) -> dict[str, str]:
    """A new body in words: what is said of it, by label."""
    words = {FIELDS[field]: _words(field, value) for field, value in asdict(said).items() if value}
    return {**words, FIELDS["parent"]: parent.name if parent else "（无上级）"}


def worded(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[str, str]]:
    """The differences as people read them."""
    return {field: (_words(field, before), _words(field, after)) for field, (before, after) in changed.items()}


def check(session: Session, body: Organisation, said: Said) -> dict[str, tuple[Any, Any]]:
    """What the change would alter. Refused for a merged body, a taken name or code, and where nothing would change."""
    require_living(body)
    changed = differences(body, said)
    if not changed:
        raise Refused(Problem("unchanged", "没有修改任何内容。"))
    if "name" in changed:
        refuse_namesake(session, said.name, body.parent_id, body.id)
    if "credit_code" in changed and said.credit_code:
        same = select(Organisation).where(Organisation.credit_code == said.credit_code, Organisation.id != body.id)
        other = session.scalar(same)
        if other is not None:
            raise Refused(Problem("taken", f"该统一社会信用代码已由“{other.name}”注册。", "credit_code"))
    return changed


def change(
    session: Session, organisation_id: int, said: Said, *, reason: str, by: int | None, seen: str | None = None
) -> None:
    """Write what differs, a new name and the rest as events of their own. Refused as `check` is; Conflict."""
    (body,) = locked(session, organisation_id, seen=seen)
    require_reason(reason)
    write(session, body, check(session, body, said.checked()), reason=reason, by=by)


def write(
    session: Session, body: Organisation, changed: Mapping[str, tuple[Any, Any]], *, reason: str, by: int | None
) -> None:
    """Carry out checked differences."""
    words = worded(changed)
    for field, (_, value) in changed.items():
        if field == "name":
            organisations.rename(session, body.id, value)
        else:
            setattr(body, field, value)
    session.flush()
    for kind, renamed in (("organisation_renamed", True), ("organisation_changed", False)):
        said = {field: pair for field, pair in words.items() if (field == "name") is renamed}
        if said:
            record.write(session, kind, body.id, said, reason=reason, by=by)


def require_living(body: Organisation) -> None:
    """Refused for a body that was merged into another."""
    if body.merged_into_id is not None:
        raise Refused(Problem("merged", f"“{body.name}”已经并入其他机构。"))


def require_reason(reason: str) -> None:
    """Refused without one."""
    if not reason.strip():
        raise Refused(Problem("no_reason", "请填写原因。", "reason"))


def refuse_namesake(session: Session, name: str, parent_id: int | None, own: int = 0) -> None:
    """Beneath one superior no two living bodies bear one name."""
    beside = Organisation.parent_id.is_not_distinct_from(parent_id) & Organisation.merged_into_id.is_(None)
    wanted = select(Organisation.id).where(beside, Organisation.name == name, Organisation.id != own)
    if session.scalar(wanted.limit(1)) is not None:
        raise Refused(Problem("taken", f"同一上级之下已有名为“{name}”的机构。", "name"))


def _words(field: str, value: Any) -> str:
    if field == "kind":
        return organisations.KINDS.get(value, value)
    if field == "registered":
        return "已注册" if value else "未注册"
    return str(value or "")
