"""What modellers number themselves is named in the overview."""

from app.processes.studio.naming import naming

DRAWN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">
<task id="Activity_0000001" name="\xe5\xae\xa1&#10;\xe6\xa0\xb8"/><task id="Activity_0000002"/>
<sequenceFlow id="Flow_0000001" sourceRef="Activity_0000001" targetRef="Activity_0000002"/></process></definitions>"""


def test_numbers_are_told_by_the_names_around_them() -> None:
    named = naming(DRAWN)
    assert named("连线 Flow_0000001 与 Activity_0000001 重合") == "连线 “审核→？” 与 “审核” 重合"
    assert named("Activity_0000002、Flow_9999999") == "Activity_0000002、Flow_9999999"
    assert naming(b"<no")("Flow_0000001") == "Flow_0000001"
