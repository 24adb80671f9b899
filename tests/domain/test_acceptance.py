from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import acceptance, committees, declarations, publicity, register
from app.domain.deadline_rules import midnight_after
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.office import CorrectionNotice
from app.models.process import Deadline
from tests.domain.test_publicity import PLAN
from tests.support.cases import N4, Season, pass_level, recommended, season, submitted, upload

Freeze = Callable[[Session, str], object]
ITEM = {"_id": "1", "target": "论文情况", "text": "第2项缺封面"}
OTHER = {"_id": "2", "target": "获奖情况", "text": "缺获奖证书"}


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        yield season(session)


def issue(
    at_work: Season, name: Declaration, *items: dict[str, Any], body: str = "cq_bigdata_bureau"
) -> CorrectionNotice:
    who = at_work.actor("clerk", body)
    values = {"correction_items": list(items), "correction_days": 5}
    return acceptance.issue_correction(at_work.session, name, "committee", who, values)


def with_deadline(at_work: Season, notice: CorrectionNotice, last: date) -> None:
    declaration = declarations.get(at_work.session, notice.declaration_id)
    at_work.session.add(
        Deadline(
            instance_id=declaration.instance_id,
            engine_task_id="t",
            declaration_id=declaration.id,
            rule="correction_acceptance",
            kind="relative",
            starts_at=notice.sent_at,
            due_at=midnight_after(last),
        )
    )
    at_work.session.flush()


def test_accepting_numbers_registers_and_keeps_the_year(at_work: Season) -> None:
    first, second = submitted(at_work), submitted(at_work, "yi")
    who = at_work.actor("clerk", "cq_bigdata_bureau")

    acceptance.accept(at_work.session, first, who)
    acceptance.accept(at_work.session, second, who)

    assert (first.acceptance_no, second.acceptance_no) == ("虚构市大数据局受〔2023〕1号", "虚构市大数据局受〔2023〕2号")
    assert (first.status, first.accepted_at) == ("ACCEPTED", datetime(2023, 11, 6, 1, tzinfo=UTC))
    declarations.end(at_work.session, first, "NOT_PASSED")
    assert first.year_slot == 2023
    rows = register.rows(at_work.session, at_work.bodies["cq_bigdata_bureau"], 2023)
    assert [(row["number"], row["applicant"], row["clerk"], row["outcome"], row["document"]) for row in rows] == [
        (1, "张一", "赵经办", "受理", "虚构市大数据局受〔2023〕1号"),
        (2, "李二", "赵经办", "受理", "虚构市大数据局受〔2023〕2号"),
    ]
    assert rows[0]["date"] == date(2023, 11, 6)


def test_a_second_body_registers_the_same_number(at_work: Season) -> None:
    name = submitted(at_work)

    acceptance.accept(at_work.session, name, at_work.actor("clerk", "dadukou_tro"))
    entry = acceptance.accept(at_work.session, name, at_work.actor("clerk", "cq_bigdata_bureau"))

    assert (entry.document, entry.number, entry.organisation_id) == (
        name.acceptance_no,
        1,
        at_work.bodies["cq_bigdata_bureau"],
    )


def test_accepting_ends_what_was_overdue(at_work: Season) -> None:
    name = submitted(at_work)
    declarations.set_status(at_work.session, name, "OVERDUE_UNDECIDED")

    acceptance.accept(at_work.session, name, at_work.actor("clerk"))

    assert (name.status, name.holds) == ("ACCEPTED", [])


@pytest.mark.parametrize(
    ("arrived", "accepted", "taken"),
    [
        ("2022-11-29 10:00:00", "2022-12-05 09:00:00", True),
        ("2022-12-02 10:00:00", "2022-12-02 11:00:00", False),  # A10
    ],
)
def test_where_the_window_binds_arrival_the_day_of_arrival_counts(
    database: Database, freeze: Freeze, arrived: str, accepted: str, taken: bool
) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-24 09:00:00")
        at_work = season(session, N4, 76)
        name = submitted(at_work)
        freeze(session, arrived)
        pass_level(at_work, name, "department", at_work.actor("clerk", "bureau"))
        freeze(session, accepted)

        if taken:
            assert acceptance.accept(session, name, at_work.actor("clerk", "dadukou_tro")).outcome == "accepted"
        else:
            with pytest.raises(Refused) as refused:
                acceptance.accept(session, name, at_work.actor("clerk", "dadukou_tro"))
            assert refused.value.problems[0].message == (
                "2022年11月30日至2022年12月7日24时仅受理补正材料，不接收新的申报。"
            )


def test_the_notice_is_numbered_and_registered(at_work: Season) -> None:
    notice = issue(at_work, submitted(at_work), ITEM)

    office = at_work.bodies["cq_bigdata_bureau"]
    assert (notice.number, notice.items, notice.days) == ("虚构市大数据局补〔2023〕1号", [ITEM], 5)
    assert [row["outcome"] for row in register.rows(at_work.session, office, 2023)] == ["一次性告知补正"]


