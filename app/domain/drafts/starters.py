"""What a new file begins with: the smallest of its kind that is sound, or a copy of another under the new name."""

import json
from pathlib import PurePosixPath

from app.domain.drafts.paths import FOLDERS

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="definitions_{stem}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="{stem}" name="{stem}" isExecutable="true">
    <bpmn:startEvent id="start" name="开始"><bpmn:outgoing>flow_end</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="end" name="结束"><bpmn:incoming>flow_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="flow_end" sourceRef="start" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="drawing_{stem}"><bpmndi:BPMNPlane id="plane_{stem}" bpmnElement="{stem}">
    <bpmndi:BPMNShape id="shape_start" bpmnElement="start"><dc:Bounds x="160" y="100" width="36" height="36" /><bpmndi:BPMNLabel><dc:Bounds x="167" y="143" width="22" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="shape_end" bpmnElement="end"><dc:Bounds x="420" y="100" width="36" height="36" /><bpmndi:BPMNLabel><dc:Bounds x="427" y="143" width="22" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="edge_end" bpmnElement="flow_end"><di:waypoint x="196" y="118" /><di:waypoint x="420" y="118" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501
_DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_{stem}" name="{stem}" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="{stem}" name="{stem}">
    <decisionTable id="table_{stem}" hitPolicy="FIRST">
      <input id="input_category" label="人员类别"><inputExpression id="expression_category" typeRef="string"><text>category</text></inputExpression></input>
      <output id="output_result" label="结果" name="result" typeRef="string" />
      <rule id="rule_1"><inputEntry id="cell_1"><text></text></inputEntry><outputEntry id="value_1"><text>""</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""  # noqa: E501
_FORM = {
    "type": "default",
    "id": "{stem}",
    "schemaVersion": 19,
    "components": [
        {"type": "textarea", "key": "opinion", "label": "意见", "id": "{stem}_opinion", "validate": {"maxLength": 500}}
    ],
}
_STARTERS = {
    "diagrams": _DIAGRAM,
    "decisions": _DECISION,
    "forms": json.dumps(_FORM, ensure_ascii=False, indent=1) + "\n",
    "documents": '#import "/common.typ": *\n',
    "scenarios": "# 情景：在本通知上走一遍，写明每一步和结果。\n",
}


def of(kind: str, path: str, like: tuple[str, str] | None = None) -> str:
    """The content of a new file at `path`; `like` is path and content of the one it copies, renamed inside."""
    stem = PurePosixPath(path).stem
    if like is None:
        return _STARTERS[kind].replace("{stem}", stem)
    old = PurePosixPath(like[0]).name.removesuffix(FOLDERS[kind])
    return like[1].replace(f'"{old}"', f'"{stem}"')
