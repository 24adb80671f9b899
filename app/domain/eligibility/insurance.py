"""A year of social insurance or of archive in Chongqing, by the person's category and places (R-100…R-103)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.clock import local
from app.domain.eligibility import facts as derived
from app.domain.eligibility import years
from app.domain.eligibility.world import World
from app.domain.rules import Rules
from app.errors import ConfigurationError, Problem


@dataclass(frozen=True)
class Record:
    """What the notice asks and what is there: `kind` insurance (paid months) or archive (by day)."""

    kind: str
    months: int
    held_months: int
    since: date | None
    complete: bool
    rule: str
    clause: str


def assess(form: Mapping[str, Any], rules: Rules, world: World) -> Record | None:
    """The record asked of this category, or None where the notice asks for none."""
    facts = derived.complete(form, rules)
    row = rules.decide("insurance", facts)
    months = row["months"]
    if row["record"] == "insurance":
        paid = int(facts["insurance_months"] or 0)
        return Record("insurance", months, paid, None, paid >= months, row["rule"], row["clause"])
    if row["record"] == "archive":
        since = years.day(facts["archived_since"], "archived_since")
        on = counted_on(rules, world)
        held = years.full_months(since, on) if since else 0
        return Record("archive", months, held, since, held >= months, row["rule"], row["clause"])
    return None


def check(form: Mapping[str, Any], rules: Rules, world: World) -> list[Problem]:
    """Empty where the record is long enough or none is asked."""
    record = assess(form, rules, world)
    if record is None or record.complete:
        return []
    term = f"{record.months // 12}年" if record.months % 12 == 0 else f"{record.months}个月"
    if record.kind == "insurance":
        message = f"须有{term}以上社保缴费记录，现可认定{record.held_months}个月。有市外缴费记录的，请补充上传。"
        return [Problem("insurance_too_short", message, "insurance_months", record.clause, world.contact)]
    found = f"现可认定{record.held_months}个月" if record.since else "现未填写在重庆存档的起始日期"
    message = f"工作单位在异地、档案在重庆的，须在重庆存档{term}以上（以存档记录为准），{found}。"
    return [Problem("archive_too_short", message, "archived_since", record.clause, world.contact)]


def counted_on(rules: Rules, world: World) -> date:
    """The day at which a year of archive is asked for: the notice's `insurance_asof`, which has no default."""
    asof = rules.parameter("insurance_asof")
    if asof == "submit":
        return world.today
    if asof == "tenure_cutoff":
        return derived.tenure_cutoff(rules)
    if asof == "window_end" and world.window is not None:
        return local(world.window.due - timedelta(microseconds=1)).date()
    raise ConfigurationError(f"参数“insurance_asof”的值“{asof}”不可用：须为 submit、window_end 或 tenure_cutoff。")
