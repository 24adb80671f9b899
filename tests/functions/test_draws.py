"""What a diagram does with a draw: who draws, who is asked, what it refuses; nobody else learns who was asked."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import organisations, people, permissions
from app.domain.draws import invitations, rounds, stream
from app.errors import Conflict, Refused
from app.functions import draws
from app.functions.case import Case
from app.models.draw import Draw, Invitation
from app.models.expert import Expert, PoolEntry
from app.models.process import Message, ProcessInstance, Task
from tests.support import cases, reviews
from tests.support.reviews import Meeting

Freeze = Callable[[Session, str], object]
RULES = {"size": 3, "leaders_at_most": 1, "decision": "freeze"}
GROUP = {"_id": "1", "name": "评审组", "members": 2, "reserves": 1}
SHARES = {"office": "a" * 64, "supervisor": "b" * 64}


@pytest.fixture
def meeting(database: Database, freeze: Freeze) -> Iterator[Meeting]:
    """A session whose pool holds a chair and five experts; nobody is seated."""
    with database.transaction() as session:
        freeze(session, "2023-11-27 09:00:00")
        found = reviews.session_with(session, seats=2, items=0)
        pool = [*session.scalars(select(Expert).order_by(Expert.id)), *_more(session, 4)]
        session.add_all(
            PoolEntry(
                expert_id=each.id,
                review_committee_id=found.review.review_committee_id,
                source="recommended",
                position="chair" if place == 0 else "member",
                term_from=reviews.APPROVED_TO.replace(year=2023),
                term_to=reviews.APPROVED_TO,
            )
            for place, each in enumerate(pool)
        )
        session.flush()
        office = organisations.create(
            session, "discipline", "虚构纪检监督机构", "discipline", found.season.bodies["municipal_tro"]
        )
        people.grant(session, found.season.people["jia"], "draw_operator", found.season.bodies["municipal_tro"])
        people.grant(session, found.season.people["yi"], "discipline", office.id)
        yield found


def _more(session: Session, count: int) -> list[Expert]:
    made = []
    for number in range(count):
        person = people.register(session, f"more.{number}", f"专家{number}")
        details = {"employer_name": f"另一单位{number}", "series": "engineering", "title": "senior_engineer"}
        made.append(Expert(person_id=person.id, title_since=reviews.APPROVED_TO.replace(year=2010), **details))
    session.add_all(made)
    session.flush()
    return made


def asking(meeting: Meeting, person: str = "jia", subject: dict[str, int] | None = None, **values: object) -> Case:
    who = meeting.season.actor(person)
    about = subject or {"session_id": meeting.review.id}
    return cases.case(meeting.season, process="expert_draw", who=who, values=values, subject=about)


def frozen(meeting: Meeting, **more: object) -> Draw:
    chair = meeting.season.session.scalars(select(PoolEntry).where(PoolEntry.position == "chair")).one()
    designated = [{"_id": str(chair.expert_id), "attend": "yes"}]
    draws.freeze_draw(asking(meeting, **{**RULES, "groups": [GROUP], "designated": designated, **more}))
    return rounds.latest(meeting.season.session, meeting.review.id)


def drawn(meeting: Meeting) -> Draw:
    draw = frozen(meeting)
    hidden = {party: stream.commitment(draw.digest, party, share) for party, share in SHARES.items()}
    draws.witness_draw(asking(meeting, "yi", decision="witness", commitment=hidden["supervisor"]))
    draws.commit_draw(asking(meeting, commitment=hidden["office"]))
    draws.reveal_draw(asking(meeting, "yi", share=SHARES["supervisor"]), "supervisor")
    draws.reveal_draw(asking(meeting, share=SHARES["office"]), "office")
    draws.draw_experts(asking(meeting))
    return draw


def invited(meeting: Meeting) -> list[Invitation]:
    draw = drawn(meeting)
    draws.open_draw(asking(meeting, "yi"))
    draws.invite_experts(asking(meeting))
    return invitations.of_draw(meeting.season.session, draw.id)


def test_the_approving_body_draws_and_its_discipline_office_watches(meeting: Meeting) -> None:
    bodies = meeting.season.bodies

    assert draws.draw_unit(asking(meeting)) == bodies["municipal_tro"]
    assert draws.draw_supervision(asking(meeting)) == organisations.by_key(meeting.season.session, "discipline").id
    assert draws.committee_in_force(asking(meeting))
    assert draws.session_title(asking(meeting)) == meeting.review.title


def test_nothing_is_frozen_while_the_municipal_office_is_asked(meeting: Meeting) -> None:
    draws.freeze_draw(asking(meeting, decision="request"))

    assert rounds.of_session(meeting.season.session, meeting.review.id) == []


def test_a_panel_is_drawn_from_shares_of_all_and_opened_by_its_witness(meeting: Meeting) -> None:
    draw = drawn(meeting)

    assert (draws.panel_drawn(asking(meeting)), draw.status, draw.system_share) == (True, "drawn", None)
    with pytest.raises(Refused, match="须由在场监督并确认的监督人员本人启封"):
        draws.open_draw(asking(meeting))
    draws.open_draw(asking(meeting, "yi"))
    assert draw.status == "opened"


def test_whoever_freezes_cannot_watch_himself(meeting: Meeting) -> None:
    frozen(meeting)

    with pytest.raises(Refused, match="抽取经办人不能兼任监督人员"):
        draws.witness_draw(asking(meeting, decision="witness", commitment="0" * 64))


def test_an_unrevealed_share_voids_the_round_with_its_owners_name(meeting: Meeting) -> None:
    draw = frozen(meeting)
    draws.witness_draw(asking(meeting, "yi", decision="witness", commitment="0" * 64))
    draws.commit_draw(asking(meeting, commitment="1" * 64))
    draws.reveal_draw(asking(meeting, "yi", decision="lost"), "supervisor")
    draws.forfeit_draw(asking(meeting), "supervisor")

    following = rounds.latest(meeting.season.session, meeting.review.id)
    assert (draw.status, (draw.void or {})["reason"]) == ("void", "抽取单位纪检监督部门李二未揭示已封存的随机数")
    assert (following.number, following.status, following.record["pool"]) == (2, "frozen", draw.record["pool"])
    assert following.digest != draw.digest


def test_one_signature_voids_nothing(meeting: Meeting) -> None:
    draw = drawn(meeting)
    draws.open_draw(asking(meeting, "yi"))
    draws.confirm_draw(asking(meeting, "yi", decision="void", reason="单位登记有误"))

    with pytest.raises(Refused, match="两人签字"):
        draws.countersign_void(asking(meeting, "yi", decision="agree"))
    draws.countersign_void(asking(meeting, decision="agree"))
    assert (draw.status, len((draw.void or {})["signed"])) == ("void", 2)


def test_a_reserve_takes_the_place_of_who_declines_and_the_list_is_fixed_when_full(meeting: Meeting) -> None:
    rows = invited(meeting)
    assert draws.open_replies(asking(meeting)) == 3
    first, *others, reserve = rows

    for each in (first, others[0]):
        answer(meeting, each, "accept")
    answer(meeting, others[1], "decline", reason="出差")
    with pytest.raises(Refused, match="尚未齐备"):
        draws.fix_roster(asking(meeting))
    assert draws.next_in_line(asking(meeting)) == 1
    assert (reserve.kind, reserve.status, reserve.replaces_id) == ("member", "invited", others[1].id)
    answer(meeting, reserve, "accept")
    assert draws.roster_complete(asking(meeting))
    draws.fix_roster(asking(meeting))

    roster = invitations.roster(meeting.season.session, meeting.review.id)
    assert [each.expert_id for each in roster] == [first.expert_id, others[0].expert_id, reserve.expert_id]
    assert roster[0].position == "chair"


def answer(meeting: Meeting, invitation: Invitation, decision: str, **more: object) -> None:
    draws.answer_invitation(
        asking(meeting, subject={"invitation_id": invitation.id}, decision=decision, secrecy=True, **more)
    )


def test_who_does_not_answer_in_time_is_passed_over(meeting: Meeting) -> None:
    rows = invited(meeting)
    case = asking(meeting, subject={"invitation_id": rows[1].id})
    draws.lapse_invitation(case)
    draws.tell_draw(case, "invitation_closed")

    told = meeting.season.session.scalars(select(Message.name).where(Message.receiver_id.is_not(None))).all()
    assert (rows[1].status, told) == ("lapsed", ["invitation_closed"])
    with pytest.raises(Conflict, match="逾期未答复"):
        answer(meeting, rows[1], "accept")


def test_only_the_asked_expert_learns_that_he_was_asked(meeting: Meeting) -> None:
    session, rows = meeting.season.session, invited(meeting)
    case = asking(meeting, subject={"invitation_id": rows[0].id})
    person = draws.invited_person(case)
    draws.notify_expert(case, "expert_invited", session=draws.session_title(case), due=draws.reply_due(case))
    assert draws.reply_due(case) == "2023年11月29日24时"
    session.add(_task(case.instance, person))
    session.flush()
    manager = people.register(session, "boss", "总管").id
    people.grant(session, manager, "manager", None)
    member = people.register(session, "colleague", "同行").id
    people.grant(session, member, "member", meeting.season.bodies["cq_bigdata_bureau"])

    seen = {
        who: session.scalars(
            select(Task.id).where(permissions.visible_tasks(permissions.grants_of(session, who)))
        ).all()
        for who in (person, manager, member)
    }
    assert [len(seen[who]) for who in (person, manager, member)] == [1, 0, 0]


def _task(instance: ProcessInstance, person_id: int) -> Task:
    return Task(
        instance_id=instance.id,
        engine_task_id="t",
        element_id="expert_reply",
        process_key="expert_invitation",
        name="参评确认",
        role="member",
        person_id=person_id,
        created_at=instance.started_at,
    )
