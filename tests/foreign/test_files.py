"""Sixty files as Camunda 7, Flowable and Signavio write them: what comes over, and what the designer is told."""

import re
from collections import Counter

import pytest
import yaml

from app.cli.places import DIAGRAMS
from app.engine.foreign import translate
from app.engine.lint import lint
from app.engine.xml import parse
from tests.foreign.support import DIALECTS, FILES, HERE, found, property_of, translated, vocabulary

TOLD = yaml.safe_load((HERE / "told.yaml").read_text(encoding="utf-8"))
UNWEIGHTY = {"display", "technical"}
BROKEN = {"xsd", "not_xml", "duplicate_id", "missing_shape", "missing_edge", "several_processes", "process_file_name"}


def test_there_are_twenty_files_of_each_dialect() -> None:
    names = [f"{path.parent.name}/{path.stem}" for path in FILES]

    assert names == sorted(TOLD)
    assert [sum(name.startswith(f"{dialect}/") for name in names) for dialect in DIALECTS] == [20, 20, 20]


@pytest.mark.parametrize("name", sorted(TOLD))
def test_file_becomes_a_diagram_that_is_whole_and_drawn(name: str) -> None:
    translation = translated(name)
    findings = lint({f"{translation.process}.bpmn": translation.content}, vocabulary())

    assert sorted({entry.code for entry in translation.dropped} - UNWEIGHTY) == TOLD[name]
    assert translation.dialect in (DIALECTS[name.partition("/")[0]], "Activiti", "Camunda 7", "BPMN 2.0")
    assert [f for f in findings if f.code in BROKEN] == []
    ids = set(found(translation, "//bpmn:*/@id"))
    assert {entry.element for entry in translation.dropped} - {None} <= ids
    for entry in translation.dropped:
        assert entry.what.endswith(("。", "处）"))
        assert entry.instead.endswith(("。", "）"))


def test_diagrams_of_ours_come_over_unchanged() -> None:
    files = {path.name: path.read_bytes() for path in sorted(DIAGRAMS.iterdir()) if path.suffix in (".bpmn", ".dmn")}
    translations = {name: translate(content) for name, content in files.items() if name.endswith(".bpmn")}
    again = files | {f"{each.process}.bpmn": each.content for each in translations.values()}

    assert [entry for each in translations.values() for entry in each.dropped] == []
    assert lint(again, vocabulary()) == []
    for name, translation in translations.items():
        assert said(translation.content) == said(files[name]), name


def said(content: bytes) -> Counter[tuple[str, str, str]]:
    """Everything a diagram says: tag, attributes and text of each element and shape that is not a mere holder."""
    whole = ("definitions", "BPMNDiagram", "BPMNPlane")
    nodes = [node for node in parse(content).iter("{*}*") if (node.get("id") or not len(node))]
    return Counter(
        (
            node.tag,
            str(sorted((key, _figure(text)) for key, text in node.attrib.items() if text)),
            (node.text or "").strip() if not len(node) else "",
        )
        for node in nodes
        if not node.tag.endswith(whole)
    )


def _figure(text: str) -> str:
    """A coordinate without the zeros that say nothing."""
    return f"{float(text):g}" if re.fullmatch(r"-?\d+(\.\d+)?", text) else " ".join(text.split())


def test_groups_forms_and_the_initiator_become_properties() -> None:
    camunda, flowable = translated("camunda/approve_by_group"), translated("flowable/approve_by_group")

    assert property_of(camunda, "fill") == {"form": "leave_form", "role": "applicant"}
    assert property_of(camunda, "approve") == {"form": "unit_check", "role": "unit_head", "deadline": "unit_check"}
    assert property_of(flowable, "fill") == {"form": "leave", "role": "applicant"}
    assert property_of(translated("flowable/potential_owner"), "task") == {"form": "a", "role": "unit_clerk"}


def test_lane_gives_its_role_to_tasks_that_name_nobody() -> None:
    signavio = translated("signavio/lanes")
    tasks = found(signavio, "//bpmn:userTask/@id")

    assert [property_of(signavio, task) for task in tasks] == [{"role": "applicant"}, {"role": "district_tro"}]
    assert found(signavio, "//bpmn:task/@name") == ["归档"]
    assert found(signavio, "//bpmn:lane[@name='系统']/bpmn:flowNodeRef") == ["imported_task_2"]
    assert property_of(translated("flowable/lanes"), "laned_user_task_1")["role"] == "district_tro"


