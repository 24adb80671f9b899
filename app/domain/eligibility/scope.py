"""Who may not declare at all, and how often in a year (R-001…R-013); asked again before the session (R-007)."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.eligibility import facts as derived
from app.domain.eligibility.world import ImpactPeriod, World
from app.domain.eligibility.years import day
from app.domain.rules import Facts, Rules
from app.domain.wording import day_words
from app.errors import Problem

CHANNELS = {"normal": "正常渠道", "green": "绿色通道", "special_programme": "专项"}


def check_standing(form: Mapping[str, Any], rules: Rules, world: World) -> list[Problem]:
    """Reasons why this person may not declare, on the day of `world`; each row of the table `scope` that applies.

    The same call before the session finds who has retired or been sanctioned since; then an officer decides.
    """
    facts = derived.complete(form, rules, on=world.today)
    periods = [period for period in world.impact_periods if period.holds(world.today)]
    facts["barred"] = bool(periods)
    rows: list[dict[str, Any]] = rules.decide("scope", facts)
    return [_standing_problem(row, facts, periods, world) for row in rows]


def check_year(form: Mapping[str, Any], rules: Rules, world: World) -> list[Problem]:
    """One declaration a year through the normal channel, and what the table `year_limit` excepts (R-011…R-013)."""
    facts = derived.complete(form, rules)
    problems = []
    for other in world.declarations:
        inputs = Facts(facts)
        inputs.update(other_channel=other.channel, other_auxiliary=other.auxiliary, other_standing=other.standing)
        for row in rules.decide("year_limit", inputs):
            what = f"您本年度已通过{CHANNELS.get(other.channel, other.channel)}申报“{other.title}”"
            if row["sentence"] == "one_channel":
                message = (
                    f"{what}（{other.committee}，{other.status}）。高技能人才贯通申报，专项与正常渠道只能选择一种。"
                )
            else:
                message = (
                    f"{what}（{other.committee}，{other.status}）。一个年度内只能通过正常渠道申报一次；"
                    "符合例外情形的，请选择相应情形并上传证明。"
                )
            problems.append(Problem(row["sentence"], message, "channel", row["clause"], world.contact))
    return problems


def _standing_problem(row: Mapping[str, Any], facts: Facts, periods: Iterable[ImpactPeriod], world: World) -> Problem:
    clause = row["clause"]
    if row["sentence"] == "retired":
        approved = day(facts["retirement_approved_on"], "retirement_approved_on")
        on = day_words(approved) if approved else "本人填写的日期"
        message = f"经审批机关批准的退休时间为{on}，按规定不得申报。如批准时间有误，请联系所在单位核实。"
    elif row["sentence"] == "barred":
        last = max(periods, key=lambda period: (period.until is None, period.until or period.since))
        until = f"至{day_words(last.until)}止" if last.until else "截止日期未定"
        clause = last.clause or clause
        message = f"您目前处于{last.kind}（{until}），期间不得申报。"
    else:
        label = row["label"]
        message = f"您填写的身份为“{label}”，按本通知规定不得申报参加职称评审。如填写有误，请更正后再提交。"
    return Problem(row["sentence"], message, row["field"] or None, clause, world.contact)
