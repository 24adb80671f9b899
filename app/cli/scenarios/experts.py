"""Steps and expectations of scenarios about experts: soliciting them, deliberating, and who may be drawn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from app import clock
from app.cli.scenarios import people
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Failed, Player
from app.domain import (
    campaigns,
    composition,
    demo_experts,
    expert_events,
    notices,
    parameters,
    pools,
    recommended_sheets,
)
from app.domain import integrity as archive
from app.domain.candidates import Named
from app.domain.composition import Committee, Member
from app.models.expert import Campaign, Candidate, Expert, PoolEntry, ReviewCommittee
from app.models.process import Task

Finding = tuple[str, Any, Any]  # what, expected, found
_POSTS = {0: "chair", 1: "deputy_chair"}
FIRST_LINE = "姓名,身份证号,本人移动电话号码"


def solicit(player: Player, step: Step) -> None:
    """`solicit: {executing, many, term_from, committee}`: the solicitation for a committee's next pool begins."""
    said = step.argument or {}
    with player.database.transaction() as session:
        registered = _committee(session, said.get("committee", demo_experts.SENIOR))
        plan = {"executing": said.get("executing", registered.executing_size), "many": said.get("many", False)}
        term_from = str(said.get("term_from", "2021-09-01"))
        campaigns.begin(session, registered, player.case.notice, {**plan, "term_from": term_from})


def recommend(player: Player, step: Step) -> None:
    """`recommend: {people: [account], count: n}`: the sheet with these and n invented people is imported."""
    said = step.argument
    with player.database.transaction() as session:
        known = [people.person(session, player.account(name)) for name in said.get("people", ())]
        lines = [f"{each.name},{each.identity_number},{each.mobile}" for each in known]
        lines += [_invented(number) for number in range(1, said.get("count", 0) + 1)]
        content = "\n".join((FIRST_LINE, *lines)).encode()
        sheet = recommended_sheets.take(session, _campaign(session).id, "推荐表.csv", content, None)
    with player.database.transaction() as session:
        found = recommended_sheets.get(session, sheet.id)
        recommended_sheets.check_on(session, found)
        if found.status != "taken":
            raise Failed(f"{step}：{found.problems}")


def apply(player: Player, step: Step) -> None:
    """`apply: account`: somebody applies by himself to be an expert."""
    with player.database.transaction() as session:
        person = people.person(session, player.account(str(step.argument)))
        named = Named(person.name, person.identity_number or "", person.mobile or "")
        campaigns.apply(session, _campaign(session), person.id, named)


def complete_each(player: Player, step: Step) -> None:
    """`complete_each: element` with `with`: everybody's open task of the element is completed alike."""
    element = str(step.argument)
    with player.database.reading() as session:
        wanted = select(func.count(Task.id)).where(Task.element_id == element, Task.status == "open")
        count = session.scalar(wanted) or 0
    for _ in range(count):
        player.complete(replace(step, action="complete", details={**step.details, "nth": 1}))


def deliberate(player: Player, step: Step) -> None:
    """`decide: {decline: {name: reason}, chair: name, deputy_chair: [name]}`: everybody else is admitted."""
    said: Mapping[str, Any] = step.argument or {}
    posts = {said["chair"]: "chair"} if "chair" in said else {}
    posts |= dict.fromkeys(said.get("deputy_chair", ()), "deputy_chair")
    declined: Mapping[str, str] = said.get("decline") or {}
    with player.database.transaction() as session:
        campaign = _campaign(session)
        rows = [
            {
                "id": each.id,
                "decision": campaigns.DECLINE if each.name in declined else campaigns.ADMIT,
                "reason": declined.get(each.name),
                "position": posts.get(each.name, "member"),
            }
            for each in campaigns.of_campaign(session, campaign.id, "accepted")
        ]
        campaigns.decide(session, campaign, rows)