def test_a_second_notice_with_a_new_item_is_refused(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    with_deadline(at_work, issue(at_work, name, ITEM), date(2023, 11, 13))
    freeze(at_work.session, "2023-11-08 09:00:00")

    with pytest.raises(Refused) as refused:
        issue(at_work, name, ITEM, OTHER)

    assert refused.value.problems[0].message == (
        "本级已于2023年11月6日一次性告知。补正内容以告知书所列为限，不能增加新的项目；"
        "所列项目未完成的，可在2023年11月13日前再次退回。"
    )


def test_the_same_item_may_be_returned_inside_the_deadline(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    first = issue(at_work, name, ITEM)
    with_deadline(at_work, first, date(2023, 11, 13))
    freeze(at_work.session, "2023-11-13 23:59:59")

    again = issue(at_work, name, {**ITEM, "_id": "9"})

    assert (again.id, again.sent_at, len(again.returns)) == (first.id, first.sent_at, 1)  # A15: the deadline stays
    assert at_work.session.scalars(select(CorrectionNotice)).all() == [first]


def test_after_the_deadline_nothing_is_returned_again(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    with_deadline(at_work, issue(at_work, name, ITEM), date(2023, 11, 13))
    freeze(at_work.session, "2023-11-14 00:00:00")

    with pytest.raises(Refused, match="一次性告知"):
        issue(at_work, name, ITEM)


def test_a_notice_says_what_to_correct(at_work: Season) -> None:
    with pytest.raises(Refused, match="请逐项列明"):
        issue(at_work, submitted(at_work))


@pytest.mark.parametrize(("digest", "taken"), [("a" * 64, True), ("b" * 64, False)])
def test_replies_bring_publicised_files_only(at_work: Season, digest: str, taken: bool) -> None:
    file = upload(at_work, "证明.pdf", "a" * 64)
    name = submitted(at_work, papers=[{"_id": "p1", "title": "论文", "evidence": [file]}])
    publicity.start(at_work.session, recommended(at_work, name), at_work.actor("clerk"), PLAN)
    notice = issue(at_work, name, ITEM)
    reply = [{"_id": "1", "reply": "已补封面", "evidence": [upload(at_work, "封面.pdf", digest)]}]

    if taken:
        acceptance.check_correction(at_work.session, name, {"correction_items": reply})
        assert (notice.replies[0]["reply"], notice.answered_at is not None) == ("已补封面", True)
    else:
        with pytest.raises(Refused) as refused:
            acceptance.check_correction(at_work.session, name, {"correction_items": reply})
        assert refused.value.problems[0].message == (
            "未经公示的材料：“封面.pdf”未经公示，不得补报。其余补正材料已保存，可继续提交。"
        )
        assert refused.value.problems[0].field == "correction_items.0.evidence"


def test_a_paper_of_procedure_may_be_handed_in_later(at_work: Season) -> None:
    name = submitted(at_work)
    publicity.start(at_work.session, recommended(at_work, name), at_work.actor("clerk"), PLAN)
    notice = issue(at_work, name, {"_id": "1", "target": "查档情况", "text": "缺盖章页"})
    reply = {"_id": "1", "reply": "已补", "evidence": [upload(at_work, "查档情况.pdf", "d" * 64)]}

    acceptance.check_correction(at_work.session, name, {"correction_items": [reply]})

    assert notice.replies == [{**reply, "target": "查档情况"}]


def test_nothing_is_corrected_that_nobody_asked_for(at_work: Season) -> None:
    with pytest.raises(Refused, match="没有需要补正"):
        acceptance.check_correction(at_work.session, submitted(at_work), {})


def test_a_refusal_is_numbered_and_gives_its_reason(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk", "cq_bigdata_bureau")
    with pytest.raises(Refused, match="请填写不予受理的理由"):
        acceptance.refuse(at_work.session, name, who, {})

    notice = acceptance.refuse(at_work.session, name, who, {"refusal_reason": "未按规定程序报送"})

    assert (notice.number, notice.reason) == (
        "虚构市大数据局不受〔2023〕1号",
        "未按规定程序报送",
    )


def test_redirecting_keeps_the_data_and_the_year(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-20 09:00:00")
        at_work = season(session, N4, 1)
        name = submitted(at_work)
        before = declarations.record_of(name)
        values = {"target_committee": "76", "redirect_reason": "中级应报本区评委会"}

        acceptance.redirect(session, name, at_work.actor("clerk", "dadukou_tro"), values)

        target = session.get_one(Committee, name.committee_id)
        assert (target.no, name.year_slot, declarations.record_of(name)) == (76, 2022, before)  # G3
        assert committees.window(target, "declare") is not None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"target_committee": "76"}, "redirect_reason"),
        ({"target_committee": "第999号", "redirect_reason": "错报"}, "target_committee"),
        ({"target_committee": "1", "redirect_reason": "错报"}, "target_committee"),  # the same one
        ({"target_committee": "69", "redirect_reason": "错报"}, "target_committee"),  # another series and level
    ],
)
def test_a_redirection_needs_a_reason_and_a_fitting_committee(
    database: Database, freeze: Freeze, values: dict[str, str], field: str
) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-20 09:00:00")
        at_work = season(session, N4, 1)

        with pytest.raises(Refused) as refused:
            acceptance.redirect(session, submitted(at_work), at_work.actor("clerk", "dadukou_tro"), values)

        assert refused.value.problems[0].field == field
