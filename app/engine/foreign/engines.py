"""What Camunda, Flowable and Activiti write on an element, beside BPMN itself: put into our properties and scripts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from app.engine.foreign.dialects import DISPLAY, FAMILY, SIGNAVIO, TECHNICAL, split
from app.engine.foreign.expressions import assignment, expression, statement, value
from app.engine.foreign.juel import Untranslatable
from app.engine.foreign.result import Notes, shortened
from app.engine.handing import WORDS
from app.engine.xml import SPIFF, Element, is_element, local

OURS = frozenset({
    "form", "role", "organisation", "person", "deadline", "record", "level", "clauses", "returns", "take_back",
    "hand_on", "refusal", "agreement",
})  # fmt: skip
MAX_TEXT = 2000  # characters of a setting that are looked at
_BY_PROPERTIES = "在元素的属性里按《流程设计员手册》重新填写；本系统没有的设置可以不管。"
_MOMENTS = ("start", "create", "end", "complete")
_WITHOUT_SCRIPTS = ("process", "sequenceFlow", "Gateway")
LEFT_AS_WRITTEN = "按脚本的写法改写（原文留在元素里，检查会一直提示到改好为止）。"
_SCRIPT = "需要的动作写进该环节的前置脚本或后置脚本，调用函数手册里的函数。"


@dataclass
class Borne:
    """What an element of ours will bear in its extension elements."""

    properties: dict[str, str] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    decision: str = ""
    variable: str = ""  # of a message that is caught


@dataclass
class Said:
    """One element's foreign settings, each taken away as it is translated; what is left is told."""

    old: Element
    new: Element
    notes: Notes
    attributes: dict[str, str] = field(default_factory=dict)
    elements: list[Element] = field(default_factory=list)
    borne: Borne = field(default_factory=Borne)

    def take(self, *names: str) -> str:
        """The first of these attributes that is there and not empty; all of them count as read."""
        found = [self.attributes.pop(name, "").strip() for name in names]
        return next((each[:MAX_TEXT] for each in found if each), "")

    def pick(self, *tags: str) -> list[Element]:
        """The extension elements of these names; they count as read."""
        found = [each for each in self.elements if local(each) in tags]
        self.elements = [each for each in self.elements if local(each) not in tags]
        return found

    def note(self, code: str, what: str, instead: str) -> None:
        self.notes.add(code, self.new, what, instead)


def read(old: Element, new: Element, notes: Notes) -> Said:
    """The settings of the Activiti family on `old`; those of others and the technical ones are told or counted."""
    said = Said(old, new, notes)
    for name, text in old.attrib.items():
        namespace, word = split(name)
        if namespace in FAMILY and word not in TECHNICAL:
            said.attributes[word] = text
        elif namespace:
            _strange(said, namespace, word, text)
    for child in (c for holder in old if is_element(holder) and local(holder) == "extensionElements" for c in holder):
        if not is_element(child):
            continue
        namespace, word = split(child.tag)
        if namespace in FAMILY and word not in TECHNICAL:
            said.elements.append(child)
        elif namespace == SPIFF:
            _own(said, child)
        else:
            _strange(said, namespace, word, shortened(child.get("metaValue") or child.text or ""), child)
    return said


def _strange(said: Said, namespace: str, word: str, text: str, child: Element | None = None) -> None:
    if namespace in DISPLAY:
        said.notes.count("display", "颜色、模板等显示设置", "不影响办理，可以不管。")
    elif namespace in FAMILY:
        said.notes.count("technical", f"引擎的技术设置 {word}", "异步、重试、版本等由本系统自己安排，可以不管。")
    elif namespace == SIGNAVIO:
        _signavio(said, word, text, child)
    else:
        said.note("extension", f"其他软件的设置 {word}（{shortened(namespace, 60)}）已去掉。", _BY_PROPERTIES)


def _signavio(said: Said, word: str, text: str, child: Element | None) -> None:
    key = child.get("metaKey", "") if child is not None else ""
    empty = text in ("", "[]", "{}", "null") or word != "signavioMetaData"
    if empty or text.startswith("#") or "color" in key:
        said.notes.count("display", "Signavio 的颜色、标签等显示设置", "不影响办理，可以不管。")
    else:
        said.note("metadata", f"Signavio 的说明 {shortened(key, 40)}：{text}。", "需要保留的内容写进元素的文档说明。")


