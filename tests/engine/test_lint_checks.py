"""What the linter takes for right and wrong beyond the twins: exemptions and harder cases."""

import pytest

from app.engine.lint import Vocabulary, lint
from app.engine.xml import NAMESPACES

DRAWING = {"missing_shape", "missing_edge"}  # these diagrams are not drawn
SPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
CHECK = '<bpmn:userTask id="check">{}</bpmn:userTask>'


LATE = """<bpmn:timerEventDefinition id="t"><bpmn:timeDate>deadline("unit_publicity")</bpmn:timeDate>
</bpmn:timerEventDefinition>"""


def deadline(key: str) -> str:
    return key


VOCABULARY = Vocabulary(
    functions=dict.fromkeys(("deadline", "parameter", "decide", "holder"), deadline),
    parameters=frozenset({"unit_publicity"}),
    forms={"unit_check": frozenset({"decision", "score"}), "totals": frozenset({"sum"})},
    roles=frozenset({"unit_clerk"}),
    lanes={"单位": frozenset({"unit_clerk"})},
)


def properties(**values: str) -> str:
    inner = "".join(f'<spiffworkflow:property name="{k}" value="{v}"/>' for k, v in values.items())
    extension = f"<spiffworkflow:properties>{inner}</spiffworkflow:properties>"
    return f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"


TASK = CHECK.format(properties(form="unit_check", role="unit_clerk"))


def script(node_id: str, source: str) -> str:
    return f'<bpmn:scriptTask id="{node_id}"><bpmn:script>{source}</bpmn:script></bpmn:scriptTask>'


def boundary(node_id: str, host: str, inner: str = "") -> str:
    return f'<bpmn:boundaryEvent id="{node_id}" attachedToRef="{host}">{inner or LATE}</bpmn:boundaryEvent>'


def flows(*pairs: str) -> str:
    ends = [pair.split(">") for pair in pairs]
    return "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ends)


def process(*parts: str, key: str = "sample") -> bytes:
    inner = "".join(parts)
    start, end = f'<bpmn:startEvent id="{key}_start"/>', f'<bpmn:endEvent id="{key}_end"/>'
    body = f'<bpmn:process id="{key}" isExecutable="true">{start}{inner}{end}</bpmn:process>'
    return f'<bpmn:definitions {SPACES} id="d" targetNamespace="n">{body}</bpmn:definitions>'.encode()


def found(*parts: str, **called: bytes) -> set[tuple[str, str | None]]:
    files = {"sample.bpmn": process(*parts)} | {f"{name}.bpmn": content for name, content in called.items()}
    return {(f.code, f.element) for f in lint(files, VOCABULARY) if f.code not in DRAWING}


MAIN = flows("sample_start>check", "check>sample_end")
LATE_END = '<bpmn:endEvent id="lapsed"><bpmn:terminateEventDefinition id="x"/></bpmn:endEvent>'


def task(**values: str) -> str:
    return CHECK.format(properties(**values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"form": "unit_check", "role": "unit_clerk"}, set()),
        ({"form": "caller", "role": "caller", "deadline": "caller", "organisation": "caller"}, set()),
        ({"form": "unit_check", "role": "holder(1)", "organisation": "holder(2)"}, set()),
        ({"form": "unit_check", "role": "unit_clerk", "deadline": "unit_publicity"}, set()),
        ({"form": "unit_check", "role": "unit_clerk", "deadline": "nowhere"}, {("unknown_parameter", "check")}),
        ({"form": "totals", "role": "unit_clerk"}, {("field_shadows_function", "check")}),
        ({"form": "unit_check", "role": "finder(1)"}, {("unknown_function", "check")}),
        ({"form": "unit_check", "role": "unit_clerk", "organisation": "finder(2)"}, {("unknown_function", "check")}),
    ],
)
def test_properties_of_a_user_task(values: dict[str, str], expected: set) -> None:
    assert found(task(**values), MAIN) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = parameter(level)", set()),
        ("level = 1\na = parameter(str(level))", set()),
        ('a = decide("nowhere")', {("unknown_decision", "check")}),
        ('a = deadline("nowhere")', {("unknown_parameter", "check")}),
    ],
)
def test_names_written_out_are_looked_up(source: str, expected: set) -> None:
    assert found(script("check", source), MAIN) == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ('deadline("unit_publicity")', set()),
        ("P5D", {("bare_timer", "check")}),
        ("'P5D'", {("bare_timer", "check")}),
        ("2023-10-09T00:00:00+08:00", {("bare_timer", "check")}),
        ("R3/P1D", {("bare_timer", "check")}),
        ("due_on", set()),
        ("unit_publicity(", {("script_syntax", "check")}),
    ],
)
def test_time_of_a_timer(time: str, expected: set) -> None:
    timer = f'<bpmn:timerEventDefinition id="t"><bpmn:timeDate>{time}</bpmn:timeDate></bpmn:timerEventDefinition>'

    assert found(f'<bpmn:intermediateCatchEvent id="check">{timer}</bpmn:intermediateCatchEvent>', MAIN) == expected


