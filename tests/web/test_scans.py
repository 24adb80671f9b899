"""扫描件分页: one upload becomes a file for each person, in the draft of the task that asks for it."""

from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from app.db import Database
from app.domain import attachments
from app.models.attachment import Attachment
from app.models.process import Task
from app.processes import scans
from app.processes.scans import Sheet
from tests.support import crowd
from tests.support.website import enter
from tests.web.test_recommendation import task_id

CLOSED = crowd.TO_SUBMIT[:-1]


def scan(pages: int) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    for number in range(pages):
        writer.add_blank_page(width=100 + number, height=100)
    writer.write(out)
    return out.getvalue()


def test_pages_of_one_scan_become_files_of_their_people(season: Database, season_site: Flask):
    declarations = crowd.walk(season, CLOSED)
    task = task_id(season, "unit_sign")
    client = enter(season_site, "head.institute")
    sent = client.post(f"/tasks/{task}/scan", data={"file": (BytesIO(scan(5)), "签字页.pdf")})
    page = client.get(sent.location).text
    zhang, deng = declarations["zhang"], declarations["deng"]
    assert (f'name="first-{zhang}" value="1"' in page, f'name="last-{deng}" value="4"' in page) == (True, True)
    assign = sent.location.replace("?scan=", "/")
    both = {f"first-{zhang}": "1", f"last-{zhang}": "2", f"first-{deng}": "2", f"last-{deng}": "3"}
    for said, words in (
        (both, "第2页同时指定给张林和邓可，请更正。"),
        ({f"first-{zhang}": "4", f"last-{zhang}": "6"}, "张林的页码应在1至5之间"),
        ({f"first-{zhang}": "x"}, "张林的起页和止页请填写数字。"),
        ({}, "请至少为一人指定页码。"),
    ):
        answer = client.post(assign, data=said)
        assert (answer.status_code, words in answer.text) == (422, True), words
    done = client.post(assign, data={**both, f"first-{deng}": "3", f"last-{deng}": "5"})
    assert done.location == f"/tasks/{task}"
    with season.reading() as session:
        kept = session.get_one(Task, task).draft["signed_pages"]  # type: ignore[index]
        files = [session.get_one(Attachment, each) for each in kept]
        assert [(each.name, each.declaration_id) for each in files] == [
            ("张林签字盖章页.pdf", zhang), ("邓可签字盖章页.pdf", deng),
        ]  # fmt: skip
        folder = season_site.extensions["settings"].attachments
        parts = [PdfReader(attachments.path_of(folder, each)) for each in files]
    assert [[int(page.mediabox.width) for page in part.pages] for part in parts] == [[100, 101], [102, 103, 104]]
    values = {"unit_opinion": "同意", "head_name": "贺兰山", "signed_on": "2023-10-17", "signed_pages": kept}
    signed = client.post(f"/tasks/{task}/complete", json={"values": {**values, "decision": "sign"}})
    assert signed.status_code == 200, signed.text


def test_who_may_not_sign_takes_nothing_apart(season: Database, season_site: Flask):
    crowd.walk(season, CLOSED)
    task = task_id(season, "unit_sign")
    own = enter(season_site, "head.institute").post(
        f"/tasks/{task}/scan", data={"file": (BytesIO(scan(1)), "签字页.pdf")}
    )
    assert enter(season_site, "clerk.institute").get(own.location).status_code == 403
    client = enter(season_site, "head.institute")
    refused = client.post(f"/tasks/{task}/scan", data={"file": (BytesIO(b"%PDF-1.4 broken"), "签字页.pdf")})
    assert (refused.status_code, "不能按页拆分" in refused.text) == (422, True)
    with season.reading() as session:
        other = session.scalars(select(Attachment.id).where(Attachment.name != "签字页.pdf")).first()
    assert client.get(f"/tasks/{task}/scan?scan={other}").status_code == 404


@pytest.mark.parametrize(
    ("count", "expected"), [(6, {1: (1, 3), 2: (4, 6)}), (3, {1: (1, 1), 2: (2, 2)}), (1, {1: (1, 1)})]
)
def test_pages_are_suggested_by_order(count: int, expected: dict[int, tuple[int, int]]):
    assert scans.suggested([Sheet(1, "甲"), Sheet(2, "乙")], count) == expected