def _own(said: Said, child: Element) -> None:
    """A file of our own dialect, or of the editor it comes from."""
    text = (child.text or "").strip()
    match local(child):
        case "properties":
            found = {p.get("name", ""): p.get("value", "") for p in child if is_element(p)}
            said.borne.properties |= {name: text for name, text in found.items() if name}
        case "preScript" if text:
            said.borne.before.append(child.text or "")
        case "postScript" if text:
            said.borne.after.append(child.text or "")
        case "calledDecisionId":
            said.borne.decision = text
        case "messageVariable":
            said.borne.variable = text
        case word:
            said.note("extension", f"SpiffWorkflow 的设置 {word} 已去掉。", _BY_PROPERTIES)


def common(said: Said) -> None:
    """What may stand on any element: listeners, input and output, named properties."""
    for child in said.pick("properties"):
        for each in (p for p in child if is_element(p)):
            _property(said, each.get("name") or each.get("id") or "", each.get("value") or "")
    for child in said.pick("inputOutput"):
        for parameter in (p for p in child if is_element(p)):
            side = said.borne.before if local(parameter) == "inputParameter" else said.borne.after
            _assigned(said, side, parameter.get("name") or "", partial(_content, parameter))
    for listener in said.pick("executionListener", "taskListener"):
        _listener(said, listener)


def leftovers(said: Said) -> None:
    """Tell of every setting that nobody took."""
    for word, text in said.attributes.items():
        said.note("extension", f"设置 {word}=“{shortened(text)}”已去掉。", _BY_PROPERTIES)
    for child in said.elements:
        said.note("extension", f"设置 {local(child)} 已去掉。", _BY_PROPERTIES)


def _property(said: Said, name: str, text: str) -> None:
    known = name in OURS and (name not in WORDS or set(text.split()) <= set(WORDS[name]))
    if known and text.strip():
        said.borne.properties.setdefault(name, text.strip())
    else:
        said.note("extension", f"自定义属性 {shortened(name, 40)}=“{shortened(text)}”已去掉。", _BY_PROPERTIES)


def _assigned(said: Said, side: list[str], name: str, right: Callable[[], str]) -> None:
    try:
        side.append(assignment(name, right()))
    except Untranslatable as reason:
        what = f"输入输出变量 {shortened(name, 40)} 没有译出（{reason}）。"
        said.note("mapping", what, "在前置脚本（输入）或后置脚本（输出）里给变量赋值。")


def _content(parameter: Element) -> str:
    """An input or output parameter: a text, a list or a map."""
    nested = next((c for c in parameter if is_element(c)), None)
    if nested is None:
        return value(parameter.text or "")
    return _nested(nested)


def _nested(node: Element) -> str:
    children = [c for c in node if is_element(c)]
    match local(node):
        case "list":
            return "[" + ", ".join(_nested(c) for c in children) + "]"
        case "map":
            return "{" + ", ".join(f"{value(c.get('key') or '')}: {_entry(c)}" for c in children) + "}"
        case "value":
            return value(node.text or "")
    raise Untranslatable(f"由 {local(node)} 给值")


def _entry(node: Element) -> str:
    nested = next((c for c in node if is_element(c)), None)
    return value(node.text or "") if nested is None else _nested(nested)


def _listener(said: Said, listener: Element) -> None:
    event = listener.get("event") or ""
    side = {"start": said.borne.before, "create": said.borne.before}.get(event, said.borne.after)
    source = listener.get("expression") or ""
    try:
        if not source or event not in _MOMENTS or local(said.old).endswith(_WITHOUT_SCRIPTS):
            raise Untranslatable("")
        side.append(statement(source))
    except Untranslatable:
        code = next(_code(listener), "")
        said.note("listener", f"监听器（{event or '经过时'}）{shortened(code)} 已去掉。", _SCRIPT)


def _code(listener: Element) -> Iterator[str]:
    for name in ("class", "delegateExpression", "expression"):
        if listener.get(name):
            yield f"{name}={listener.get(name)}"
    yield from (f"script：{c.text or ''}" for c in listener if is_element(c) and local(c) == "script")


def expression_or_none(said: Said, code: str, what: str, source: str, instead: str) -> str | None:
    """The expression in Python, or None and a note."""
    try:
        return expression(source)
    except Untranslatable as reason:
        said.note(code, f"{what} {shortened(source)} 没有译出（{reason}）。", instead)
        return None
