"""并排审核, 批量退回 and bulk runs: marks are drafts, a run lists before it acts, each item has its own outcome."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.domain import people
from app.models.declaration import Declaration
from app.models.desk import BulkItem, BulkRun
from app.models.office import CheckRecord, CompletionRequest
from app.models.process import Task
from tests.support import crowd
from tests.support.walk import N2
from tests.support.website import enter, statements
from tests.web.test_recommendation import plain

DESK = f"/recommendation/unit/{N2}"
CHECKING, RETURNING = f"{DESK}/checking", f"{DESK}/returning"
SIGNED = {"opinion": "同意推荐", "signed_by": "白若溪"}


def tasks(database: Database) -> list[int]:
    """The open checks of 张林, 邓可 and 李悦, in this order."""
    with database.reading() as session:
        wanted = select(Task.id).where(Task.form_key == "unit_check", Task.status == "open")
        return list(session.scalars(wanted.order_by(Task.id)))


def statuses(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Declaration.status).order_by(Declaration.id)))


def outcomes(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        return [(item.outcome, item.reason) for item in session.scalars(select(BulkItem).order_by(BulkItem.id))]


def mark(client: FlaskClient, task: int, verdict: str, **more: str):
    return client.post(f"{CHECKING}/{task}", data={"verdict": verdict, **more})


def run(client: FlaskClient, planned: str) -> str:
    """Confirm the run and carry it to its end; the page it ends with."""
    client.post(f"{planned}/start")
    for _ in range(20):
        page = client.post(f"{planned}/next", headers={"HX-Request": "true"}).text
        if 'data-state="ended"' in page:
            return plain(f'<main id="content">{page}')
    raise AssertionError("the run never ends")


def test_marks_survive_and_the_marked_ones_are_completed_one_by_one(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    first, second, third = tasks(season)
    client = enter(season_site, "clerk.institute")
    page = client.get(CHECKING).text
    assert "第 1 / 3 份" in page
    assert all(words in plain(page) for words in ("已核对0/3", "张林", "材料真实、准确、齐备、规范"))
    assert mark(client, first, "met").location == f"{CHECKING}?at={second}&columns=1"
    mark(client, second, "return", **{"target-0": "学历", "text-0": "请{申报人}在{期限}内补传证书", "days": "5"})
    assert "已核对2/3" in plain(client.get(CHECKING).text)
    assert "已载入上次保存的草稿。" in client.get(f"/tasks/{first}").text

    planned = client.post(f"{CHECKING}/run", data=SIGNED).location
    before = plain(client.get(planned).text)
    assert "将办理2份申请书，跳过1份。" in before
    assert "学历：请邓可在5个工作日内补传证书期限5个工作日" in before
    assert "尚未核对。" in before
    assert statuses(season) == ["SUBMITTED"] * 3
    after = run(client, planned)
    assert "已办结：3/3" in after
    assert outcomes(season) == [("done", None), ("done", None), ("skipped", "尚未核对。")]
    assert statuses(season) == ["UNIT_CHECKED", "UNIT_RETURNED", "SUBMITTED"]
    with season.reading() as session:
        record = session.scalars(select(CheckRecord).where(CheckRecord.decision == "pass")).one()
        assert (record.opinion, record.signed_by, len(record.checks)) == ("同意推荐", "白若溪", 9)
        assert session.scalars(select(CompletionRequest)).one().days == 5
    assert "已办结：3/3" in plain(client.get(planned).text)
    assert tasks(season) == [third]


def test_what_another_did_meanwhile_is_skipped_and_a_refusal_stops_nobody(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    first, second, third = tasks(season)
    client = enter(season_site, "clerk.institute")
    for task in (first, second, third):
        mark(client, task, "met")
    planned = client.post(f"{CHECKING}/run", data=SIGNED).location
    other = enter(season_site, "clerk.institute")
    with season.reading() as session:
        values = session.get_one(Task, second).draft
    assert other.post(f"/tasks/{second}/complete", json={"values": {**values, **SIGNED}}).status_code == 200
    with season.transaction() as session:
        item = session.scalars(select(BulkItem).where(BulkItem.task_id == third)).one()
        item.values = {**item.values, "checks": {}}
    run(client, planned)
    found = outcomes(season)
    assert [outcome for outcome, _ in found] == ["done", "skipped", "refused"]
    assert "已由白若溪于" in (found[1][1] or "")
    assert "请就审核要点“个人信息准确”填写是否符合。" in (found[2][1] or "")
    assert statuses(season) == ["UNIT_CHECKED", "UNIT_CHECKED", "SUBMITTED"]


def test_a_run_left_in_the_middle_goes_on_or_is_stopped(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    client = enter(season_site, "clerk.institute")
    for task in tasks(season):
        mark(client, task, "met")
    planned = client.post(f"{CHECKING}/run", data=SIGNED).location
    refused = client.post(f"{planned}/next")
    assert (refused.status_code, "请先核对名单并确认办理。" in refused.text) == (422, True)
    client.post(f"{planned}/start")
    client.post(f"{planned}/stop")
    assert statuses(season) == ["SUBMITTED"] * 3
    assert {reason for _, reason in outcomes(season)} == {"经办人停止了本次批量办理。"}
    assert client.post(f"{planned}/start").status_code == 409


def test_chosen_files_are_returned_with_phrases_and_words_of_their_own(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    first, second, _ = tasks(season)
    client = enter(season_site, "clerk.institute")
    client.post("/phrases", data={"kind": "return", "target": "佐证材料", "text": "{申报人}的材料须盖章", "body": ""})
    page = client.get(f"{RETURNING}?task={first}&task={second}").text
    phrase = re.search(r'name="phrase" value="(\d+)"', page)
    assert phrase is not None
    said = {"task": [first, second], "phrase": phrase[1], "days": "3", f"text-{second}-0": "另补聘书"}
    planned = client.post(RETURNING, data=said).location
    assert "佐证材料：邓可的材料须盖章申请书：另补聘书期限3个工作日" in plain(client.get(planned).text)
    run(client, planned)
    assert statuses(season) == ["UNIT_RETURNED", "UNIT_RETURNED", "SUBMITTED"]
    with season.reading() as session:
        asked = session.scalars(select(CompletionRequest).order_by(CompletionRequest.id)).all()
        assert [[item["text"] for item in each.items] for each in asked] == [
            ["张林的材料须盖章"],
            ["邓可的材料须盖章", "另补聘书"],
        ]


def test_what_is_missing_is_said_before_anything_is_planned(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    first = tasks(season)[0]
    client = enter(season_site, "clerk.institute")
    for answer, words in (
        (client.post(f"{CHECKING}/run", data=SIGNED), "没有可以办理的申请书，请先核对或勾选。"),
        (mark(client, first, "return", days="5"), "请逐项列明张林需要补充完善的分节和内容。"),
        (mark(client, first, "return", **{"target-0": "学历", "text-0": "补传"}), "请填写补充完善期限（工作日）"),
        (client.post(RETURNING, data={"days": "3"}), "请先勾选要退回的申请书"),
        (client.post(RETURNING, data={"task": first, "days": "3"}), "请逐项列明张林需要补充完善的分节和内容。"),
    ):
        assert (answer.status_code, words in answer.text) == (422, True), words
    assert "请先勾选要退回的申请书" in client.get(RETURNING, follow_redirects=True).text
    mark(client, first, "met")
    for said, words in (({"opinion": "同意"}, "请填写审查人签字。"), ({"signed_by": "白若溪"}, "请填写审核意见。")):
        answer = client.post(f"{CHECKING}/run", data=said)
        assert (answer.status_code, words in answer.text) == (422, True)


def test_points_that_hold_for_the_body_are_ticked_for_all_at_once(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    client = enter(season_site, "clerk.institute")
    client.post(f"{CHECKING}/together", data={"point": ["post_ratio", "identity_accurate"]})
    with season.reading() as session:
        drafts = session.scalars(select(Task.draft).where(Task.id.in_(tasks(season)))).all()
    assert [draft["checks"] for draft in drafts if draft] == [{"post_ratio": {"ok": True, "note": ""}}] * 3


def test_own_file_is_left_out_and_strangers_stay_outside(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    with season.transaction() as session:
        person, clerk = people.by_account(session, "zhang.lin"), people.by_account(session, "clerk.institute")
        unit = session.scalars(select(Task.organisation_id).where(Task.form_key == "unit_check")).first()
        assert person is not None
        assert clerk is not None
        people.grant(session, person.id, "unit_clerk", unit)
    first, second, _ = tasks(season)
    own = enter(season_site, "zhang.lin")
    assert "申报人为您本人，须由他人审核。" in own.get(CHECKING).text
    assert mark(own, first, "met").status_code == 403
    assert mark(own, second, "met").status_code == 302
    planned = own.post(f"{CHECKING}/run", data=SIGNED).location
    assert "申报人为您本人，须由他人审核。" in own.get(planned).text
    for account in ("clerk.institute", "clerk.enterprise"):
        for path in ("", "/start", "/next", "/stop"):
            client = enter(season_site, account)
            answer = client.get(planned) if not path else client.post(f"{planned}{path}")
            assert answer.status_code == 404
    assert enter(season_site, "clerk.enterprise").get(CHECKING).status_code == 404
    assert enter(season_site, "deng.ke").get("/phrases").status_code == 403


def test_forty_files_cost_no_more_statements_than_three(season: Database, season_site: Flask):
    with season.transaction() as session:
        crowd.stand(session, 3)
    client, counts = enter(season_site, "clerk.institute"), []
    for more in (0, 37):
        with season.transaction() as session:
            if more:
                crowd.stand(session, more)
            run = BulkRun(person_id=_clerk(session), notice_key=N2, level="unit", planned_at=_moment(session))
            session.add(run)
            session.flush()
            session.add_all(BulkItem(run_id=run.id, task_id=each) for each in session.scalars(select(Task.id)))
        for address in (
            CHECKING,
            f"{RETURNING}?" + "&".join(f"task={each}" for each in _all(season)),
            f"/bulk/{run.id}",
        ):
            client.get(address)
            with statements(season) as sent:
                assert client.get(address).status_code == 200
            counts.append(len(sent))
    assert counts[:3] == counts[3:]


def _clerk(session) -> int:  # type: ignore[no-untyped-def]
    person = people.by_account(session, "clerk.institute")
    assert person is not None
    return person.id


def _moment(session):  # type: ignore[no-untyped-def]
    return session.scalars(select(Task.created_at)).first()


def _all(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Task.id)))
