"""A designer rehearses a draft in the browser: in a process of its own, watched, read, compared, stopped."""

import time

import pytest

from tests.support.website import enter
from tests.web.studio.conftest import Studio

sqlite_only = pytest.mark.parametrize("season", ["sqlite"], indirect=True)
_PATIENCE = 120  # seconds, on a busy machine


@sqlite_only
def test_a_draft_is_rehearsed_watched_read_and_compared(studio: Studio) -> None:
    pages = studio.url("/rehearsal")
    assert "还没有预演过" in studio.client.get(pages).text
    refused = studio.client.post(pages, data={"applicants": "6000", "seed": "1"})
    assert refused.status_code == 422
    assert "1至5000之间" in refused.text
    begin(studio, seed="2")
    again = studio.client.post(pages, data={"applicants": "1", "seed": "2"})
    assert "本草稿正在预演" in again.text
    assert 'data-state="running"' in studio.client.get(f"{pages}/1/progress").text
    assert studio.client.get(f"{pages}/1").status_code == 404
    wait(studio, 1, "done")
    report = studio.client.get(f"{pages}/1").text
    for words in (
        "发现的问题",
        "错过的期限",
        "各机构一日最多办理",
        "等待最久的环节",
        "从未走到的元素",
        "申报人1人，种子2",
    ):
        assert words in report
    assert studio.url("/files/diagrams/declaration.bpmn") in report
    begin(studio, seed="3", applicants="200")  # not over before it is stopped
    studio.client.post(f"{pages}/2/stop")
    wait(studio, 2, "stopped")
    assert "没有差别" in studio.client.get(f"{pages}/1?compare=1").text
    stranger = enter(studio.app, "zhang.lin")
    assert stranger.get(f"{pages}/1").status_code in (403, 404)


@sqlite_only
def test_a_draft_that_cannot_be_played_says_why(studio: Studio) -> None:
    path = studio.url("/content/committees.csv")
    before = studio.client.get(path).json
    studio.client.put(path, json={"content": before["content"].splitlines()[0] + "\n", "revision": before["revision"]})
    begin(studio, seed="1")
    assert "没有评委会日程" in wait(studio, 1, "failed")


def begin(studio: Studio, seed: str, applicants: str = "1") -> None:
    said = {"applicants": applicants, "seed": seed}
    assert studio.client.post(studio.url("/rehearsal"), data=said).status_code == 302


def wait(studio: Studio, number: int, state: str) -> str:
    """The run's part of the page once it is over, which must be as `state` says."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        shown = studio.client.get(studio.url(f"/rehearsal/{number}/progress")).text
        if 'data-state="running"' not in shown:
            assert f'data-state="{state}"' in shown, shown
            return shown
        time.sleep(0.2)
    raise AssertionError("the rehearsal does not end")
