from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import declarations, verification
from app.errors import Refused
from app.models.declaration import Declaration
from tests.support.cases import Season, draft, record, season

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield season(session)


def confirm_all(at_work: Season, declaration: Declaration, **other: object) -> None:
    """Let every register agree with the record, save what `other` says instead."""
    said = declarations.record_of(declaration)
    registers = {
        "education": {"highest_education": said["highest_education"]},
        "insured_unit": {"insured_unit_id": said["insured_unit_id"]},
        "archive_institution": {"archive_place": "chongqing"},
        "continuing_education": {"completed": True, "ce_hours": 500},
        "post_vacancy": {"vacant": 2},
        **other,
    }
    for item, result in registers.items():
        verification.share(at_work.session, said["id_number"], item, result)  # type: ignore[arg-type]


def results(declaration: Declaration) -> dict[str, str]:
    return {key: item["result"] for key, item in declaration.verification.items()}


def test_all_five_items_confirmed_are_complete_and_locked(at_work: Season) -> None:
    made = draft(at_work)
    confirm_all(at_work, made)

    verification.compare(at_work.session, made)

    assert set(results(made).values()) == {"verified"}
    assert verification.complete(made)
    assert declarations.locked_fields(made) == {
        "highest_education",
        "insured_unit_id",
        "archive_place",
        "ce_hours",
    }


def test_an_item_that_differs_is_examined_by_hand_and_never_locked(at_work: Season) -> None:
    made = draft(at_work)
    confirm_all(at_work, made, education={"highest_education": "college"})

    verification.compare(at_work.session, made)

    assert results(made)["education"] == "manual"
    assert not verification.complete(made)
    assert verification.open_items(made) == [
        {"_id": "education", "item": "学历学位", "finding": "共享数据与填写内容不一致，需人工审核", "evidence": []}
    ]


def test_a_person_no_register_knows_has_everything_examined_by_hand(at_work: Season) -> None:
    made = draft(at_work)

    verification.compare(at_work.session, made)

    assert set(results(made).values()) == {"manual"}
    assert verification.open_items(made)[0]["finding"] == "未查询到共享数据，需人工审核"


def test_what_does_not_concern_a_person_is_not_asked(at_work: Season) -> None:
    made = draft(at_work, personnel_category="freelancer", insured_unit_id=None)

    verification.compare(at_work.session, made)

    assert (results(made)["insured_unit"], results(made)["post_vacancy"]) == ("not_asked", "not_asked")


def test_evidence_completes_what_was_not_confirmed_and_survives_a_new_comparison(at_work: Season) -> None:
    made = draft(at_work)
    confirm_all(at_work, made, education={"highest_education": "college"})
    verification.compare(at_work.session, made)

    verification.attach_evidence(at_work.session, made, [{"_id": "education", "evidence": [7], "note": "见证书"}])
    verification.compare(at_work.session, made)

    assert verification.complete(made)
    assert made.verification["education"]["evidence"] == [7]


@pytest.mark.parametrize(
    ("row", "field"),
    [({"_id": "education", "evidence": []}, "items.0.evidence"), ({"_id": "insured_unit", "evidence": [7]}, "items.0")],
)
def test_evidence_is_refused_when_missing_or_not_asked_for(at_work: Season, row: dict[str, object], field: str) -> None:
    made = draft(at_work)
    confirm_all(at_work, made, education={"highest_education": "college"})
    verification.compare(at_work.session, made)

    with pytest.raises(Refused) as refused:
        verification.attach_evidence(at_work.session, made, [row])

    assert refused.value.problems[0].field == field


def test_nothing_compared_yet_is_not_complete(at_work: Season) -> None:
    assert not verification.complete(draft(at_work))


def test_a_register_may_be_corrected(at_work: Season) -> None:
    made = draft(at_work)
    confirm_all(at_work, made, post_vacancy={"vacant": 0})
    verification.compare(at_work.session, made)
    assert results(made)["post_vacancy"] == "manual"

    verification.share(at_work.session, record(at_work)["id_number"], "post_vacancy", {"vacant": 1})
    verification.compare(at_work.session, made)

    assert results(made)["post_vacancy"] == "verified"
