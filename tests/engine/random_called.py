"""What the random diagrams call: three processes and a decision table, always the same."""

from tests.engine import tiny

PERSON = {"form": "form", "role": "clerk"}
_INSIDE = {
    "called": tiny.start("cs") + tiny.user("one", **PERSON) + tiny.script("two", "z = 1")
    + tiny.user("three", **PERSON) + tiny.end("ce"),
    "late": tiny.start("begin1", tiny.timer("days(2)")) + tiny.user("lone", **PERSON) + tiny.end("le"),
    "narrow": '<bpmn:ioSpecification id="io"><bpmn:dataInput id="k" name="k"/><bpmn:dataOutput id="z" name="z"/>'
    '<bpmn:inputSet id="in"><bpmn:dataInputRefs>k</bpmn:dataInputRefs></bpmn:inputSet>'
    '<bpmn:outputSet id="out"><bpmn:dataOutputRefs>z</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>'
    + tiny.start("ns") + tiny.user("inward", **PERSON) + tiny.script("outward", "z = k + 1") + tiny.end("ne"),
}  # fmt: skip
_FLOWS = {"called": "cs>one>two>three>ce", "late": "begin1>lone>le", "narrow": "ns>inward>outward>ne"}
_GRADE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="grades"
 name="grade" namespace="urn:x">
<decision id="grade" name="grade"><decisionTable id="table" hitPolicy="UNIQUE">
<input id="asked" label="k"><inputExpression id="asks" typeRef="integer"><text>k</text></inputExpression></input>
<output id="given" label="g" name="g" typeRef="string" />
<rule id="low"><inputEntry id="low_if"><text>? &lt; 3</text></inputEntry>
<outputEntry id="low_is"><text>"low"</text></outputEntry></rule>
<rule id="high"><inputEntry id="high_if"><text>? >= 3</text></inputEntry>
<outputEntry id="high_is"><text>"high"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""

CALLED: dict[str, bytes] = {
    f"{key}.bpmn": tiny.document(tiny.process(key, inner, _FLOWS[key])) for key, inner in _INSIDE.items()
} | {"grade.dmn": _GRADE}
