"""条款 of a draft: its text taken in, clauses marked by their headings, and what does not fit told beside them."""

import io
from urllib.parse import unquote

import pytest
import yaml

from tests.web.studio.conftest import Studio


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_text_is_taken_in_marked_and_compared(studio: Studio) -> None:
    page = studio.url("/clauses")
    before = studio.client.get(page).text
    assert "单位审核推荐" in before
    assert "参数“单位公示天数（不少于）”" in before
    assert "须改正" not in before
    _by_hand(studio)
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


def mark(studio: Studio, **said: object) -> tuple[int, str]:
    """Status and page of saving one clause by hand; the address where it was saved."""
    said = {"revision": studio.client.get(studio.url("/content/clauses.yaml")).json["revision"], **said}
    answer = studio.client.post(studio.url("/clauses/one"), data=said)
    return answer.status_code, answer.text if answer.status_code != 302 else unquote(answer.location)


def marked(studio: Studio) -> dict[str, dict[str, object]]:
    return yaml.safe_load(studio.client.get(studio.url("/content/clauses.yaml")).json["content"])


def _by_hand(studio: Studio) -> None:
    """A stretch is marked, linked, moved, numbered anew and given up; what is wrong is told with what was typed."""
    one, text = studio.url("/clauses/one"), studio.client.get(studio.url("/content/notice.txt")).json["content"]
    begin = text.index("公示结束15个工作日内")
    said = {"number": "四（三）9", "heading": "确认期限", "begin": begin + 1, "end": begin + 11}
    assert mark(studio, **said, link="payment#pay fee") == (302, f"{one}?place=四(三)9")
    found = marked(studio)
    name = next(iter(found)).partition(" ")[0]
    own = f"{name} §四(三)9"
    assert found[own] == {"heading": "确认期限", "where": [begin, begin + 11], "elements": ["payment#pay", "fee"]}
    assert [each["where"][0] for each in found.values()] == sorted(each["where"][0] for each in found.values())
    page = studio.client.get(one, query_string={"place": "四(三)9"}).text
    assert ("环节“缴纳评审费”" in page, f'value="{begin + 1}"' in page) == (True, True)

    moved = {"place": "四(三)9", "number": "四(三)8", "heading": "确认", "begin": begin + 1, "end": begin + 5}
    assert mark(studio, **moved, element="fee", **{"accepted.unused": "由人社部门办理"})[0] == 302
    assert own not in marked(studio)
    assert marked(studio)[f"{name} §四(三)8"]["accepted"] == {"unused": "由人社部门办理"}
    status, told = mark(studio, number="第四条", heading=" ", begin="9", end="3", link="no_such")
    assert status == 422
    for words in ("编号应写作", "请填写标题", "请在正文中选取", "没有“no_such”这个环节或参数", 'value="第四条"'):
        assert words in told
    assert "已经标出" in mark(studio, **{**said, "number": "四(三)8"})[1]
    assert mark(studio, **moved)[0] == 409, "it has gone"
    assert mark(studio, **{**moved, "place": "四(三)8", "revision": "1"})[0] == 409
    assert mark(studio, place="四(三)8", remove="yes")[0] == 302
    assert f"{name} §四(三)8" not in marked(studio)
