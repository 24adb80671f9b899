"""Tiny diagrams written as text, for tests of the engine: `flow("a>b>c; g>x[cond]; g>y!")`, `!` marks the default."""

import re

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' id="definitions" targetNamespace="urn:zhiping">'
)


def document(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "</bpmn:definitions>").encode()


def process(key: str, elements: str, flows: str) -> str:
    elements, drawn = _drawn(key, elements, flows)
    return f'<bpmn:process id="{key}" isExecutable="true">{elements}{drawn}</bpmn:process>'


def subprocess(key: str, elements: str, flows: str, kind: str = "subProcess") -> str:
    elements, drawn = _drawn(key, elements, flows)
    return f'<bpmn:{kind} id="{key}">{elements}{drawn}</bpmn:{kind}>'


def start(key: str = "s", inner: str = "") -> str:
    return f'<bpmn:startEvent id="{key}">{inner}</bpmn:startEvent>'


def end(key: str = "e", inner: str = "") -> str:
    return f'<bpmn:endEvent id="{key}">{inner}</bpmn:endEvent>'


def user(key: str, **properties: str) -> str:
    return f'<bpmn:userTask id="{key}" name="{key}">{extensions(properties)}</bpmn:userTask>'


def script(key: str, text: str) -> str:
    return f'<bpmn:scriptTask id="{key}"><bpmn:script><![CDATA[{text}]]></bpmn:script></bpmn:scriptTask>'


def call(key: str, called: str, pre: str = "", **properties: str) -> str:
    inside = extensions(properties, pre)
    return f'<bpmn:callActivity id="{key}" name="{key}" calledElement="{called}">{inside}</bpmn:callActivity>'


def gateway(key: str, kind: str = "exclusive") -> str:
    return f'<bpmn:{kind}Gateway id="{key}"/>'


def boundary(key: str, host: str, inner: str, interrupting: bool = True) -> str:
    cancel = "true" if interrupting else "false"
    return (
        f'<bpmn:boundaryEvent id="{key}" attachedToRef="{host}" cancelActivity="{cancel}">{inner}</bpmn:boundaryEvent>'
    )


def catch(key: str, inner: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{key}">{inner}</bpmn:intermediateCatchEvent>'


def timer(expression: str) -> str:
    """At the instant that the expression gives."""
    return _timer("timeDate", expression)


def duration(expression: str) -> str:
    return _timer("timeDuration", expression)


def cycle(expression: str) -> str:
    return _timer("timeCycle", expression)


def _timer(kind: str, expression: str) -> str:
    time = f'<bpmn:{kind} xsi:type="bpmn:tFormalExpression"><![CDATA[{expression}]]></bpmn:{kind}>'
    return f"<bpmn:timerEventDefinition>{time}</bpmn:timerEventDefinition>"


def message(name: str, variable: str = "") -> str:
    inside = f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>" if variable else ""
    wrapped = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>" if inside else ""
    return f'<bpmn:messageEventDefinition messageRef="{name}">{wrapped}</bpmn:messageEventDefinition>'


def messages(*names: str) -> str:
    return "".join(f'<bpmn:message id="{name}" name="{name}"/>' for name in names)


def error(code: str) -> str:
    return f'<bpmn:errorEventDefinition errorRef="{code}"/>'


def errors(*codes: str) -> str:
    return "".join(f'<bpmn:error id="{code}" name="{code}" errorCode="{code}"/>' for code in codes)


def extensions(properties: dict[str, str], pre: str = "") -> str:
    items = "".join(f'<spiffworkflow:property name="{key}" value="{value}"/>' for key, value in properties.items())
    listed = f"<spiffworkflow:properties>{items}</spiffworkflow:properties>" if items else ""
    before = f"<spiffworkflow:preScript><![CDATA[{pre}]]></spiffworkflow:preScript>" if pre else ""
    return f"<bpmn:extensionElements>{before}{listed}</bpmn:extensionElements>" if listed or before else ""


def _drawn(key: str, elements: str, flows: str) -> tuple[str, str]:
    """The elements with their default flows named, and the flows."""
    drawn, defaults = _flows(flows, key)
    for node, flow in defaults.items():
        elements = elements.replace(f'id="{node}"', f'id="{node}" default="{flow}"')
    return elements, drawn


def _flows(text: str, scope: str) -> tuple[str, dict[str, str]]:
    drawn, defaults = [], {}
    for chain in filter(None, (part.strip() for part in text.split(";"))):
        before = None
        for step in re.findall(r"[^>\[]+(?:\[[^\]]*\])?", chain):
            target, _, condition = step.strip().partition("[")
            condition, default = condition.rstrip("]"), target.endswith("!")
            target = target.rstrip("!").strip()
            if before is not None:
                key = f"{scope}_{len(drawn)}_{before}_{target}"
                drawn.append(_flow(key, before, target, condition))
                if default:
                    defaults[before] = key
            before = target
    return "".join(drawn), defaults


def _flow(key: str, source: str, target: str, condition: str) -> str:
    expression = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"><![CDATA[{condition}]]>'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{expression}</bpmn:sequenceFlow>'