def test_conditions_are_put_into_python_or_left_as_written() -> None:
    conditions = found(translated("camunda/conditions"), "//bpmn:conditionExpression")

    assert conditions == [
        "amount > 1000 and bool(reason)",
        "${riskBean.isHigh(amount)}",
        "decision == 'b' or count < 2",
    ]


def test_scripts_listeners_and_mappings_become_assignments() -> None:
    listening, carrying = translated("camunda/listeners"), translated("camunda/input_output")
    calling, scripting = translated("camunda/call_activity"), translated("camunda/scripts")

    assert found(listening, "//spiffworkflow:preScript") == ["level = 'unit'"]
    assert found(listening, "//spiffworkflow:postScript") == ["seen = True"]
    assert found(carrying, "//spiffworkflow:preScript") == [
        "title = f'关于{applicant}的材料'\nsteps = ['一', second]\nrates = {'a': '1'}"
    ]
    assert found(carrying, "//spiffworkflow:postScript") == ["outcome = decision == 'pass'"]
    assert found(calling, "//spiffworkflow:preScript") == ["amount = fee\ndoubled = fee * 2"]
    assert found(calling, "//bpmn:callActivity/@calledElement") == ["payment"]
    assert found(scripting, "//bpmn:script")[0] == "passed = score >= 60\ngrade = 'A' if score > 90 else 'B'"
    assert found(scripting, "//bpmn:script")[2] == "total = a + b"


def test_written_times_become_deadlines_the_notice_must_define() -> None:
    times = translated("camunda/timers")

    assert found(times, "//bpmn:timeDate") == [
        'deadline("monday")', 'deadline("wait")', 'deadline("remind")', 'deadline("late")', "dueAt",
    ]  # fmt: skip
    said = {entry.element: entry.what for entry in times.dropped}
    assert said["wait"] == "“等三天”：过一段时间的时间 3日4小时 改成了期限 wait。"
    assert said["remind"] == "“催办”：重复到时的时间 每24小时一次，共3次 改成了期限 remind。"
    assert said["late"] == "“到期”：到某日的时间 2024-05-31 改成了期限 late。"


def test_decisions_and_loops_are_named_as_ours() -> None:
    assert found(translated("camunda/decision"), "//spiffworkflow:calledDecisionId") == ["fee"]
    assert found(translated("flowable/service_kinds"), "//spiffworkflow:calledDecisionId") == ["fee"]
    assert found(translated("flowable/service_kinds"), "//bpmn:script") == ["due = total - paid"]
    many = translated("camunda/multi_instance")
    assert found(many, "//bpmn:loopDataInputRef | //bpmn:inputDataItem/@id") == ["members", "member"]
    assert found(many, "//bpmn:loopCardinality") == ["3"]


def test_of_several_pools_the_one_asked_for_comes_over() -> None:
    office, unit = (
        translated("camunda/pools_and_messages"),
        translated("camunda/pools_and_messages", process="申报单位"),
    )

    assert (office.process, office.others) == ("office", ["申报单位"])
    assert found(office, "//bpmn:participant/@name") == ["办事机构"]
    assert (unit.process, found(unit, "//bpmn:task/@name")) == ("unit", ["递交"])
    assert translated("camunda/timers", key="waiting").process == "waiting"


def test_long_ids_become_short_ones_everywhere() -> None:
    translation = translated("signavio/boundary_events")

    assert found(translation, "//bpmn:boundaryEvent/@attachedToRef") == ["imported_sub_process_1"] * 2
    assert set(found(translation, "//bpmn:errorEventDefinition/@errorRef")) == {"imported_error_1"}
    assert found(translation, "//bpmn:error/@errorCode") == ["RETURNED"]
    assert b"sid-" not in translation.content


def test_missing_drawing_is_made() -> None:
    translation = translated("camunda/missing_drawing")
    findings = lint({"undrawn.bpmn": translation.content}, vocabulary())

    assert {f.code for f in findings} & {"missing_shape", "missing_edge", "overlap"} == set()
    assert len(found(translation, "//bpmndi:BPMNShape/@id")) == 8
    folded = translated("signavio/collapsed_subprocess")
    assert found(folded, "//bpmndi:BPMNPlane/@bpmnElement") == ["imported", "imported_sub_process_1"]


def test_other_encodings_are_read_and_utf8_is_written() -> None:
    for name, title in (("camunda/gb_encoded", "汉字编码"), ("flowable/utf16", "宽编码"), ("camunda/due_dates", None)):
        translation = translated(name)
        assert translation.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
        assert title is None or found(translation, "//bpmn:process/@name") == [title]
