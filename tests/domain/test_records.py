from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import acceptance, batches, complaints, declarations, publicity, records, verification
from app.domain.complaints import Reported
from app.errors import ConfigurationError
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from tests.domain.test_publicity import PLAN
from tests.support.cases import Season, batch_of, draft, recommended, record, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield season(session)


def task(at_work: Season, instance_id: int | None, kind: str, declaration: Declaration | None = None) -> Task:
    return Task(
        instance_id=instance_id,
        engine_task_id="t",
        element_id="element",
        process_key="declaration",
        name="填写申请书",
        record=kind,
        role="applicant",
        declaration_id=declaration.id if declaration else None,
        created_at=clock.now(at_work.session),
    )


def of(at_work: Season, declaration: Declaration) -> tuple[Session, Task, ProcessInstance]:
    about = at_work.session.get_one(ProcessInstance, declaration.instance_id)
    return at_work.session, task(at_work, about.id, "declaration", declaration), about


def of_batch(at_work: Season, batch_id: int) -> tuple[Session, Task, ProcessInstance]:
    batch = batches.get(at_work.session, batch_id)
    about = at_work.session.get_one(ProcessInstance, batch.instance_id)
    return at_work.session, task(at_work, about.id, "batch"), about


def test_the_form_of_the_declaration_is_prefilled_with_its_record(at_work: Season) -> None:
    loaded = records.load(*of(at_work, draft(at_work)))

    assert {key: loaded[key] for key in record(at_work)} == record(at_work)
    assert (loaded["items"], loaded["correction_items"]) == ([], [])


def test_a_form_with_the_undertaking_rewrites_the_record(at_work: Season) -> None:
    made = draft(at_work)
    values = {**record(at_work, ce_hours=90), "decision": "submit", "reply_note": "已补"}

    records.save(*of(at_work, made), values)

    assert declarations.record_of(made) == record(at_work, ce_hours=90)


def test_a_check_of_the_declaration_leaves_its_record_alone(at_work: Season) -> None:
    made = draft(at_work)

    records.save(*of(at_work, made), {"decision": "pass", "opinion": "同意", "checks": {}})

    assert declarations.record_of(made) == record(at_work)


def test_what_was_verified_is_handed_to_the_form_as_locked(at_work: Season) -> None:
    made = draft(at_work)
    verification.share(at_work.session, record(at_work)["id_number"], "education", {"highest_education": "bachelor"})
    verification.compare(at_work.session, made)

    assert records.limits(*of(at_work, made)) == {"locked": {"highest_education": "bachelor"}}


def test_items_that_need_evidence_are_prefilled(at_work: Season) -> None:
    made = draft(at_work)
    verification.compare(at_work.session, made)

    rows = records.load(*of(at_work, made))["items"]

    assert [row["_id"] for row in rows] == list(verification.ITEMS)


def test_the_items_of_a_correction_notice_are_prefilled_with_the_replies_so_far(at_work: Season) -> None:
    made = submitted(at_work)
    items = [{"_id": "1", "target": "论文情况", "text": "缺封面"}, {"_id": "2", "target": "其他", "text": "缺页"}]
    who = at_work.actor("clerk", "cq_bigdata_bureau")
    acceptance.issue_correction(at_work.session, made, "committee", who, {"correction_items": items})
    acceptance.check_correction(
        at_work.session, made, {"correction_items": [{"_id": "1", "reply": "已补", "evidence": []}]}
    )

    rows = records.load(*of(at_work, made))["correction_items"]

    assert [(row["_id"], row["text"], row["reply"]) for row in rows] == [("1", "缺封面", "已补"), ("2", "缺页", None)]


def test_the_ranking_lists_every_name_of_the_batch(at_work: Season) -> None:
    first, second = submitted(at_work), submitted(at_work, "yi")
    batch = batch_of(at_work, first, second)

    loaded = records.load(*of_batch(at_work, batch.id))

    assert [(row["_id"], row["applicant"], row["title"], row["recommend"]) for row in loaded["declarations"]] == [
        (str(first.id), "张一", "工程师", None),
        (str(second.id), "李二", "工程师", None),
    ]
    assert loaded["subjects"] == []
    assert (loaded["unit_contact_name"], loaded["superior_contact_phone"]) == ("联络员", "023-67890000")


def test_what_goes_up_is_listed_without_the_held(at_work: Season) -> None:
    first, second = submitted(at_work), submitted(at_work, "yi")
    batch = recommended(at_work, first, second)
    held = batches.entry_of(at_work.session, first.id)
    assert held is not None
    held.held = True
    publicity.start(at_work.session, batch, at_work.actor("clerk", "institute"), PLAN)
    at_work.session.flush()

    loaded = records.load(*of_batch(at_work, batch.id))

    assert [(row["applicant"], row["next_body"]) for row in loaded["declarations"]] == [("李二", "虚构市经信委")]
    assert len(loaded["subjects"]) == 2


def test_a_complaint_is_shown_to_its_officer_and_kept_by_its_function(at_work: Season) -> None:
    made = draft(at_work)
    session = at_work.session
    complaint = complaints.register(session, made, Reported("业绩与事实不符", contact="13900000000"))
    about = session.get_one(ProcessInstance, made.instance_id)
    about.subject = {"complaint_id": complaint.id}
    it = task(at_work, about.id, "complaint", made)

    records.save(session, it, about, {"finding": "属实"})

    assert records.load(session, it, about, {"reported", "heard"}) == {"reported": "业绩与事实不符", "heard": None}
    assert records.load(session, it, about, {"request"}) == {"request": None}
    assert records.limits(session, it, about) == {}
    assert records.shown(session, about) == []
    assert declarations.record_of(made) == record(at_work)


def test_a_task_without_a_record_is_prefilled_with_nothing(at_work: Season) -> None:
    made = draft(at_work)
    session, it, about = of(at_work, made)
    it.record = None

    assert records.load(session, it, about) == {}


def test_an_unknown_record_is_a_fault_of_the_diagram(at_work: Season) -> None:
    session, it, about = of(at_work, draft(at_work))
    it.record = "teapot"

    with pytest.raises(ConfigurationError, match="teapot"):
        records.load(session, it, about)
