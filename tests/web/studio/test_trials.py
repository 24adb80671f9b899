"""Trying a table and a form of a draft: the engine's answer, the server's check, the page inside the preview."""

import json
from pathlib import Path

import pytest

from tests.support.website import enter
from tests.web.studio.conftest import Studio

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)
ROOT = Path(__file__).parents[3]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_table_is_checked_and_answers(studio: Studio) -> None:
    content = read("tests/support/fee.dmn").replace("<text>420</text>", "<text></text>")
    said = studio.client.post(studio.url("/try"), json={"content": content, "inputs": {"level": "junior"}})
    assert [each["code"] for each in said.json["findings"]] == ["empty_output"]
    assert [each["amount"] for each in said.json["answer"]["outputs"]] == [120]
    assert studio.client.post(studio.url("/try"), json={"content": content}).json["answer"] is None
    assert studio.client.post(studio.url("/try"), json={}).status_code == 422


def test_form_is_checked_with_a_sample_and_with_what_is_filled(studio: Studio) -> None:
    content = read("forms/declaration.json")
    sample = studio.client.post(studio.url("/check"), json={"content": content}).json
    assert (sample["findings"], sample["problems"]) == ([], [])
    values = {**sample["values"], "mobile": "12"}
    said = studio.client.post(studio.url("/check"), json={"content": content, "values": values}).json
    assert [(each["field"], each["message"]) for each in said["problems"]] == [
        ("mobile", "手机号码有误，请核对；应为11位。")
    ]


def test_options_of_the_drafts_own_forms_give_the_words(studio: Studio) -> None:
    form = json.loads(read("forms/declaration.json"))
    field = next(each for part in form["components"] for each in part.get("components", []) if each["key"] == "sex")
    field["values"].append({"label": "未说明", "value": "unstated"})
    path = studio.url("/content/forms/declaration.json")
    assert studio.client.put(path, json={"content": json.dumps(form), "revision": 0}).status_code == 200
    assert studio.client.get(studio.url("/choices")).json["choices"]["sex"] == {
        "male": "男", "female": "女", "unstated": "未说明",
    }  # fmt: skip


def test_preview_may_be_framed_by_the_editor_alone(studio: Studio) -> None:
    page = studio.client.get(studio.url("/preview"))
    assert page.status_code == 200
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


def test_editors_know_where_to_ask(studio: Studio) -> None:
    page = studio.client.get(studio.url("/files/decisions/insurance.dmn")).text
    assert 'data-island="studio-decision"' in page
    assert f'"try": "{studio.url("/try")}"' in page


def test_strangers_are_refused(studio: Studio) -> None:
    stranger = enter(studio.app, "zhang.lin")
    assert stranger.get(studio.url("/preview")).status_code == 403
    assert stranger.post(studio.url("/check"), json={"content": "{}"}).status_code == 403
