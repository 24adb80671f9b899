from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import document_numbers, notices, organisations
from app.domain.amendment_terms import Amendment, Changes
from app.domain.amendments import amend
from app.errors import ConfigurationError, Refused
from tests.support.cases import N2, Season, season

PATTERNS = {"acceptance": "{code}收件〔{year}〕{number}号"}
Freeze = Callable[[Session, str], object]


def issue(at_work: Season, kind: str, body: str = "cq_bigdata_bureau") -> str:
    office = organisations.get(at_work.session, at_work.bodies[body])
    return document_numbers.issue(at_work.session, office, kind, at_work.version.id, at_work.committee.id)


def test_each_authority_kind_and_year_counts_by_itself(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        at_work = season(session)
        organisations.set_document_code(session, at_work.bodies["cq_bigdata_bureau"], "渝虚职改")
        first = [issue(at_work, kind) for kind in ("acceptance", "acceptance", "refusal")]
        other = issue(at_work, "acceptance", "dadukou_tro")
        freeze(session, "2024-01-02 09:00:00")
        later = issue(at_work, "acceptance")

    assert first == ["渝虚职改受〔2023〕1号", "渝虚职改受〔2023〕2号", "渝虚职改不受〔2023〕1号"]
    assert (other, later) == ("虚构区职改办受〔2023〕1号", "渝虚职改受〔2024〕1号")


def test_a_number_that_is_undone_is_given_again(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        at_work = season(session)

    def undone() -> None:
        with database.transaction() as session:
            at_work.session = session
            issue(at_work, "receipt")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    with database.transaction() as session:
        at_work.session = session

        assert issue(at_work, "receipt") == "虚构市大数据局收〔2023〕1号"


def test_numbers_issued_at_once_have_neither_gap_nor_double(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        at_work = season(session)
        office, version, committee = at_work.bodies["cq_bigdata_bureau"], at_work.version.id, at_work.committee.id

    def draw(_: int) -> str:
        with database.transaction() as own:
            body = organisations.get(own, office)
            return document_numbers.issue(own, body, "recommendation", version, committee)

    with ThreadPoolExecutor(6) as many:
        found = set(many.map(draw, range(12)))
    assert found == {f"虚构市大数据局荐〔2023〕{number}号" for number in range(1, 13)}


def test_pattern_is_the_notices_and_must_say_everything(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        at_work = season(session)
        changed = Changes(parameters={"document_numbers": {"value": PATTERNS, "clause": "虚构 §一"}})
        said = Amendment(number="补充通知〔2023〕1号", legal_basis="组建单位", reason="编号格式", changes=changed)
        amend(session, N2, said, by=None)
        at_work.version = notices.current(session, N2)

        assert issue(at_work, "acceptance") == "虚构市大数据局收件〔2023〕1号"
        with pytest.raises(ConfigurationError, match="通知没有规定不予受理通知书的编号格式"):
            issue(at_work, "refusal")


def test_two_bodies_cannot_bear_the_same_code(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        at_work = season(session)
        organisations.set_document_code(session, at_work.bodies["cq_bigdata_bureau"], "渝虚职改")
        with pytest.raises(Refused, match="已由“虚构市大数据局”使用"):
            organisations.set_document_code(session, at_work.bodies["dadukou_tro"], "渝虚职改")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "number",
    [
        "渝职改办（2023）12号",
        "渝职改办(2023)12号",
        "渝职改办[2023]12号",
        "渝职改办【2023】12号",
        "渝职改办2023年12号",
        "〔2023〕12号",
        "渝职改办〔23〕12号",
        "渝职改办〔2023〕号",
        "渝职改办〔２０２３〕12号",
        "渝职改办〔2023〕12",
    ],
)
def test_number_that_official_papers_do_not_write_is_none(number: str) -> None:
    assert document_numbers.is_official("渝职改办〔2023〕12号")
    assert not document_numbers.is_official(number)
