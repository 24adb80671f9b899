"""Another system's diagram for the editor: in our words, with what has to be seen to; nothing is saved."""

import io
from pathlib import Path
from typing import Any

import pytest

from tests.web.studio.conftest import Studio

CAMUNDA = Path(__file__).parents[2] / "foreign" / "camunda"


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_a_camunda_diagram_is_given_to_the_editor_and_not_saved(studio: Studio) -> None:
    def take_over(content: bytes, path: str = "diagrams/climb.bpmn", process: str = "") -> tuple[int, Any]:
        said = {"file": (io.BytesIO(content), "any.bpmn"), "process": process}
        wants = {"Accept": "application/json"}
        answer = studio.client.post(
            studio.url(f"/take-over/{path}"), data=said, content_type="multipart/form-data", headers=wants
        )
        return answer.status_code, answer.json

    before = studio.client.get(studio.url("/content/diagrams/climb.bpmn")).json
    status, found = take_over((CAMUNDA / "delegates.bpmn").read_bytes())
    assert (status, found["dialect"]) == (200, "Camunda 7")
    assert '<bpmn:process id="climb"' in found["content"]
    assert all(each["what"] and each["instead"] for each in found["dropped"])
    assert take_over((CAMUNDA / "gb_encoded.bpmn").read_bytes())[0] == 200
    pools = (CAMUNDA / "pools_and_messages.bpmn").read_bytes()
    assert take_over(pools)[1]["others"] == ["申报单位"]
    status, unit = take_over(pools, process="申报单位")
    assert (status, unit["others"], "递交" in unit["content"]) == (200, ["办事机构"], True)
    for broken in (b"", b"<", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'):
        status, said = take_over(broken)
        assert (status, bool(said["problems"][0]["message"])) == (422, True)
    assert take_over(b"<a/>", "decisions/insurance.dmn")[0] == 404
    assert studio.client.get(studio.url("/content/diagrams/climb.bpmn")).json == before
