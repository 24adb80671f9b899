from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import batches, declarations, levels, publicity
from app.domain.offices import Actor
from app.errors import ConfigurationError, Refused
from app.models.declaration import Declaration
from app.models.office import CheckRecord
from tests.domain.test_publicity import PLAN
from tests.support.cases import Season, pass_level, recommended, record, season, submitted, upload

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        yield season(session)


def publicised(at_work: Season) -> tuple[Declaration, int]:
    """A declaration whose publicity showed one achievement with one file; the file's id."""
    file = upload(at_work, "证明.pdf", "a" * 64)
    rows = [{"_id": "a1", "content": "数据平台", "evidence": [file]}]
    name = submitted(at_work, achievements=rows)
    publicity.start(at_work.session, recommended(at_work, name), at_work.actor("clerk"), PLAN)
    return name, file


def answer(at_work: Season, name: Declaration, **changes: Any) -> list[str]:
    """The sentences that refuse a completion with these fields; none where it is taken."""
    values = {**declarations.record_of(name), **changes}
    try:
        levels.check_completion(at_work.session, name, "department", values)
    except Refused as refused:
        return [problem.message for problem in refused.problems]
    return []


def refusal(material: str) -> str:
    return f"未经公示的材料：“{material}”未经公示，不得补报。其余补正材料已保存，可继续提交。"


def asked(at_work: Season, name: Declaration, target: str) -> None:
    values = {"return_items": [{"target": target, "text": "请核对"}]}
    levels.send_back(at_work.session, name, "department", at_work.actor("clerk", "bureau"), values)


def test_a_check_keeps_who_ticked_what_and_when(at_work: Season) -> None:
    name = submitted(at_work)
    values = {
        "decision": "pass",
        "opinion": "同意推荐",
        "signed_by": "赵经办",
        "checks": {"identity_accurate": {"ok": True, "note": ""}},
    }

    found = levels.record_check(at_work.session, name, "unit", at_work.actor("clerk", "institute"), values)

    now = clock.now(at_work.session)
    assert (found.person_id, found.organisation_id, found.at) == (
        at_work.people["clerk"],
        at_work.bodies["institute"],
        now,
    )
    assert (found.decision, found.opinion, found.signed_by) == ("pass", "同意推荐", "赵经办")
    assert found.checks == [
        {
            "key": "identity_accurate",
            "ok": True,
            "note": "",
            "person_id": at_work.people["clerk"],
            "at": now.isoformat(),
        }
    ]


def test_the_last_decision_of_a_level_counts(at_work: Season) -> None:
    name = submitted(at_work)
    assert levels.level_status(at_work.session, name.id, "unit") is None

    for decision in ("return", "pass"):
        levels.record_check(at_work.session, name, "unit", at_work.actor("clerk"), {"decision": decision})

    assert levels.level_status(at_work.session, name.id, "unit") == "pass"


def test_the_level_that_accepts_does_not_check_as_well(at_work: Season) -> None:
    name, bodies = submitted(at_work), at_work.bodies
    name.route = {"acceptance": "district", "bodies": {"unit": bodies["institute"], "district": bodies["dadukou_tro"]}}

    assert [levels.on_route(name, level) for level in ("unit", "department", "district", "district_accept")] == [
        True,
        False,
        False,
        True,
    ]
    assert levels.body(name, "district") == levels.body(name, "district_accept") == bodies["dadukou_tro"]


def test_a_committee_that_accepts_leaves_the_district_checking(at_work: Season) -> None:
    name = submitted(at_work)
    name.route = {"acceptance": "committee", "bodies": {"district": at_work.bodies["dadukou_tro"]}}

    assert [levels.on_route(name, level) for level in ("district", "district_accept")] == [True, False]


def test_a_level_that_is_not_on_the_route_has_no_body(at_work: Season) -> None:
    with pytest.raises(ConfigurationError, match="top_body"):
        levels.body(submitted(at_work), "top_body")


