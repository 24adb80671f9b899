"""Calls of other processes and loops over many, put as this system draws them."""

from lxml import etree

from app.engine.foreign.engines import LEFT_AS_WRITTEN, Said, expression_or_none
from app.engine.foreign.expressions import assignment, expression
from app.engine.foreign.juel import Untranslatable
from app.engine.foreign.result import shortened
from app.engine.xml import BPMN, Element, is_element, local


def call(said: Said, process: str | None) -> None:
    """`process`: the new id of a process of this file that is called."""
    target = said.old.get("calledElement") or ""
    if target.startswith(("${", "#{")) or not target:
        what = f"被调用的流程 {shortened(target or said.take('caseRef') or '（未填写）')} 没有译出。"
        said.note("called_process", what, "在属性里选择要调用的流程；要看情况选择的，用网关分出几个调用。")
    else:
        said.new.set("calledElement", process or target)
    for mapping in said.pick("in", "out"):
        _mapping(said, mapping)
    for name in ("variableMappingClass", "variableMappingDelegateExpression"):
        mapped = said.take(name)
        if mapped:
            said.note("mapping", f"由 {shortened(mapped)} 传递变量，已去掉。", "在前置脚本、后置脚本里给变量赋值。")


def _mapping(said: Said, mapping: Element) -> None:
    """Called processes see the caller's variables and give theirs back: a mapping is a change of name, or nothing."""
    side = said.borne.before if local(mapping) == "in" else said.borne.after
    source, target = mapping.get("source") or "", mapping.get("target") or ""
    if mapping.get("variables") == "all" or mapping.get("businessKey") or (source and source == target):
        said.notes.count("mapping", "传给被调用流程的同名变量", "被调用的流程看得见全部变量，不用传递。")
        return
    try:
        side.append(assignment(target, expression(mapping.get("sourceExpression") or source)))
    except Untranslatable as reason:
        given = shortened(source or mapping.get("sourceExpression") or "")
        what = f"变量传递 {given} → {shortened(target, 40)} 没有译出（{reason}）。"
        said.note("mapping", what, "在前置脚本、后置脚本里给变量赋值。")


def loop(said: Said, old: Element, new: Element) -> None:
    """`multiInstanceLoopCharacteristics` or `standardLoopCharacteristics` of the task, both with their settings."""
    family = {name.rpartition("}")[2]: text for name, text in old.attrib.items() if name.startswith("{")}
    parts = {local(c): c for c in old if is_element(c)}
    source = family.get("collection") or _text(parts.get("loopDataInputRef"))
    data_item = parts.get("inputDataItem")
    item = family.get("elementVariable") or (data_item.get("name") if data_item is not None else "") or ""
    for tag in ("loopCardinality", "loopCondition"):
        if _text(parts.get(tag)):
            found = expression_or_none(said, "loop", "循环的次数或条件", _text(parts[tag]), LEFT_AS_WRITTEN)
            etree.SubElement(new, f"{{{BPMN}}}{tag}").text = found or _text(parts[tag])
    if source:
        _collection(said, new, source, item)
    elif not len(new) and not new.get("loopMaximum"):
        said.note("loop", "循环没有写明次数、集合或条件。", "在属性里填写循环的次数、要逐项处理的变量，或结束条件。")
    if _text(parts.get("completionCondition")):
        done = _text(parts["completionCondition"])
        what = f"提前结束的条件 {shortened(done)} 已去掉。"
        said.note("loop", what, "本系统没有 nrOfInstances 一类的计数变量；改为在各次办理后用网关判断，或等全部办完。")
    if "elementIndexVariable" in family:
        said.note("loop", "序号变量已去掉。", "需要序号的，把它放进集合的每一项里。")


def _collection(said: Said, new: Element, source: str, item: str) -> None:
    instead = "先用脚本把要逐项处理的数据存入变量，再填写变量名。"
    found = expression_or_none(said, "loop", "逐项办理的集合", source, instead)
    if found is not None and not found.isidentifier():
        said.note("loop", f"逐项办理的集合 {shortened(source)} 须是一个变量。", instead)
    if found is None or not found.isidentifier():
        return
    etree.SubElement(new, f"{{{BPMN}}}loopDataInputRef").text = found
    if item.isidentifier():
        etree.SubElement(new, f"{{{BPMN}}}inputDataItem", id=item, name=item)


def _text(node: Element | None) -> str:
    return (node.text or "").strip() if node is not None else ""
