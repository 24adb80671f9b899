from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import declarations, organisations, people, submission
from app.errors import Problem, Refused
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from tests.support.cases import N4, Season, draft, record, season

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield season(session)


def problems(at_work: Season, declaration: Declaration) -> list[Problem]:
    try:
        submission.check(at_work.session, declaration, at_work.rules(declaration))
    except Refused as refused:
        return refused.problems
    return []


def submit(at_work: Season, declaration: Declaration) -> Declaration:
    return submission.submit(at_work.session, declaration, at_work.rules(declaration))


def test_a_complete_declaration_may_be_submitted(at_work: Season) -> None:
    assert problems(at_work, draft(at_work)) == []


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2023-10-06 23:59:59", "window_not_open"),
        ("2023-10-07 00:00:00", None),
        ("2023-10-31 23:59:59", None),  # A7
        ("2023-11-01 00:00:00", "window_closed"),
    ],
)
def test_the_window_is_looked_at_when_submitting(
    at_work: Season, freeze: Freeze, moment: str, code: str | None
) -> None:
    declaration = draft(at_work)
    freeze(at_work.session, moment)

    assert [problem.code for problem in problems(at_work, declaration)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2022-11-14 09:29:59", "window_not_open"),  # A8
        ("2022-11-14 09:30:00", None),
        ("2022-11-29 17:30:00", None),
        ("2022-11-29 17:30:01", "window_closed"),
        ("2022-11-30 09:00:00", "corrections_only"),
    ],
)
def test_the_districts_window_is_kept_to_the_second(
    database: Database, freeze: Freeze, moment: str, code: str | None
) -> None:
    with database.transaction() as session:
        freeze(session, moment)
        at_work = season(session, N4, 76)
        bodies = {"category": "district_public", "district_id": at_work.bodies["dadukou_tro"]}
        declaration = draft(at_work, **bodies)

        assert [problem.code for problem in problems(at_work, declaration)] == ([code] if code else [])


def test_all_reasons_are_given_at_once_with_whom_to_ask(at_work: Season) -> None:
    declaration = draft(at_work, department_id=None, current_title_date="2021-06-01")
    people.register_sanction(
        at_work.session, declaration.person_id, "记过", (date(2023, 1, 1), date(2024, 6, 30)), "虚构处分决定"
    )

    found = problems(at_work, declaration)

    assert sorted(problem.code for problem in found) == ["barred", "body_missing", "seniority_insufficient"]
    assert {problem.contact for problem in found} == {"虚构市大数据局023-67890000"}


def test_an_administrator_of_a_body_on_the_route_cannot_submit(at_work: Season) -> None:
    declaration = draft(at_work)
    people.grant(at_work.session, declaration.person_id, "unit_clerk", at_work.bodies["institute"])

    assert [problem.code for problem in problems(at_work, declaration)] == ["own_administrator"]  # A22


def test_a_body_that_is_not_registered_is_named_with_its_contact(at_work: Season) -> None:
    organisations.get(at_work.session, at_work.bodies["bureau"]).registered = False
    at_work.session.flush()

    found = problems(at_work, draft(at_work))

    assert [problem.message for problem in found] == [
        "未找到“虚构市经信委”。请联系该机构先行注册，联系人联络员，电话023-67890000。"
    ]


def test_submitting_numbers_and_freezes_the_route(at_work: Season) -> None:
    first, second = submit(at_work, draft(at_work)), submit(at_work, draft(at_work, "yi"))

    assert (first.number, second.number) == ("2023000001", "2023000002")
    assert (first.status, first.year_slot) == ("SUBMITTED", 2023)
    assert first.route["bodies"] == {"unit": at_work.bodies["institute"], "department": at_work.bodies["bureau"]}
    assert (first.route["acceptance"], first.route["recommender"]) == ("committee", "unit")

    declarations.save_record(at_work.session, first, record(at_work, category="freelancer"))
    assert first.route["bodies"]["unit"] == at_work.bodies["institute"]


def test_a_second_normal_declaration_of_the_year_is_refused_by_the_index(at_work: Season) -> None:
    submit(at_work, draft(at_work))

    with pytest.raises(Refused) as refused:
        submit(at_work, draft(at_work))

    assert refused.value.problems[0].message == (
        "您本年度已通过正常渠道申报“工程师”（重庆市工程技术大数据智能化专业高级职称评审委员会，已提交，待单位审核）。"
        "一个年度内只能通过正常渠道申报一次；符合例外情形的，请选择相应情形并上传证明。"
    )


@pytest.mark.parametrize("exception", [{"channel": "green"}, {"auxiliary_review": True}])
def test_channels_that_do_not_count_leave_the_year_free(at_work: Season, exception: dict[str, object]) -> None:
    assert submit(at_work, draft(at_work, **exception)).year_slot is None
    assert submit(at_work, draft(at_work)).year_slot == 2023


def test_a_declaration_that_ended_before_acceptance_costs_nothing(at_work: Season) -> None:
    first = submit(at_work, draft(at_work))
    declarations.end(at_work.session, first, "NOT_RECOMMENDED")
    second = draft(at_work)

    assert problems(at_work, second) == []
    assert submit(at_work, second).year_slot == 2023


def test_the_epidemic_benefit_once_used_is_known(at_work: Season) -> None:
    used = draft(at_work, channel="green", policies=[{"_id": "p", "policy": "epidemic_front_line"}])
    assert not submission.world_of(at_work.session, draft(at_work)).epidemic_benefit_used

    submit(at_work, used)

    assert submission.world_of(at_work.session, draft(at_work)).epidemic_benefit_used


def test_of_two_submitted_at_the_same_moment_one_is_refused(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        at_work = season(session)
        ids = [draft(at_work).id, draft(at_work).id]

    def attempt(declaration_id: int) -> str:
        try:
            with database.transaction() as session:
                declaration = declarations.get(session, declaration_id)
                rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
                return submission.submit(session, declaration, rules).status
        except Refused as refused:
            return refused.problems[0].code

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(attempt, ids))

    assert outcomes == ["SUBMITTED", "one_per_year"]
    with database.reading() as session:
        assert sorted(str(declarations.get(session, each).year_slot) for each in ids) == ["2023", "None"]