def test_sending_back_counts_its_rounds_per_level(at_work: Season) -> None:
    name = submitted(at_work)
    values = {"return_items": [{"target": "学历学位情况", "text": "补传证书"}], "return_days": 3}
    for level in ("unit", "unit", "department"):
        request = levels.send_back(at_work.session, name, level, at_work.actor("clerk"), values)
        assert (request.days, request.items[0]["text"]) == (3, "补传证书")

    last = levels.last_request(at_work.session, name.id, "unit")
    assert last is not None
    assert (last.level, last.round) == ("unit", 2)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"return_items": []}, "return_items"),
        ({"return_items": [{"text": " "}]}, "return_items.0.text"),
        ({"return_items": [{"text": "补传"}], "return_days": 0}, "return_days"),
    ],
)
def test_sending_back_says_what_and_until_when(at_work: Season, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        levels.send_back(at_work.session, submitted(at_work), "unit", at_work.actor("clerk"), values)

    assert refused.value.problems[0].field == field


def test_before_publicity_anything_may_be_completed(at_work: Season) -> None:
    name = submitted(at_work)
    asked(at_work, name, "其他")

    assert answer(at_work, name, achievements=[{"_id": "new", "content": "新业绩", "evidence": []}]) == []
    request = levels.last_request(at_work.session, name.id)
    assert request is not None
    assert request.answered_at == clock.now(at_work.session)


def test_after_publicity_the_same_record_is_taken(at_work: Season) -> None:
    name, _ = publicised(at_work)

    assert answer(at_work, name) == []
    assert answer(at_work, name, mobile="13900000000", insurance_months=130) == []


def test_after_publicity_a_new_row_is_refused_even_where_asked_for(at_work: Season) -> None:
    name, file = publicised(at_work)
    asked(at_work, name, "取得现职称以来的主要业绩")
    rows = [*record_rows(name), {"_id": "a9", "content": "新业绩", "evidence": [file]}]

    assert answer(at_work, name, achievements=rows) == [refusal("取得现职称以来的主要业绩第2行")]


def test_after_publicity_a_new_file_is_refused_by_its_name(at_work: Season) -> None:
    name, file = publicised(at_work)
    other = upload(at_work, "补充.pdf", "b" * 64)
    rows = [{**record_rows(name)[0], "evidence": [file, other]}]

    assert answer(at_work, name, achievements=rows) == [refusal("补充.pdf")]
    asked(at_work, name, "取得现职称以来的主要业绩")
    assert answer(at_work, name, achievements=rows) == [refusal("补充.pdf")]  # one more than was shown


def test_a_clearer_copy_replaces_a_file_where_it_was_asked_for(at_work: Season) -> None:
    name, _ = publicised(at_work)
    clearer = upload(at_work, "证明（清晰）.pdf", "c" * 64)
    rows = [{**record_rows(name)[0], "evidence": [clearer]}]
    assert answer(at_work, name, achievements=rows) == [refusal("证明（清晰）.pdf")]

    asked(at_work, name, "取得现职称以来的主要业绩")

    assert answer(at_work, name, achievements=rows) == []


def test_the_same_bytes_under_another_upload_are_publicised(at_work: Season) -> None:
    name, _ = publicised(at_work)
    again = upload(at_work, "证明2.pdf", "a" * 64)

    assert answer(at_work, name, achievements=[{**record_rows(name)[0], "evidence": [again]}]) == []


def test_a_changed_row_or_heading_is_refused_unless_asked_for(at_work: Season) -> None:
    name, _ = publicised(at_work)
    rows = [{**record_rows(name)[0], "content": "改写"}]
    assert answer(at_work, name, achievements=rows, ce_hours=900) == [
        refusal("继续教育学时（分）"),
        refusal("取得现职称以来的主要业绩第1行"),
    ]

    asked(at_work, name, "继续教育学时（分）")
    assert answer(at_work, name, achievements=rows, ce_hours=900) == [refusal("取得现职称以来的主要业绩第1行")]


def test_leaving_a_row_out_adds_nothing(at_work: Season) -> None:
    name, _ = publicised(at_work)

    assert answer(at_work, name, achievements=[]) == []


def test_a_name_that_was_not_publicised_is_free(at_work: Season) -> None:
    name = submitted(at_work)
    batches.join(at_work.session, name)

    assert levels.publicised_content(at_work.session, name.id) is None


def test_a_file_arrives_with_the_last_step_that_sent_it_up(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    assert levels.arrived_at(at_work.session, name) is None
    pass_level(at_work, name, "unit", at_work.actor("clerk", "institute"))
    sent_up = freeze(at_work.session, "2023-10-18 10:00:00")
    pass_level(at_work, name, "department", at_work.actor("clerk", "bureau"))
    freeze(at_work.session, "2023-10-20 10:00:00")
    pass_level(at_work, name, "committee", at_work.actor("clerk", "cq_bigdata_bureau"))

    assert levels.arrived_at(at_work.session, name) == sent_up
    assert at_work.session.query(CheckRecord).count() == 3


def test_a_check_without_a_person_is_no_check(at_work: Season) -> None:
    with pytest.raises(RuntimeError, match="sign"):
        levels.record_check(at_work.session, submitted(at_work), "unit", Actor(), {"decision": "pass"})


def record_rows(name: Declaration) -> list[dict[str, Any]]:
    return list(declarations.record_of(name)["achievements"])


def test_the_record_itself_is_what_is_compared_when_it_is_saved_already(at_work: Season) -> None:
    name, file = publicised(at_work)
    declarations.write_record(
        name, record(at_work, achievements=[{"_id": "a9", "content": "新业绩", "evidence": [file]}])
    )

    with pytest.raises(Refused):
        levels.check_completion(at_work.session, name, "department")
