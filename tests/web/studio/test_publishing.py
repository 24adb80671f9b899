"""版本: a draft is refused with every reason, published, read-only from then on, taken along and taken in again."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from app.config import ROOT
from app.domain import notices, parameters
from app.domain.drafts import archive, cloning, store
from app.domain.drafts.yaml_text import with_entry
from app.errors import Refused
from app.models.draft import NoticeDraft
from tests.web.studio.conftest import Studio, heading
from tests.web.studio.test_workspace import sqlite_only

JSON = {"Accept": "application/json"}
NOTE = {"note": "2024年首次发布", "effective_on": "2024-09-01"}


def put(studio: Studio, path: str, content: str) -> None:
    revision = studio.client.get(studio.url(f"/content/{path}")).json["revision"]
    answer = studio.client.put(studio.url(f"/content/{path}"), json={"content": content, "revision": revision})
    assert answer.status_code == 200, answer.json


def texts(studio: Studio, **more: str) -> dict[str, str]:
    said = {name: value for name, value in heading(0).items() if name not in ("base", "key")}
    return {"revision": "1", **said, "number": "渝大数据发〔2024〕1号", **more}


@sqlite_only
def test_a_draft_is_refused_with_every_reason(studio: Studio) -> None:
    page = studio.client.get(studio.url()).text
    assert "文号尚未填写" in page
    assert "1个评委会的时间仍是2024年以前的" in page
    assert "个参数的条款仍引用渝大数据发〔2023〕54号" in page
    assert "“任职时间计算截止日”仍是2024年以前的日期" in page
    broken = studio.client.get(studio.url("/content/diagrams/payment.bpmn")).json["content"]
    put(studio, "diagrams/payment.bpmn", broken.replace('value="payment"', 'value="no_such"', 1))
    given = studio.client.get(studio.url("/content/parameters.yaml")).json["content"]
    put(studio, "parameters.yaml", with_entry(given, "completion_unit", {"undecided": "组建单位"}))
    refused = studio.client.post(studio.url("/publish"), data={**NOTE, "note": ""})
    assert refused.status_code == 422
    assert "没有表单 no_such" in refused.text
    assert "文号尚未填写" in refused.text
    assert "尚未决定，须由组建单位决定，而流程图的环节“期限届满未补充完善”要用到它" in refused.text
    assert "请写明发布说明" in refused.text
    wrong = studio.client.post(studio.url("/texts"), data=texts(studio, title=""))
    assert (wrong.status_code, "请填写通知名称" in wrong.text) == (422, True)


@sqlite_only
def test_a_draft_is_published_as_it_stands_and_never_changed_again(studio: Studio) -> None:
    said = texts(studio, **{"text:contact": "023-12345678", "text:accepted.title": "已受理", "text:scope": ""})
    assert studio.client.post(studio.url("/texts"), data=said).status_code == 302
    assert studio.client.post(studio.url("/texts"), data=said).status_code == 409
    put(studio, "notice.txt", "一、时间\n自10月起。")
    put(studio, "clauses.yaml", "一: {heading: 时间, where: [0, 4]}\n")
    assert studio.client.post(studio.url("/publish"), data=NOTE).status_code == 302
    with studio.app.extensions["database"].reading() as session:
        version = notices.latest(session, "bigdata_2024")
        by = session.scalars(select(NoticeDraft.created_by)).first()
        assert (version.number, version.note, version.published_by) == ("渝大数据发〔2024〕1号", "2024年首次发布", by)
        assert (version.body["text"][:4], version.body["clauses"]["一"]["heading"]) == ("一、时间", "时间")
        assert notices.text_of(session, version.id, "contact") == "023-12345678"
        assert parameters.lookup(session, version.id, "year").value == 2024
        # what the version is cloned from has everything that its draft had
        assert {"notice.txt", "clauses.yaml"} <= cloning.of_version(session, version.id)[1].keys()
    late = {"content": "", "revision": 2}
    assert studio.client.put(studio.url("/content/notice.yaml"), json=late).status_code == 422
    assert "本草稿已经发布，只能查看" in studio.client.get(studio.url("/parameters")).text
    assert studio.client.post(studio.url("/discard"), headers=JSON).status_code == 422
    again = studio.client.post("/studio/new", data=heading(version.id)).location
    assert studio.client.post(f"{again}/texts", data=texts(studio)).status_code == 302
    second = studio.client.post(f"{again}/publish", data={"note": "更正", "effective_on": ""})
    assert second.status_code == 302, second.text
    listed = studio.client.get("/studio/notices/bigdata_2024").text
    none = studio.client.get(f"/studio/versions/{version.id}/instances").text
    assert "没有在此版本上办理的实例" in none
    assert ("第1版" in listed, "第2版" in listed, "2024年首次发布" in listed) == (True, True, True)


@sqlite_only
def test_a_scenario_that_cannot_be_played_keeps_a_draft_from_being_published(studio: Studio) -> None:
    assert studio.client.post(studio.url("/texts"), data=texts(studio)).status_code == 302
    put(studio, "scenarios/empty.yaml", "title: 无此步骤\nnotice: bigdata_2024\n")
    refused = studio.client.post(studio.url("/publish"), data=NOTE)
    assert refused.status_code == 422
    assert "情景 scenarios/empty.yaml" in refused.text


@sqlite_only
def test_a_notice_goes_out_as_one_file_and_comes_back(studio: Studio) -> None:
    zipped = studio.client.get(studio.url("/export"))
    with ZipFile(BytesIO(zipped.data)) as found:
        assert "bigdata_2024/parameters.yaml" in found.namelist()
    assert studio.client.get(studio.url("/export")).data == zipped.data

    def take(data: bytes) -> tuple[int, str]:
        answer = studio.client.post("/studio/import", data={"file": (BytesIO(data), "通知.zip")})
        return answer.status_code, answer.text if answer.status_code != 302 else answer.location

    status, place = take(zipped.data)
    assert status == 302
    with studio.app.extensions["database"].reading() as session:
        first, second = (store.own_files(session, int(each)) for each in (studio.draft, place.rpartition("/")[2]))
    assert first == second
    before = studio.client.get("/studio").text.count("/studio/drafts/")
    for name, content, words in (
        ("../notice.yaml", "x", "不是通知中可以有的文件"),
        ("a/b.sh", "x", "不是通知中可以有的文件"),
        ("parameters.yaml", "x", "没有 notice.yaml"),
        ("notice.yaml", "key: K\n", "代号用小写英文字母"),
        ("notice.yaml", "\x00", "请填写通知名称"),
    ):
        data = BytesIO()
        with ZipFile(data, "w") as made:
            made.writestr(name, content)
        status, page = take(data.getvalue())
        assert (status, words in page) == (422, True), (name, page)
    assert take(b"no zip")[0] == 422
    unreadable = {**first, "parameters.yaml": b"nonsense: 1\n"}
    assert "parameters.yaml" in take(archive.packed("b", unreadable))[1]
    assert studio.client.get("/studio").text.count("/studio/drafts/") == before
    manual = studio.client.get("/studio/functions?q=parameter").text
    assert "parameter(" in manual
    assert "hold_declaration" not in manual


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = BytesIO()
    with ZipFile(data, "w", 8) as made:
        made.writestr("notice.yaml", b"0" * (30 * 1024 * 1024))
    with pytest.raises(Refused, match="过大"):
        archive.unpacked(data.getvalue())
    assert archive.unpacked(archive.packed("n", cloning.of_package("n2_2023_bigdata")[1]))[0].year == 2023
    assert (ROOT / "notices").is_dir()
