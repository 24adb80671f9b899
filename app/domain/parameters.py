"""Parameters of a notice: looked up from the committee upwards, each with the clause it rests on (D19)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy.orm import Session

from app.domain import committees
from app.domain.deadline_rules import DeadlineRule
from app.domain.notice_content import Content, content, lineage
from app.domain.parameter_values import WINDOWS, Parameter, ParameterSpec, Window, typed
from app.errors import ConfigurationError
from app.models.notice import Committee

_WINDOW_NAMES = {key: name for name, key in WINDOWS.items()}
_WINDOW_WORDS = {
    "declare": "网上申报",
    "check": "审核",
    "corrections": "仅受理补正",
    "pay": "缴费",
    "paper": "递交纸质材料",
}


@dataclass(frozen=True)
class Link:
    """One place a value may come from: who, and the entry as written there (None: silent)."""

    source: str
    title: str
    entry: Mapping[str, Any] | None


def keys(session: Session, notice_version_id: int) -> Mapping[str, ParameterSpec]:
    """The vocabulary this version was published with, by key."""
    return content(session, notice_version_id).vocabulary


def lookup(session: Session, notice_version_id: int, key: str, committee: int | None = None) -> Parameter:
    """The value of `key` for a committee (its id, any revision) or for the notice as a whole.

    Nearest first: committee, notice, the notices above. A window that nobody prints is None. Raises ConfigurationError
    for any other value that nobody gives (naming the clause to fill), and as `find`.
    """
    found = find(session, notice_version_id, key, committee)
    if found is not None:
        return found
    said = content(session, notice_version_id)
    spec = _spec(said, key)
    if spec.type == "window":
        return Parameter(spec.key, None, spec.unit, None, "printed", "日程安排没有列出", said.notice_key)
    raise ConfigurationError(_missing_words(said, spec))


def find(session: Session, notice_version_id: int, key: str, committee: int | None = None) -> Parameter | None:
    """The same; None where nobody gives it.

    Raises ConfigurationError for an unknown key and for a value that a named body has still to decide.
    """
    said = content(session, notice_version_id)
    spec = _spec(said, key)
    for link in _links(session, said, notice_version_id, spec, committee):
        if link.entry is None:
            continue
        if "undecided" in link.entry:
            raise ConfigurationError(_undecided_words(said, spec, link.entry))
        return _parameter(spec, link)
    return None


def number(session: Session, notice_version_id: int, key: str, *, otherwise: int) -> int:
    """An int parameter of the notice; `otherwise` where it rules nothing."""
    try:
        found = lookup(session, notice_version_id, key).value
    except ConfigurationError:
        return otherwise
    return otherwise if found is None else int(found)


def chain(session: Session, notice_version_id: int, key: str, committee: int | None = None) -> list[Link]:
    """Every place asked for `key`, nearest first, also those that are silent: where does this value come from."""
    said = content(session, notice_version_id)
    return _links(session, said, notice_version_id, _spec(said, key), committee)


def window(session: Session, notice_version_id: int, name: str, committee: int | None = None) -> Window | None:
    """The declare, check, corrections, pay or paper window in force; None where nobody prints one."""
    found: Window | None = lookup(session, notice_version_id, WINDOWS[name], committee).value
    return found


def deadline_rule(session: Session, notice_version_id: int, key: str, committee: int | None = None) -> DeadlineRule:
    """The deadline rule that parameter `key` describes, with counts and windows it refers to filled in.

    Raises ConfigurationError if `key` is no deadline, or rests on a window that the schedule does not print.
    """
    found = lookup(session, notice_version_id, key, committee)
    if keys(session, notice_version_id)[key].type != "deadline":
        raise ConfigurationError(f"参数“{key}”不是期限，不能用来计算到期时间。")
    said = found.value

    def other(name: str) -> Any:
        return lookup(session, notice_version_id, name, committee).value

    def window_named(name: str) -> Window | None:
        return window(session, notice_version_id, name, committee)

    if "window" in said:
        return _absolute(found, window_named(said["window"]), _place(session, committee))
    caps = [shown.closes for name in said.get("cap", ()) if (shown := window_named(name)) and shown.closes]
    latest = said.get("start_latest_time")
    roll = said.get("roll", True)
    return DeadlineRule(
        key=key,
        count=other(said["count"]) if isinstance(said["count"], str) else said["count"],
        unit=said["unit"],
        convention=said.get("convention", "after"),
        start_latest_time=_clock_time(latest, other),
        roll=other(roll) if isinstance(roll, str) else roll,
        cap=min(caps, default=None),
        stopped_by=found.stopped_by,
        clause=found.clause,
    )


def deadlines_resting_on(said: Content, changed: Iterable[str]) -> set[str]:
    """The keys of deadline parameters whose result may differ when the parameters `changed` do (themselves too)."""
    names = set(changed)
    found = set()
    for key, spec in said.vocabulary.items():
        entry = next((above.parameters[key] for above in lineage(said) if key in above.parameters), None)
        if spec.type == "deadline" and entry is not None and (names & _needs(key, entry)):
            found.add(key)
    return found


def parameter_needs(value: Mapping[str, Any]) -> set[str]:
    """The other parameters a deadline's value refers to, windows by their parameter's name."""
    windows = [value["window"]] if "window" in value else value.get("cap", [])
    named = (value.get(item) for item in ("count", "start_latest_time", "roll"))
    return {WINDOWS[name] for name in windows} | {
        name for name in named if isinstance(name, str) and not name[:1].isdigit()
    }


def _needs(key: str, entry: Mapping[str, Any]) -> set[str]:
    return {key} | parameter_needs(entry.get("value", {}))


def _spec(said: Content, key: str) -> ParameterSpec:
    if key not in said.vocabulary:
        raise ConfigurationError(f"没有名为“{key}”的参数，请先在参数词表中登记。")
    return said.vocabulary[key]


def _links(
    session: Session, said: Content, notice_version_id: int, spec: ParameterSpec, committee: int | None
) -> list[Link]:
    found = []
    if committee is not None and spec.scope == "committee":
        row = committees.at_version(session, notice_version_id, committee)
        found.append(Link(f"{said.notice_key}#{row.no}", row.name, _own_entry(row, spec.key)))
    found += [Link(above.notice_key, above.title, above.parameters.get(spec.key)) for above in lineage(said)]
    return found


def _own_entry(row: Committee, key: str) -> Mapping[str, Any] | None:
    if key not in _WINDOW_NAMES:
        own: Mapping[str, Any] | None = row.parameters.get(key)
        return own
    shown = committees.window(row, _WINDOW_NAMES[key])
    return None if shown is None else {"value": shown, "clause": row.clause, "note": row.note}


def _parameter(spec: ParameterSpec, link: Link) -> Parameter:
    entry = link.entry
    assert entry is not None
    raw = entry["value"]
    return Parameter(
        key=spec.key,
        value=raw if isinstance(raw, Window) else typed(spec, raw),
        unit=spec.unit,
        clause=entry.get("clause"),
        kind=entry.get("kind", "printed"),
        note=entry.get("note", ""),
        source=link.source,
        decided_by=entry.get("decided_by"),
        stopped_by=frozenset(entry.get("stopped_by", ())),
    )


def _absolute(found: Parameter, shown: Window | None, place: str) -> DeadlineRule:
    edge = found.value.get("edge", "end")
    at = None if shown is None else shown.opens if edge == "start" else shown.closes
    if at is None:
        words = _WINDOW_WORDS[found.value["window"]]
        raise ConfigurationError(f"{place}没有公布{words}时间，不能计算“{found.key}”。请先补充日程安排。")
    return DeadlineRule(key=found.key, at=at, ahead=found.value.get("ahead", 0), clause=found.clause)


def _clock_time(latest: str | None, other: Any) -> time | None:
    if latest is None:
        return None
    found: time = time.fromisoformat(latest) if latest[:1].isdigit() else other(latest)
    return found


def _place(session: Session, committee: int | None) -> str:
    row = session.get(Committee, committee) if committee is not None else None
    return f"{row.name}（第{row.no}号）" if row else "本通知"


def _missing_words(said: Content, spec: ParameterSpec) -> str:
    where = f"（{spec.clause}）" if spec.clause else ""
    return f"《{said.title}》及其上级通知都没有填写“{spec.meaning}”（{spec.key}），请按条款{where}在通知参数中补充。"


def _undecided_words(said: Content, spec: ParameterSpec, entry: Mapping[str, Any]) -> str:
    return (
        f"《{said.title}》对“{spec.meaning}”（{spec.key}）没有规定，须由{entry['undecided']}决定，"
        "并把决定填入通知参数后再办理。"
    )
