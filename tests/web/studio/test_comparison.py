"""A draft beside the version it is based on: every kind of change told in words, a diagram's on the drawing."""

from tests.web.studio.conftest import Studio
from tests.web.studio.test_workspace import sqlite_only

JSON = {"Accept": "application/json"}


def change(studio: Studio, path: str, old: str, new: str) -> None:
    found = studio.client.get(studio.url(f"/content/{path}")).json
    assert old in found["content"], path
    said = {"content": found["content"].replace(old, new, 1), "revision": found["revision"]}
    assert studio.client.put(studio.url(f"/content/{path}"), json=said).status_code == 200


@sqlite_only
def test_a_draft_is_compared_with_its_base_and_a_diagram_on_the_drawing(studio: Studio, version: int) -> None:
    asked = f"old=version:{version}&new=draft:{studio.draft}"
    change(studio, "parameters.yaml", "unit_publicity_wd: {value: 5", "unit_publicity_wd: {value: 7")
    change(studio, "committees.csv", "2023-10-31", "2023-11-03")
    change(studio, "diagrams/payment.bpmn", 'value="payment"', 'value="payment_2024"')
    change(studio, "decisions/insurance.dmn", "<text>12</text>", "<text>18</text>")
    change(studio, "forms/payment.json", '"label": "', '"label": "本年')
    page = studio.client.get(f"/studio/compare?{asked}").text
    for words in (
        "单位公示天数", "5工作日", "7工作日", "网上申报截止：“2023-10-31” → “2023-11-03”",
        "属性 form：“payment” → “payment_2024”", "须满（月）：“12” → “18”", "本年", "文号", "通知名称",
    ):  # fmt: skip
        assert words in page, words
    assert "acceptance.bpmn" not in page
    assert "form8.typ" not in page
    drawn = studio.client.get(f"/studio/compare/diagram?{asked}&path=diagrams/payment.bpmn").text
    assert 'data-island="studio-diff"' in drawn
    assert '"kind": "changed"' in drawn
    same = studio.client.get(f"/studio/compare?old=version:{version}&new=version:{version}").text
    assert "两者相同" in same
    for wrong in ("old=x&new=y", f"{asked[:-1]}99999", f"{asked}&path=forms/payment.json"):
        address = "/studio/compare/diagram" if "path" in wrong else "/studio/compare"
        assert studio.client.get(f"{address}?{wrong}", headers=JSON).status_code == 404, wrong
