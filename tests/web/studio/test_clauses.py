"""条款 of a draft: its text taken in, clauses marked by their headings, and what does not fit told beside them."""

import io

import pytest

from tests.web.studio.conftest import Studio


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_text_is_taken_in_marked_and_compared(studio: Studio) -> None:
    page = studio.url("/clauses")
    before = studio.client.get(page).text
    assert "单位审核推荐" in before
    assert "参数“单位公示天数（不少于）”" in before
    assert "须改正" not in before
    text = studio.client.get(studio.url("/content/notice.txt")).json
    changed = text["content"].replace("公示结束15个工作日内", "公示结束20个工作日内")

    saved = studio.client.post(page, data={"revision": text["revision"], "text": changed})
    assert saved.status_code == 302
    after = studio.client.get(page).text
    assert "为15个工作日" in after
    assert "线下依规处理" in after  # the reasons of the clauses are kept
    stale = studio.client.post(page, data={"revision": text["revision"], "text": "一、别的"})
    assert stale.status_code == 409
    assert "一、别的" in stale.text
    file = {"revision": text["revision"] + 1, "file": (io.BytesIO("一、范围\n二、程序".encode("gb18030")), "a.txt")}
    assert studio.client.post(page, data=file).status_code == 302
    assert studio.client.get(studio.url("/content/notice.txt")).json["content"] == "一、范围\n二、程序\n"
    broken = {"revision": text["revision"] + 2, "file": (io.BytesIO(b"\xff\xfe\x00"), "a.txt")}
    assert studio.client.post(page, data=broken).status_code == 422