def statuses(_player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`candidates: {name: status}`."""
    found = dict(session.execute(select(Candidate.name, Candidate.status)).all())
    yield from ((f"专家申报 {name}", status, found.get(name)) for name, status in expected.items())


def flags(_player: Player, session: Session, _step: Step, expected: Mapping[str, list[str]]) -> Iterator[Finding]:
    """`flags: {name: [rule]}`: what has to be explained of a candidate."""
    for name, rules in expected.items():
        found = session.scalars(select(Candidate).where(Candidate.name == name)).one()
        yield f"须说明的情况 {name}", rules, [flag["rule"] for flag in found.flags]


def drawable(player: Player, session: Session, _step: Step, expected: Mapping[str, bool]) -> Iterator[Finding]:
    """`drawable: {account: true}`: whether the person may be drawn today into the senior committee."""
    today = clock.local(clock.now(session)).date()
    pool = pools.drawable(session, _committee(session, demo_experts.SENIOR).id, today)
    free = {each.expert_id for each in pool if not each.excluded}
    for account, wanted in expected.items():
        person = people.person(session, player.account(account))
        expert = session.scalar(select(Expert.id).where(Expert.person_id == person.id))
        yield f"可抽取 {account}", wanted, expert in free


def measure(player: Player, step: Step) -> None:
    """`measure: {kind, executing, many, listed, recommended, social, designated, leaders}`: a pool made up so."""
    said = step.argument
    with player.database.reading() as session:
        version = notices.current(session, player.case.notice)
        asked = composition.standards(lambda key: parameters.lookup(session, version.id, key).value)
    sources = [source for source in composition.SOURCES for _ in range(said.get(source, 0))]
    members = [
        Member(source, _POSTS.get(place, "member"), place < said.get("leaders", 0), non_public=True)
        for place, source in enumerate(sources)
    ]
    committee = Committee(said["kind"], said["executing"], many=said.get("many", False))
    found = composition.examine(members, committee, asked) if members else []
    found += [composition.recommended(said["listed"], committee, asked)] if "listed" in said else []
    player.notes["lamps"] = {lamp.key: lamp for lamp in found}


def event(player: Player, step: Step) -> None:
    """`expert_event: {person, event, reason}`: an event of an expert in the pool is registered."""
    said = step.argument
    with player.database.transaction() as session:
        entry = _entry(session, player.account(said["person"]))
        expert_events.begin(session, entry, said["event"], said.get("reason", "情况属实"), None)


def posts(player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`pool: {account: status position}`: how the person stands in the senior committee's pool."""
    for account, wanted in expected.items():
        entry = _entry(session, player.account(account))
        yield f"在库情况 {account}", wanted, f"{entry.status} {entry.position}"


def on_record(player: Player, session: Session, _step: Step, expected: Mapping[str, list[str]]) -> Iterator[Finding]:
    """`on_record: {account: [kind]}`: what is on record about the person."""
    for account, wanted in expected.items():
        person = people.person(session, player.account(account))
        yield f"诚信档案 {account}", wanted, [each.kind for each in archive.of_subject(session, "person", person.id)]


def lamps(player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`composition: {key: state}`: how the pool measures up that was made up, or that is deliberated on."""
    measured = player.notes.get("lamps") or {lamp.key: lamp for lamp in campaigns.lamps(session, _campaign(session))}
    found = {key: lamp.state for key, lamp in measured.items()}
    yield from ((f"专家库组成 {key}", state, found.get(key)) for key, state in expected.items())


def _campaign(session: Session) -> Campaign:
    return session.scalars(select(Campaign).order_by(Campaign.id.desc())).first() or _no_campaign()


def _entry(session: Session, account: str) -> PoolEntry:
    wanted = select(PoolEntry).join(Expert, Expert.id == PoolEntry.expert_id)
    committee = _committee(session, demo_experts.SENIOR)
    person = people.person(session, account)
    mine = (PoolEntry.review_committee_id == committee.id) & (Expert.person_id == person.id)
    return session.scalars(wanted.where(mine).order_by(PoolEntry.id.desc())).one()


def _no_campaign() -> Campaign:
    raise Failed("还没有开始专家征选")


def _committee(session: Session, name: str) -> ReviewCommittee:
    return session.scalars(select(ReviewCommittee).where(ReviewCommittee.name == name)).one()


def _invented(number: int) -> str:
    body = f"500103{date(1970, 1, 1 + number % 28):%Y%m%d}{number:03d}"
    return f"演练专家{number},{body}{ric.calc_check_digit(body + '0')},1390003{number:04d}"


ACTIONS = {
    "solicit": solicit,
    "recommend": recommend,
    "apply": apply,
    "complete_each": complete_each,
    "decide": deliberate,
    "measure": measure,
    "expert_event": event,
}
KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "candidates": statuses,
    "flags": flags,
    "drawable": drawable,
    "composition": lamps,
    "pool": posts,
    "on_record": on_record,
}