def test_condition_passes_the_gate_of_scripts() -> None:
    gateway = '<bpmn:exclusiveGateway id="check" name="是否齐全？" default="check_sample_end"/>'
    condition = "<bpmn:conditionExpression>finder(1)</bpmn:conditionExpression>"
    flow = f'<bpmn:sequenceFlow id="yes" name="是" sourceRef="check" targetRef="lapsed">{condition}</bpmn:sequenceFlow>'
    main = MAIN.replace('id="check_sample_end"', 'id="check_sample_end" name="否"')

    assert found(gateway, main, flow, LATE_END) == {("unknown_function", "yes")}


def test_end_shared_with_the_main_flow_may_be_plain() -> None:
    remind = script("remind", "a = 1")

    assert found(TASK, boundary("late", "check"), remind, MAIN, flows("late>remind", "remind>sample_end")) == set()


def test_error_end_after_a_boundary_is_accepted() -> None:
    end = '<bpmn:endEvent id="lapsed"><bpmn:errorEventDefinition id="x"/></bpmn:endEvent>'

    assert found(TASK, boundary("late", "check"), end, MAIN, flows("late>lapsed")) == set()


HOST = f"""<bpmn:subProcess id="check"><bpmn:startEvent id="a"/>{script("b", "opinion = 1")}<bpmn:endEvent id="c"/>
{flows("a>b", "b>c")}</bpmn:subProcess>"""


def lost(*after: str, before: str = "other = 1", host: str = HOST) -> set:
    line = flows("sample_start>first", "first>check", "check>sample_end", "late>read", "read>lapsed")
    return found(script("first", before), host, boundary("late", "check"), *after, LATE_END, line)


LOST = {("lost_variable", "read")}


def test_variable_of_the_left_scope_is_lost() -> None:
    assert lost(script("read", "x = opinion")) == LOST


def test_variable_set_before_the_scope_is_kept() -> None:
    assert lost(script("read", "x = opinion"), before="opinion = 0") == set()


def test_variable_set_again_before_it_is_read_is_kept() -> None:
    assert lost(script("read", "opinion = 2\nx = opinion")) == set()


def test_variable_read_before_it_is_set_again_is_lost() -> None:
    assert lost(script("read", "opinion = opinion + 1")) == LOST
    assert lost(script("read", "opinion += 1")) == LOST


def test_loop_variable_of_a_comprehension_is_no_reading() -> None:
    assert lost(script("read", "x = [opinion for opinion in rows]")) == set()


def test_answer_of_an_unfinished_task_is_lost() -> None:
    assert lost(script("read", 'x = decision == "accept"'), host=TASK) == LOST
    assert lost(script("read", "x = score"), host=TASK) == LOST


def test_variable_of_a_called_process_is_lost() -> None:
    call = '<bpmn:callActivity id="check" calledElement="inner"/>'
    called = process(script("set", "opinion = 1"), flows("inner_start>set", "set>inner_end"), key="inner")
    line = flows("sample_start>check", "check>sample_end", "late>read", "read>lapsed")

    assert found(call, boundary("late", "check"), script("read", "x = opinion"), LATE_END, line, inner=called) == LOST


def test_message_payload_of_the_boundary_is_kept() -> None:
    payload = "<spiffworkflow:messageVariable>opinion</spiffworkflow:messageVariable>"
    event = f'<bpmn:extensionElements>{payload}</bpmn:extensionElements><bpmn:messageEventDefinition id="m"/>'
    line = flows("sample_start>check", "check>sample_end", "late>read", "read>lapsed")

    assert found(HOST, boundary("late", "check", event), script("read", "x = opinion"), LATE_END, line) == set()


def test_variable_read_after_another_round_through_the_host_is_kept() -> None:
    """The boundary leads back before the host; what follows the host's own end has the variable."""
    after = script("read", "x = decision")
    line = flows("sample_start>check", "check>read", "read>sample_end", "late>again", "again>check")

    assert found(TASK, boundary("late", "check"), script("again", "y = 1"), after, line) == set()


def test_processes_that_call_in_a_circle_are_refused() -> None:
    call = '<bpmn:callActivity id="check" calledElement="inner"/>'
    back = '<bpmn:callActivity id="back" calledElement="sample"/>'
    inner = process(back, flows("inner_start>back", "back>inner_end"), key="inner")

    assert found(call, MAIN, inner=inner) == {("recursive_call", "check"), ("recursive_call", "back")}
