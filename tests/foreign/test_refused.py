"""Files that are refused: each with a sentence, quickly, whatever they try."""

import time

import pytest

from app.engine.foreign import translate
from app.engine.foreign.reading import MAX_DEPTH, MAX_ELEMENTS, MAX_LANES, MAX_NODES
from app.engine.xml import BPMN, MAX_BYTES
from app.errors import Refused

HEAD = f'<definitions xmlns="{BPMN}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
PROCESS = '<process id="p"><startEvent id="s"/></process>'
DOCTYPE = f'<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}{PROCESS}&x;</definitions>'


def whole(inside: str) -> bytes:
    return f"{HEAD}{inside}</definitions>".encode()


REFUSED = {
    "nothing": (b"", "not_xml"),
    "zip": (b"PK\x03\x04" + bytes(200), "not_xml"),
    "cut": (whole(PROCESS)[:-20], "not_xml"),
    "wrong_encoding": (b'<?xml version="1.0" encoding="UTF-16"?>' + whole(PROCESS), "not_xml"),
    "unknown_encoding": (b'<?xml version="1.0" encoding="klingon"?>' + whole(PROCESS), "not_xml"),
    "doctype": (DOCTYPE.encode(), "doctype"),
    "doctype_utf16": (DOCTYPE.encode("utf-16"), "doctype"),
    "large": (whole(" " * MAX_BYTES), "too_large"),
    "many": (whole("<message/>" * MAX_ELEMENTS), "too_large"),
    "deep": (whole("<process>" * (MAX_DEPTH + 1) + "</process>" * (MAX_DEPTH + 1)), "too_large"),
    "nodes": (whole(f"<process>{'<task/>' * (MAX_NODES + 1)}</process>"), "too_many_nodes"),
    "lanes": (whole(f"<process><laneSet>{'<lane/>' * (MAX_LANES + 1)}</laneSet></process>"), "too_many_nodes"),
    "html": (b"<html><body/></html>", "not_bpmn"),
    "other_namespace": (whole(PROCESS).replace(b"20100524", b"20991231"), "not_bpmn"),
    "decision": (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "not_bpmn"),
    "import": (whole(f'<import location="http://example.org/a.wsdl"/>{PROCESS}'), "external"),
    "include": (whole('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'), "external"),
    "no_process": (whole('<message id="m"/>'), "no_process"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_diagram_is_refused_in_a_sentence(name: str) -> None:
    content, code = REFUSED[name]

    with pytest.raises(Refused) as caught:
        translate(content)

    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.message.endswith("。")
    assert "root:" not in caught.value.message


def test_process_asked_for_must_be_there_and_its_new_id_be_a_word() -> None:
    with pytest.raises(Refused, match=r"文件里没有“别的”，有：p。"):
        translate(whole(PROCESS), process="别的")
    with pytest.raises(Refused, match="流程编号“A B”应由英文小写字母"):
        translate(whole(PROCESS), key="A B")


SLOW = {
    "commas": f'<userTask id="t" camunda:candidateGroups="{"," * 300_000}{{"/>',
    "brackets": '<userTask id="t"><extensionElements><camunda:taskListener event="create" expression="'
    f"execution.setVariable('a',{')  ' * 100_000}x" + '"/></extensionElements></userTask>',
    "expression": f'<sequenceFlow id="f" sourceRef="s" targetRef="s"><conditionExpression>${{{"(" * 900_000}'
    "</conditionExpression></sequenceFlow>",
    "chain": f'<scriptTask id="t" scriptFormat="groovy"><script>x = {"a+" * 900}a</script></scriptTask>',
    "ids": f'<userTask id="{"0" * 900_000}"/>',
    "performers": '<userTask id="t"><potentialOwner><formalExpression>'
    f'{"user(" * 300_000}</formalExpression></potentialOwner></userTask>',
    "repeats": '<userTask id="t"/>' * 500,
    "ring": "".join(f'<sequenceFlow sourceRef="n{i}" targetRef="n{j}"/>' for i in range(60) for j in range(60))
    + "".join(f'<userTask id="n{i}"/>' for i in range(60)),
    "listeners": f'<task id="t"><extensionElements>{"<camunda:taskListener/>" * 15_000}</extensionElements></task>',
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_nothing_keeps_the_reader_busy(name: str) -> None:
    content = whole(f'<process id="{"p" * 70}"><startEvent id="s"/>{SLOW[name]}</process>')
    begin = time.thread_time()

    assert len(translate(content).dropped) <= 320

    assert time.thread_time() - begin < 2
