"""单位公示: seen by the unit's own people and with the access code, by nobody else, frozen, gone at its end."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.config import Settings
from app.db import Database
from app.domain import declarations, people
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.process import Task
from app.models.recommendation import Objection, Publicity, Snapshot
from app.processes.tick import tick
from tests.support.walk import CLOSE, PUBLICISE, play
from tests.support.website import enter

GONE = "没有找到正在进行的公示，可能公示已经结束或者公示码有误。"
PDF = b"%PDF-1.4 ..."


def plain(page: str) -> str:
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


@pytest.fixture
def declaration(season: Database) -> int:
    return play(season, PUBLICISE)


def shown(season: Database) -> Publicity:
    with season.reading() as session:
        return session.scalars(select(Publicity)).one()


def with_code(app: Flask, season: Database) -> FlaskClient:
    """A browser that has entered the code of the posted sheet."""
    client = app.test_client()
    response = client.post("/publicity", data={"code": shown(season).access_code.lower()})
    assert response.location == f"/publicity/{shown(season).id}"
    return client


def test_the_units_own_people_see_it_logged_in(season: Database, season_site: Flask, declaration: int):
    for account in ("zhang.lin", "clerk.institute", "head.institute"):
        client = enter(season_site, account)
        page = client.get(f"/publicity/{shown(season).id}")
        assert (page.status_code, "张林" in page.text) == (200, True)
        assert "山城数智研究院" in plain(client.get("/publicity/unit").text)


def test_board_counts_days_and_names_both_contacts(season: Database, season_site: Flask, declaration: int):
    with season.transaction() as session:
        world.freeze(session, moment("2023-10-13 18:00"))
    page = plain(with_code(season_site, season).get(f"/publicity/{shown(season).id}").text)
    assert "2023年10月10日至2023年10月16日，不少于5个工作日第4/5个工作日" in page
    assert "其间10月14日（周六）、10月15日（周日）不计。" in page
    assert "本单位：白若溪，电话023-55550105" in page
    assert "上级主管部门：程景行，电话023-55550104" in page
    assert "证件号码500***********" in page


def test_nobody_else_sees_it(season: Database, season_site: Flask, declaration: int):
    address = f"/publicity/{shown(season).id}"
    clients = [
        season_site.test_client(),
        *(enter(season_site, who) for who in ("li.yue", "clerk.enterprise", "committee")),
    ]
    for client in clients:
        for path in (address, f"{address}/names/{declaration}", f"{address}/names/{declaration}/objection"):
            response = client.get(path)
            assert response.status_code == 404
            assert GONE in response.text
            assert "张林" not in response.text
    assert "目前没有正在进行的公示" in clients[1].get("/publicity/unit").text


def test_answers_are_kept_from_search_engines_and_caches(season: Database, season_site: Flask, declaration: int):
    client = with_code(season_site, season)
    for path in ("/publicity", f"/publicity/{shown(season).id}", f"/publicity/{shown(season).id}/names/{declaration}"):
        response = client.get(path)
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert response.headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex' in response.text


def test_wrong_code_is_refused_and_guessing_is_slowed(season: Database, season_site: Flask, declaration: int):
    client = season_site.test_client()
    answers = [client.post("/publicity", data={"code": f"WRONG{n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert GONE in answers[0].text
    assert 'value="WRONG0"' in answers[0].text


def test_form_8_is_the_frozen_one(season: Database, season_site: Flask, declaration: int):
    with season.transaction() as session:
        row = session.get_one(Declaration, declaration)
        record = declarations.record_of(row)
        record["achievements"][0]["content"] = "后来改过的内容"
        declarations.write_record(row, record)
    page = plain(with_code(season_site, season).get(f"/publicity/{shown(season).id}/names/{declaration}").text)
    assert "政务数据共享平台" in page
    assert "后来改过的内容" not in page
    number = _number(season)
    assert (number in page, number[-4:] in page) == (False, True)


def test_it_is_gone_the_moment_it_closes(season: Database, season_site: Flask):
    declaration = play(season, CLOSE)
    found = shown(season)
    clerk, guest = enter(season_site, "clerk.institute"), season_site.test_client()
    assert found.closed_at is not None
    for client in (clerk, guest):
        assert client.get(f"/publicity/{found.id}").status_code == 404
        assert client.get(f"/publicity/{found.id}/names/{declaration}").status_code == 404
    assert guest.post("/publicity", data={"code": found.access_code}).status_code == 404


def test_it_is_gone_when_its_days_are_over(season: Database, season_site: Flask, declaration: int):
    client = with_code(season_site, season)
    with season.transaction() as session:
        world.freeze(session, moment("2023-10-16 23:59:59"))
    assert client.get(f"/publicity/{shown(season).id}").status_code == 200
    with season.transaction() as session:
        world.freeze(session, moment("2023-10-17 00:00:00"))
    assert client.get(f"/publicity/{shown(season).id}").status_code == 404


def test_who_withdrew_is_no_longer_shown(season: Database, season_site: Flask, declaration: int):
    enter(season_site, "zhang.lin").post(f"/declarations/{declaration}/withdraw")
    client = with_code(season_site, season)
    assert "张林" not in client.get(f"/publicity/{shown(season).id}").text
    assert client.get(f"/publicity/{shown(season).id}/names/{declaration}").status_code == 404


def test_objection_gets_a_receipt_and_its_outcome(
    season: Database, season_site: Flask, settings: Settings, declaration: int
):
    client = with_code(season_site, season)
    address = f"/publicity/{shown(season).id}/names/{declaration}/objection"
    evidence = (io.BytesIO(PDF), "证明.pdf")
    answer = client.post(address, data={"text": "业绩不是本人完成", "contact": "13900009999", "evidence": evidence})
    receipt = client.get(answer.location)
    tick(season)
    with season.reading() as session:
        objection = session.scalars(select(Objection)).one()
        file = session.get_one(Attachment, objection.evidence[0])
        waiting = session.scalars(
            select(Task.element_id).where(Task.status == "open", Task.instance_id == objection.instance_id)
        )
        assert list(waiting) == ["objection_verify"]
    assert (answer.status_code, answer.location) == (302, "/objections/receipt")
    assert objection.receipt_code in receipt.text
    assert (objection.text, objection.contact) == ("业绩不是本人完成", "13900009999")
    assert (file.name, file.uploaded_by, file.declaration_id) == ("证明.pdf", None, None)
    assert next(Path(settings.attachments).rglob(file.digest)).read_bytes() == PDF
    found = season_site.test_client().post("/objections", data={"code": objection.receipt_code})
    assert "正在核实" in plain(found.text)


def test_nothing_is_lost_when_an_objection_is_incomplete(season: Database, season_site: Flask, declaration: int):
    client = with_code(season_site, season)
    address = f"/publicity/{shown(season).id}/names/{declaration}/objection"
    empty = client.post(address, data={"text": "  ", "contact": "13900009999"})
    false = client.post(address, data={"text": "内容在此", "evidence": (io.BytesIO(b"MZ..."), "证明.pdf")})
    assert (empty.status_code, false.status_code) == (422, 422)
    assert "请写明反映的问题。" in empty.text
    assert 'value="13900009999"' in empty.text
    assert "要求PDF、JPG、PNG、不超过20MB" in false.text
    assert "内容在此</textarea>" in false.text
    with season.reading() as session:
        assert session.scalars(select(Objection)).all() == []


def test_unknown_receipt_is_said_plainly(season_site: Flask):
    response = season_site.test_client().post("/objections", data={"code": "NOSUCHCODE"})
    assert response.status_code == 404
    assert "没有找到该回执码对应的异议，请核对回执码。" in response.text


def _number(season: Database) -> str:
    with season.reading() as session:
        person = people.by_account(session, "zhang.lin")
        assert person is not None
        return person.identity_number or ""


def test_form_8_names_its_evidence_with_the_beginning_of_the_hash(
    season: Database, season_site: Flask, declaration: int
):
    page = plain(with_code(season_site, season).get(f"/publicity/{shown(season).id}/names/{declaration}").text)
    assert "佐证材料（校验码）" in page
    assert any(f"{name}{digest[:8]}" in page for name, digest in files_of(season, declaration))


def files_of(season: Database, declaration: int) -> list[tuple[str, str]]:
    with season.reading() as session:
        rows = session.scalars(select(Attachment).where(Attachment.declaration_id == declaration))
        return [(row.name, row.digest) for row in rows]


def test_proof_outlives_the_publicity_for_the_unit_and_the_offices(
    season: Database, season_site: Flask, declaration: int
):
    address = f"/publicity/{shown(season).id}/proof"
    running = plain(enter(season_site, "clerk.institute").get(address).text)
    assert ("正在进行公示" in running, "未收到异议" in running, "张林工程师" in running) == (True, True, True)
    for account in ("zhang.lin", "clerk.enterprise", "dept.dadukou"):
        assert enter(season_site, account).get(address).status_code == 404
    assert season_site.test_client().get(address).status_code == 302


def test_proof_says_what_was_shown_from_when_to_when(season: Database, season_site: Flask):
    play(season, CLOSE)
    address = f"/publicity/{shown(season).id}"
    clerk = enter(season_site, "clerk.institute")
    assert clerk.get(address).status_code == 404
    page = plain(clerk.get(f"{address}/proof").text)
    for words in ("2023年10月10日至2023年10月16日，5个工作日", "进行了公示", "白若溪", "公示期间未收到异议"):
        assert words in page
    assert shown(season).snapshot_digest in page
    assert f'href="{address}/proof"' in clerk.get("/recommendation/batches/1").text


def test_proof_of_content_that_was_touched_is_refused(season: Database, season_site: Flask, declaration: int):
    with season.transaction() as session:
        frozen = session.get_one(Snapshot, shown(season).snapshot_digest)
        frozen.content = {**frozen.content, "numbers": {}}
    answer = enter(season_site, "clerk.institute").get(f"/publicity/{shown(season).id}/proof")
    assert (answer.status_code, "公示快照与其摘要不符" in answer.text) == (500, True)
