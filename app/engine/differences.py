"""What two states of a diagram or a decision table differ in, element by element, in a designer's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine.xml import BPMN, BPMNDI, Element, XmlRefused, is_bpmn, is_element, local, parse, properties

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
_NAMES = {
    "userTask": "办理环节", "scriptTask": "脚本", "businessRuleTask": "决策", "callActivity": "子流程调用",
    "serviceTask": "服务", "manualTask": "线下环节", "startEvent": "开始", "endEvent": "结束",
    "boundaryEvent": "边界事件", "intermediateCatchEvent": "等待", "intermediateThrowEvent": "事件",
    "exclusiveGateway": "判断", "parallelGateway": "并行", "eventBasedGateway": "事件判断", "sequenceFlow": "连线",
    "subProcess": "子流程", "lane": "泳道", "participant": "参与者", "process": "流程", "textAnnotation": "注释",
}  # fmt: skip
_ATTRIBUTES = {
    "name": "名称", "calledElement": "调用的流程", "default": "默认连线", "sourceRef": "起点", "targetRef": "终点",
    "attachedToRef": "所附的环节", "cancelActivity": "是否中断",
}  # fmt: skip
_TEXTS = {
    "script": "脚本", "conditionExpression": "条件", "timeDuration": "时间", "timeDate": "时间", "timeCycle": "时间",
    "preScript": "前置脚本", "postScript": "后置脚本", "loopCardinality": "重复次数", "completionCondition": "结束条件",
    "calledDecisionId": "决策表", "documentation": "说明", "flowNodeRef": "所含环节", "text": "文字",
}  # fmt: skip
_SIDES = ("x", "y", "width", "height")
_NEAR = 1.0  # pixels


@dataclass(frozen=True)
class Change:
    """`element` is an id, `name` what people call it, `what` the parts that differ, each in a sentence."""

    kind: str
    element: str
    name: str
    what: tuple[str, ...] = ()


def of_diagrams(old: bytes, new: bytes) -> list[Change]:
    """Elements added, removed, changed, and those that only stand elsewhere; one change where a file is unreadable."""
    try:
        before, after = parse(old), parse(new)
    except XmlRefused as refused:
        return [Change(CHANGED, "", "文件", (refused.message,))]
    elements = _elements(before), _elements(after)
    return [*_differing(*elements), *_moved(before, after, set(elements[0]) & set(elements[1]), elements[1])]


def of_tables(old: bytes, new: bytes) -> list[Change]:
    """Columns and rules of a decision table, rules by their ids."""
    try:
        before, after = parse(old), parse(new)
    except XmlRefused as refused:
        return [Change(CHANGED, "", "文件", (refused.message,))]
    return list(_differing(_rules(before), _rules(after)))


@dataclass(frozen=True)
class _Thing:
    name: str
    said: Mapping[str, str]


def _differing(before: Mapping[str, _Thing], after: Mapping[str, _Thing]) -> Iterator[Change]:
    for key, thing in after.items():
        if key not in before:
            yield Change(ADDED, key, thing.name)
        elif before[key].said != thing.said:
            yield Change(CHANGED, key, thing.name, tuple(_parts(before[key].said, thing.said)))
    for key, thing in before.items():
        if key not in after:
            yield Change(REMOVED, key, thing.name)


def _parts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for part in [*new, *(part for part in old if part not in new)]:
        if old.get(part, "") != new.get(part, ""):
            yield f"{part}：{_quoted(old.get(part))} → {_quoted(new.get(part))}"


def _quoted(text: str | None) -> str:
    return f"“{text}”" if text else "无"


def _elements(root: Element) -> dict[str, _Thing]:
    found = {}
    for node in root.iter(f"{{{BPMN}}}*"):
        kind = local(node)
        if kind in _NAMES and node.get("id"):
            own = " ".join((node.get("name") or "").split())
            found[node.get("id")] = _Thing(
                f"{_NAMES[kind]}{_quoted(own) if own else ' ' + node.get('id')}", _said(node)
            )
    return found


def _said(node: Element) -> dict[str, str]:
    """Everything about one element but what lies inside it as an element of its own, and where it is drawn."""
    found = {words: " ".join(node.get(key, "").split()) for key, words in _ATTRIBUTES.items() if node.get(key)}
    if local(node) == "process":
        return {"名称": found.get("名称", "")}
    found |= {f"属性 {key}": value for key, value in properties(node).items()}
    texts: dict[str, list[str]] = {}
    for child in node.iter():
        if is_element(child) and local(child) in _TEXTS and _owner(child) is node:
            texts.setdefault(_TEXTS[local(child)], []).append(" ".join((child.text or "").split()))
    return found | {words: "；".join(each) for words, each in texts.items()}


def _owner(node: Element) -> Element | None:
    owner = node.getparent()
    while owner is not None and not (is_bpmn(owner) and local(owner) in _NAMES):
        owner = owner.getparent()
    return owner


def _moved(before: Element, after: Element, both: set[str], names: Mapping[str, _Thing]) -> Iterator[Change]:
    places = _places(before), _places(after)
    for key in sorted(both & places[0].keys() & places[1].keys()):
        if any(abs(old - new) > _NEAR for old, new in zip(places[0][key], places[1][key], strict=True)):
            yield Change(MOVED, key, names[key].name)


def _places(root: Element) -> dict[str, tuple[float, ...]]:
    found = {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = next((child for child in shape if is_element(child) and local(child) == "Bounds"), None)
        if bounds is not None and shape.get("bpmnElement"):
            found[shape.get("bpmnElement")] = tuple(float(bounds.get(side, "0")) for side in _SIDES)
    return found


def _rules(root: Element) -> dict[str, _Thing]:
    found: dict[str, _Thing] = {}
    for decision in root.iter("{*}decision"):
        name = decision.get("name") or decision.get("id", "")
        policy = [table.get("hitPolicy", "UNIQUE") for table in decision.iter("{*}decisionTable")]
        columns = [each.get("label") or each.get("name") or "" for each in decision.iter("{*}input", "{*}output")]
        found[decision.get("id", "")] = _Thing(
            f"决策表“{name}”", {"命中方式": "".join(policy), "列": "、".join(columns)}
        )
        for number, rule in enumerate(decision.iter("{*}rule"), start=1):
            cells = [(cell.findtext("{*}text") or "").strip() for cell in rule.iter("{*}inputEntry", "{*}outputEntry")]
            note = (rule.findtext("{*}description") or "").strip()
            said = {column: cell or "任意" for column, cell in zip(columns, cells, strict=False)}
            found[rule.get("id", "")] = _Thing(f"第{number}行{_quoted(note) if note else ''}", said | {"说明": note})
    return found
