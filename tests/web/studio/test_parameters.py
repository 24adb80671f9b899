"""参数: each type in the boxes of its form and back, where a value comes from, who changed it and why."""

import re

import pytest

from app.config import ROOT
from app.domain.drafts import entries, entry_forms, store, yaml_text
from app.domain.parameter_entries import read_entries, read_vocabulary
from tests.support.website import enter
from tests.web.studio.conftest import Studio
from tests.web.studio.test_workspace import sqlite_only

VOCABULARY = read_vocabulary(ROOT / "notices" / "parameters.schema.yaml")


@pytest.mark.parametrize("key", ["n0_2021_experts", "n1_2022_general", "n2_2023_bigdata", "n4_2022_dadukou"])
def test_every_shipped_value_survives_its_form(key: str) -> None:
    for name, entry in read_entries(ROOT / "notices" / key / "parameters.yaml", VOCABULARY).items():
        if "value" in entry:
            spec = VOCABULARY[name]
            again = entry_forms.value_of(spec, entry_forms.boxes_of(spec, entry["value"]))
            if isinstance(again, dict) and "window" in again:  # the end of a window is said aloud
                entry["value"].setdefault("edge", "end")
            assert again == entry["value"], name


def form(studio: Studio, key: str, **more: str) -> dict[str, str]:
    """What the page's form holds, as a browser would send it, with some boxes filled anew."""
    page = studio.client.get(studio.url(f"/parameters/{key}")).text
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    return {"token": token[1], "kind": "printed", "clause": "三(一)", "reason": "按2024年通知", **more}


@sqlite_only
def test_a_parameter_is_changed_with_its_reason_and_shows_its_whole_descent(studio: Studio) -> None:
    listed = studio.client.get(studio.url("/parameters?q=公示天数&state=own")).text
    assert "单位公示天数" in listed
    assert "5工作日" in listed
    assert "任职时间计算截止日" not in listed
    address = studio.url("/parameters/unit_publicity_wd")
    first, late = form(studio, "unit_publicity_wd", value="7"), form(studio, "unit_publicity_wd", value="9")
    assert "请写明修改的原因" in studio.client.post(address, data={**first, "reason": ""}).text
    assert "请填写数字" in studio.client.post(address, data={**first, "value": "七"}).text
    assert "条款：缺少此项" in studio.client.post(address, data={**first, "clause": ""}).text
    assert studio.client.post(address, data=first).status_code == 302
    page = studio.client.get(address).text
    assert "7工作日" in page
    assert "关于进一步做好职称工作的通知" in page
    assert "按2024年通知" in page
    assert "杜思齐" in page
    overtaken = enter(studio.app, "admin").post(address, data=late)
    assert overtaken.status_code == 409
    assert 'value="9"' in overtaken.text


@sqlite_only
def test_who_changes_another_parameter_is_in_nobodys_way_and_the_trail_knows_all(studio: Studio) -> None:
    def save(key: str, said: dict[str, str]) -> None:
        answer = studio.client.post(studio.url(f"/parameters/{key}"), data=said)
        assert answer.status_code == 302, answer.text

    other = form(studio, "pass_fraction", above="3", below="4")
    save("unit_publicity_wd", form(studio, "unit_publicity_wd", value="8"))
    save("pass_fraction", other)
    save("hearing_due", form(studio, "hearing_due", kind="undecided", undecided="市职改办", clause="", note=""))
    fee = {"rows": "4", "row_0_key": "senior", "row_0_value": "500", "row_1_key": "junior", "row_1_value": ""}
    save("fee", form(studio, "fee", **fee))
    save("unit_publicity", form(studio, "unit_publicity", give_up="yes"))
    with studio.app.extensions["database"].reading() as session:
        text = store.text_of(session, store.get(session, studio.draft), "parameters.yaml")[0]
        said = yaml_text.mapping(text)
        trail = entries.trail(session, studio.draft)
        line = entries.line(session, store.get(session, studio.draft), "unit_publicity")
    assert said["unit_publicity_wd"] == {"value": 8, "unit": "工作日", "clause": "三(一)"}
    assert said["pass_fraction"] == {"value": "3/4", "clause": "三(一)"}
    assert said["hearing_due"] == {"undecided": "市职改办"}
    assert said["fee"]["value"] == {"senior": 500, "junior": None}
    assert (line.state, "unit_publicity" in said) == ("above", False)
    assert [(key, each.by) for key, each in trail] == [
        (key, "杜思齐") for key in ("unit_publicity", "fee", "hearing_due", "pass_fraction", "unit_publicity_wd")
    ]
    assert trail[-1][1].old == {"value": 5, "unit": "工作日", "clause": "N2 §四(二)3(1)"}
