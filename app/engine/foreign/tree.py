"""The new diagram, built element by element from what a diagram of ours may hold; nothing else comes over."""

from collections.abc import Collection, Mapping

from lxml import etree

from app.engine.foreign import calls, engines, events, parts, tasks
from app.engine.foreign.engines import Said
from app.engine.foreign.expressions import expression
from app.engine.foreign.juel import Untranslatable
from app.engine.foreign.names import Ids
from app.engine.foreign.result import Notes, shortened, titled
from app.engine.lint.model import FLOW_NODES
from app.engine.xml import BPMN, Element, is_bpmn, is_element, local

SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
_DATA = {"dataObject": "数据对象", "dataObjectReference": "数据对象", "dataStoreReference": "数据存储",
         "ioSpecification": "数据的输入输出", "property": "数据属性", "dataInputAssociation": "数据关联",
         "dataOutputAssociation": "数据关联"}  # fmt: skip
_UNHEARD = frozenset({  # said by other parts of the diagram again, or without meaning to a reader of ours
    "incoming", "outgoing", "extensionElements", "documentation", "script", "conditionExpression", "laneSet",
    "potentialOwner", "humanPerformer", "performer", "resourceRole", "rendering", "categoryValueRef", "text",
    "ioBinding", "auditing", "monitoring", "supportedInterfaceRef", *_LOOPS,
})  # fmt: skip


_SIMPLE = {
    "serviceTask": tasks.service, "businessRuleTask": tasks.business_rule, "scriptTask": tasks.script_task,
    "startEvent": tasks.start_event,
}  # fmt: skip


