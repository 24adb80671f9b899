"""补充通知 of a draft: what it changes is shown with whom it concerns, then published for what is under way too."""

import pytest
from sqlalchemy import select

from app.domain import notices, parameters
from app.domain.drafts import schedule
from app.domain.drafts.yaml_text import with_entry
from app.models.process import ProcessInstance
from tests.support import crowd
from tests.web.studio.conftest import N2, Studio, heading
from tests.web.studio.test_publishing import put

TERMS = {"number": "渝大数据函〔2023〕9号", "legal_basis": "渝大数据函〔2023〕9号", "reason": "延长审核时间"}


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_a_draft_becomes_a_supplementary_notice(studio: Studio, version: int) -> None:
    crowd.walk(studio.app.extensions["database"], crowd.CHECKED)
    none = studio.client.post(studio.url("/amendment/preview"), data={**TERMS, "keep_old": "nobody"})
    assert (none.status_code, "只能修改本通知最新的版本" in none.text) == (422, True)
    said = heading(version, key=N2, title="2023年通知", year="2023", number="1号", in_force_from="2023-01-01")
    studio.draft = int(studio.client.post("/studio/new", data=said).location.rpartition("/")[2])
    assert "作为补充通知发布" in studio.client.get(studio.url("/versions")).text
    _change(studio)
    page = studio.client.post(studio.url("/amendment/preview"), data={**TERMS, "keep_old": "nobody"})
    assert page.status_code == 200, page.text
    for words in (
        "参数：",
        "公示天数",
        "第1号（审核）",
        "文字：",
        "咨询方式",
        "全部按新规定办理",
        "将变动的期限共",
        "张林",
    ):
        assert words in page.text, words
    wrong = {**TERMS, "number": "", "keep_old": "all", "amends_from": "明天"}
    refused = studio.client.post(studio.url("/amendment/preview"), data=wrong)
    assert (refused.status_code, 'value="延长审核时间"' in refused.text) == (422, True)

    assert studio.client.post(studio.url("/amendment"), data={**TERMS, "keep_old": "nobody"}).status_code == 302
    with studio.app.extensions["database"].reading() as session:
        latest = notices.latest(session, N2)
        assert (latest.number, latest.amends, latest.legal_basis) == (TERMS["number"], version, TERMS["legal_basis"])
        assert parameters.lookup(session, latest.id, "unit_publicity_wd").value == 7
        running = select(ProcessInstance.notice_version_id).where(ProcessInstance.status != "ended").distinct()
        assert latest.id in session.scalars(running).all()
    assert "本草稿已经发布" in studio.client.get(studio.url("/versions")).text
    late = studio.client.post(studio.url("/amendment"), data={**TERMS, "keep_old": "nobody"})
    assert late.status_code == 422


def _change(studio: Studio) -> None:
    """A parameter, a window and a text; a form besides, which no supplementary notice changes, is given back."""
    given = studio.client.get(studio.url("/content/parameters.yaml")).json["content"]
    put(
        studio,
        "parameters.yaml",
        with_entry(given, "unit_publicity_wd", {"value": 7, "unit": "工作日", "clause": "一"}),
    )
    rows = schedule.parsed(studio.client.get(studio.url("/content/committees.csv")).json["content"])
    put(studio, "committees.csv", schedule.text_of([{**rows[0], "check_to": "2023-11-24"}, *rows[1:]]))
    text = studio.client.get(studio.url("/content/notice.yaml")).json["content"]
    put(studio, "notice.yaml", with_entry(text, "texts", {"contact": "023-12345678"}))
    form = studio.client.get(studio.url("/content/forms/unit_check.json")).json["content"]
    put(studio, "forms/unit_check.json", form + "\n")
    refused = studio.client.post(studio.url("/amendment/preview"), data={**TERMS, "keep_old": "nobody"})
    assert "表单“unit_check.json”有改动，不能由补充通知修改" in refused.text
    revision = studio.client.get(studio.url("/content/forms/unit_check.json")).json["revision"]
    given_up = studio.client.post(studio.url("/give-up/forms/unit_check.json"), data={"revision": revision})
    assert given_up.status_code == 302, given_up.text
