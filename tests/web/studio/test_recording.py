"""情景 recorded in the browser: each act is a step of the file, the file is played again, and what it says is kept."""

from dataclasses import replace

import pytest
import yaml

from app.config import ROOT
from app.domain import notices, packages
from app.domain.drafts import recordings
from app.errors import Refused
from tests.web.studio.conftest import Studio, heading
from tests.web.studio.test_workspace import sqlite_only

BEGUN = {
    "name": "first", "title": "第一个情景", "clock": "2023-10-09T09:00", "applicant": "zhang.lin", "base": "institute",
    "committee": "1",
}  # fmt: skip


@pytest.fixture
def recording(studio: Studio, version: int) -> Studio:
    """A draft in force when its windows are, under a notice that only this database knows; a recording just begun."""
    package = replace(
        packages.read(ROOT / "notices" / "n1_2022_general", ROOT), key="general_b", number="总则〔2022〕2号"
    )
    with studio.app.extensions["database"].transaction() as session:
        notices.publish(session, package, by=None, note="上级通知")
    said = heading(version, key="bigdata_2023b", in_force_from="2023-01-01", parent="general_b")
    made = studio.client.post("/studio/new", data=said)
    studio.draft = int(made.location.rpartition("/")[2])
    assert studio.client.post(studio.url("/recordings"), data=BEGUN).status_code == 302
    return studio


@sqlite_only
def test_a_name_that_is_taken_leaves_what_was_typed(recording: Studio) -> None:
    again = recording.client.post(recording.url("/recordings"), data={**BEGUN, "title": "又一个", "committee": "3"})
    assert again.status_code == 422
    for words in ("已经有了，请换一个名称", 'value="first"', 'value="又一个"', 'value="3"'):
        assert words in again.text
    form = {"kind": "forms", "name": "unit_check", "like": "forms/dept_check.json"}
    copied = recording.client.post(recording.url("/files"), data=form)
    assert (copied.status_code, 'value="unit_check"' in copied.text) == (422, True)
    assert 'value="forms/dept_check.json" selected' in copied.text


def act(studio: Studio, act: str, revision: int, **said: str) -> int:
    form = {"act": act, "revision": str(revision), **said}
    return studio.client.post(studio.url("/recordings/first"), data=form).status_code


def written(studio: Studio) -> dict[str, object]:
    return yaml.safe_load(studio.client.get(studio.url("/content/scenarios/first.yaml")).json["content"])


@sqlite_only
def test_each_act_is_a_step_and_the_page_shows_where_it_stands(recording: Studio) -> None:
    page = recording.client.get(recording.url("/recordings/first")).text
    assert ("填写申请书" in page, "2023-10-09 09:00" in page, "已录步骤（0）" in page) == (True, True, True)
    assert act(recording, "do", 1, element="fill_form", of="it", decision="submit") == 302
    assert act(recording, "do", 1, element="fill_form") == 422, "somebody has recorded since"
    assert act(recording, "expect", 2) == 302
    assert act(recording, "do", 3, element="unit_check", of="it", decision="pass", rest="opinion: [") == 422
    assert act(recording, "at", 3, at="2023-10-10T09:00") == 302
    assert act(recording, "do", 4, element="no_such_task") == 302
    broken = recording.client.get(recording.url("/recordings/first")).text
    assert "没有唯一的待办“no_such_task”" in broken
    for words in (
        "填写申请书：提交申报",
        "预期：单位审核（山城数智研究院 单位职称管理员）；已提交，待单位审核",
        "no_such_task",
    ):
        assert words in broken, "steps are told in words, as far as the draft knows them"
    assert act(recording, "expect", 5) == 422
    assert act(recording, "undo", 5) == 302
    assert written(recording)["steps"] == [
        {"complete": "fill_form", "of": "it", "with": {"decision": "submit"}},
        {"expect": {"waiting": {"unit_check": "unit_clerk@cq_data_institute"}, "status": "SUBMITTED"}},
        {"at": "2023-10-10 09:00"},
    ]
    assert "正在演练1个情景" in recording.client.get(recording.url()).text
    summary = recording.client.get(recording.url("/played/summary")).text
    assert "1个情景按现在的草稿都能走通" in summary
    played = recording.client.get(recording.url("/played")).text
    assert ("通过" in played, "没有情景走到这个流程" in played) == (True, True)


def test_what_is_no_scenario_is_not_recorded_into() -> None:
    for text in ("", "a: b", "case: x\nsteps: 3"):
        with pytest.raises(Refused, match="不是情景"):
            recordings.with_step(text, {"at": "2023-10-10"})
    with pytest.raises(Refused, match="还没有录下任何步骤"):
        recordings.without_last("case: x\nsteps: []\n")


def test_a_refusal_is_recorded_with_its_words() -> None:
    assert recordings.done("pay", "", "register", "amount: 10", "金额") == {
        "refused": "pay", "with": {"decision": "register", "amount": 10}, "because": "金额",
    }  # fmt: skip