class Tree:
    """Copies one process with all it holds. `kept` is what was copied: old element → new element."""

    def __init__(
        self, ids: Ids, notes: Notes, lanes: Mapping[str, Collection[str]], processes: Mapping[str, str]
    ) -> None:
        """`lanes`: label → roles; `processes`: old id → key, of the file's processes."""
        self._ids, self._notes, self._lanes, self._processes = ids, notes, lanes, processes
        self.kept: dict[Element, Element] = {}
        self._lane_of: dict[str, str] = {}
        self._initiators: frozenset[str] = frozenset()

    def process(self, old: Element, key: str, parent: Element) -> Element:
        new = etree.SubElement(parent, f"{{{BPMN}}}process", id=key)
        self.kept[old] = new
        parts.named(old, new)
        new.set("isExecutable", "true")
        starts = old.iter(f"{{{BPMN}}}startEvent")
        said = {text for s in starts for name, text in s.attrib.items() if name.endswith("}initiator")}
        self._initiators = frozenset(said)
        self._lane_of = {
            (r.text or "").strip(): " ".join((lane.get("name") or "").split())
            for lane in old.iter(f"{{{BPMN}}}lane") for r in lane.findall(f"{{{BPMN}}}flowNodeRef")
        }  # fmt: skip
        settings = engines.read(old, new, self._notes)
        engines.common(settings)
        self._finish(settings, old)
        self._scope(old, new)
        return new

    def _scope(self, old: Element, new: Element) -> None:
        inner = [c for c in old if is_bpmn(c)]
        for lane_set in (c for c in inner if local(c) == "laneSet"):
            if local(old) == "process":
                self._lane_set(lane_set, new, "laneSet")
        for child in inner:
            if local(child) in FLOW_NODES:
                self._node(child, new)
        flows = [c for c in inner if local(c) == "sequenceFlow"]
        for child in inner:
            self._forgotten(child, new, FLOW_NODES | {"sequenceFlow", "textAnnotation", "association"})
        here = {n.get("id") for n in new}
        if local(old) == "process":
            self._placed(old, here)
        for flow in flows:
            self._flow(flow, new, here)
        parts.defaults(old, self.kept, self._ids)
        for child in inner:
            if local(child) in ("textAnnotation", "association"):
                self._artifact(child, new)
        parts.join(new)

    def _lane_set(self, old: Element, parent: Element, tag: str) -> None:
        new = etree.SubElement(parent, f"{{{BPMN}}}{tag}", id=self._ids.of(old))
        self.kept[old] = new
        for lane in old.findall(f"{{{BPMN}}}lane"):
            made = etree.SubElement(new, f"{{{BPMN}}}lane", id=self._ids.of(lane))
            self.kept[lane] = made
            parts.named(lane, made)
            engines.leftovers(engines.read(lane, made, self._notes))
            for inner in lane.findall(f"{{{BPMN}}}childLaneSet"):
                self._lane_set(inner, made, "childLaneSet")

    def _placed(self, process: Element, here: set[str | None]) -> None:
        """Which nodes stand in which lane, as far as they came over."""
        for old in process.iter(f"{{{BPMN}}}lane"):
            lane = self.kept.get(old)
            members = [self._ids.to(r.text) for r in old.findall(f"{{{BPMN}}}flowNodeRef")]
            for member in reversed([each for each in dict.fromkeys(members) if each in here]):
                if lane is not None:
                    reference = etree.Element(f"{{{BPMN}}}flowNodeRef")
                    reference.text = member
                    lane.insert(0, reference)

    def _node(self, old: Element, parent: Element) -> None:
        new = etree.SubElement(parent, old.tag, id=self._ids.of(old))
        self.kept[old] = new
        parts.named(old, new)
        parts.attributes(old, new)
        said = engines.read(old, new, self._notes)
        engines.common(said)
        self._kind(said, old, new)
        for child in (c for c in old if is_element(c) and local(c) in _LOOPS):
            loop = etree.SubElement(new, child.tag)
            parts.attributes(child, loop)
            calls.loop(said, child, loop)
        self._finish(said, old)
        scripts = new.findall(f"{{{BPMN}}}script")
        new.extend(scripts)  # after the loop, as the schema wants it
        if local(old) in SCOPES:
            self._scope(old, new)
        else:
            for child in old:
                self._forgotten(child, new, frozenset())

    def _kind(self, said: Said, old: Element, new: Element) -> None:
        match local(old):
            case "userTask":
                tasks.user_task(said, self._initiators)
            case "task":
                tasks.plain_task(said, self._role(old))
            case "sendTask" if said.attributes or said.elements:
                tasks.service(said)
            case "callActivity":
                target = (old.get("calledElement") or "").rpartition(":")[2]
                calls.call(said, self._processes.get(target))
            case kind if kind in _SIMPLE:
                _SIMPLE[kind](said)
        if local(new) == "userTask" and "role" not in said.borne.properties and self._role(old):
            said.borne.properties["role"] = self._role(old) or ""
        for name in ("messageRef", "attachedToRef"):
            if old.get(name):
                new.set(name, self._ids.to(old.get(name)) or old.get(name))
        self._events(old, new)

    def _events(self, old: Element, new: Element) -> None:
        for child in (c for c in old if is_bpmn(c) and local(c).endswith("EventDefinition")):
            made = etree.SubElement(new, child.tag, id=self._ids.of(child))
            inner = engines.read(child, new, self._notes)  # what is noted of it is noted of the event
            events.definition(inner, child, made, self._ids)
            engines.leftovers(inner)
            parts.bear(inner.borne, made)

    def _role(self, old: Element) -> str | None:
        """The one role whose tasks stand in the lane of this node."""
        roles = self._lanes.get(self._lane_of.get(old.get("id") or "", ""), ())
        return next(iter(roles)) if len(roles) == 1 else None

    def _finish(self, said: Said, old: Element) -> None:
        engines.leftovers(said)
        parts.bear(said.borne, said.new)
        for child in reversed([c for c in old if is_bpmn(c) and local(c) == "documentation"]):
            if (child.text or "").strip():
                written = etree.Element(f"{{{BPMN}}}documentation")
                written.text = child.text
                said.new.insert(0, written)

    def _flow(self, old: Element, parent: Element, here: set[str | None]) -> None:
        source, target = (self._ids.to(old.get(side)) or "" for side in ("sourceRef", "targetRef"))
        if not {source, target} <= here:
            what = f"连线 {shortened(old.get('name') or old.get('id') or '', 40)} 的一头没有接上，已去掉。"
            self._notes.add("flow", None, what, "在设计器里把两个环节重新连上。")
            return
        new = etree.SubElement(parent, old.tag, id=self._ids.of(old))
        self.kept[old] = new
        parts.named(old, new)
        new.set("sourceRef", source)
        new.set("targetRef", target)
        said = engines.read(old, new, self._notes)
        engines.common(said)
        self._finish(said, old)
        condition = next((c for c in old if is_element(c) and local(c) == "conditionExpression"), None)
        if condition is not None:
            self._condition(said, condition, new)

    def _condition(self, said: Said, old: Element, new: Element) -> None:
        source = old.text or ""
        if not source.strip() and not any(name.endswith("resource") for name in old.attrib):
            return
        written = etree.SubElement(new, f"{{{BPMN}}}conditionExpression")
        written.set(_XSI, "bpmn:tFormalExpression")
        written.text = source
        try:
            written.text = expression(source)
        except Untranslatable as reason:
            what = f"条件 {shortened(source)} 没有译出（{reason}）。"
            said.note("condition", what, "按条件的写法改写（原文留在连线上，检查会一直提示到改好为止）。")

    def _artifact(self, old: Element, parent: Element) -> None:
        ends = {side: self._ids.to(old.get(side)) for side in ("sourceRef", "targetRef")}
        if local(old) == "association" and None in ends.values():
            return  # to a data object, or to nothing
        new = etree.SubElement(parent, old.tag, id=self._ids.of(old))
        self.kept[old] = new
        parts.attributes(old, new)
        if local(old) == "association":
            for side, end in ends.items():
                new.set(side, end or "")
        else:
            text = next((c.text for c in old if is_element(c) and local(c) == "text"), "")
            etree.SubElement(new, f"{{{BPMN}}}text").text = text

    def _forgotten(self, child: Element, parent: Element, known: frozenset[str]) -> None:
        if not is_element(child) or local(child) in known | _UNHEARD or local(child).endswith("EventDefinition"):
            return
        name = local(child)
        if name in _DATA:
            label = f"“{shortened(child.get('name') or '', 40)}”" if child.get("name") else ""
            where = f"（{titled(parent)}）" if not label else ""
            self._notes.count("data", f"{_DATA[name]}{label}{where}已去掉", "业务数据由表单和函数保存，不画在图上。")
        else:
            self._notes.count(
                "element", f"元素 {shortened(name, 40)} 已去掉", "本系统的流程图不用它；需要时用文字批注说明。"
            )
