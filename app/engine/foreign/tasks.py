"""Tasks, calls and loops of the Java engines, put as this system draws them."""

import re

from lxml import etree

from app.engine.foreign.engines import LEFT_AS_WRITTEN, MAX_TEXT, Said
from app.engine.foreign.expressions import assignment, expression, script
from app.engine.foreign.juel import Untranslatable
from app.engine.foreign.result import shortened
from app.engine.script_rules import check_source
from app.engine.xml import BPMN, Element, is_element, local

_ROLE = re.compile(r"[a-z][a-z0-9_]*\Z")
_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:\.\w+)?\Z")
_VARIABLE = re.compile(r"[$#]\{\s*(\w+)\s*\}\Z")
_PERFORMERS = re.compile(r"\s*(?:(user|group)\(([^()]*)\)|([^,()]+))")
_WHO = "在属性里填写 role（办理角色的代码）；只能由某一个人办理的，再填写 person。"
_CALLED = "改为脚本任务，在脚本里调用函数手册里的函数；手册里没有的，请开发人员增加。"


def user_task(said: Said, initiators: frozenset[str]) -> None:
    """Form, who does it and until when. `initiators`: the variables that hold whoever began the process."""
    _form(said)
    _people(said, initiators)
    for name, what in (("dueDate", "到期时间"), ("followUpDate", "跟进时间")):
        due = said.take(name)
        if due:
            instead = "在通知的参数里登记期限（按工作日或日历日），再在属性 deadline 里填写它的名称。"
            said.note("deadline", f"{what} {shortened(due)} 已去掉。", instead)
    if said.take("priority"):
        said.note("priority", "优先级已去掉。", "待办按期限先后排列，不另设优先级。")
    skip = said.take("skipExpression")
    if skip:
        said.note("skip", f"跳过条件 {shortened(skip)} 已去掉。", "在它前面画一个排他网关，满足条件时绕过去。")


def _form(said: Said) -> None:
    key = said.take("formKey", "formRef").rpartition("/")[2]
    word = _FORM.match(key)
    fields = [f.get("id") or "" for holder in said.pick("formData") for f in holder if is_element(f)]
    fields += [f.get("id") or f.get("name") or "" for f in said.pick("formProperty")]
    if word:
        said.borne.properties.setdefault("form", re.sub(r"\W+", "_", word.group(1)).lower())
    elif key:
        said.note("form", f"表单 {shortened(key)} 没有译出。", "在属性里填写 form（表单的编号）。")
    if fields:
        names = "、".join(shortened(f, 30) for f in fields[:20]) + ("等" if len(fields) > 20 else "")
        instead = "在表单设计里建一张有这些字段的表单，再在属性里填写 form（表单的编号）。"
        said.note("form_fields", f"画在任务上的 {len(fields)} 个表单字段已去掉：{names}。", instead)


def _people(said: Said, initiators: frozenset[str]) -> None:
    groups = _words(said.take("candidateGroups"))
    users = _words(said.take("candidateUsers"))
    assignee = said.take("assignee")
    for kind, name in _performers(said.old):
        (groups if kind == "group" else users).append(name)
    begun = _VARIABLE.match(assignee)
    if begun and begun.group(1) in initiators:
        said.borne.properties.setdefault("role", "applicant")
        assignee = ""
    roles = [group for group in groups if _ROLE.match(group)]
    if roles:
        said.borne.properties.setdefault("role", roles[0])
    rest = [group for group in groups if group not in roles[:1]]
    for names, what in ((rest, "候选组"), (users, "候选人"), ([assignee] if assignee else [], "办理人")):
        if names:
            said.note("assignment", f"{what} {shortened('、'.join(names))} 已去掉。", _WHO)


def _words(text: str) -> list[str]:
    return [each.strip() for each in re.split(r",(?![^{]*\})", text) if each.strip()]


def _performers(task: Element) -> list[tuple[str, str]]:
    """What BPMN's own resource roles say: `user(kermit), group(clerks)`; bare names are groups."""
    found = []
    for performer in task.iter(f"{{{BPMN}}}potentialOwner", f"{{{BPMN}}}humanPerformer", f"{{{BPMN}}}performer"):
        for said in performer.iter(f"{{{BPMN}}}formalExpression"):
            for match in _PERFORMERS.finditer((said.text or "")[:MAX_TEXT]):
                name = (match.group(2) or match.group(3) or "").strip()
                found += [(match.group(1) or "group", name)] if name else []
    return found


def plain_task(said: Said, role: str | None) -> None:
    """A task of no kind: a person's where its lane is an office, else to be decided by the designer."""
    if role is not None:
        said.new.tag = f"{{{BPMN}}}userTask"
        said.note(
            "task_kind", "普通任务改成了用户任务。", "核对由谁办理，并在属性里填写 form；不由人办理的，改为脚本任务。"
        )
    else:
        said.note(
            "task_kind", "普通任务不由任何人办理，流程会直接走过去。", "改为用户任务并填写表单和角色，或改为脚本任务。"
        )


def service(said: Said) -> None:
    """A decision or a script in disguise becomes one; any other service stays, and the check refuses it."""
    kind, source = said.take("type"), said.take("expression")
    result = said.take("resultVariable", "resultVariableName")
    fields = {f.get("name") or "": _field(f) for f in said.pick("field")}
    if kind == "dmn":
        said.new.tag = f"{{{BPMN}}}businessRuleTask"
        said.borne.decision = fields.get("decisionTableReferenceKey") or fields.get("decisionServiceReferenceKey") or ""
        return
    if source and result:
        try:
            code = assignment(result, expression(source))
        except Untranslatable:
            pass
        else:
            said.new.tag = f"{{{BPMN}}}scriptTask"
            etree.SubElement(said.new, f"{{{BPMN}}}script").text = code
            return
    topic = said.take("topic")
    called = said.take("class", "delegateExpression") or source or (f"{kind} {topic}".strip())
    called = called or "、".join(local(each) for each in said.pick("connector")) or said.old.get("operationRef") or ""
    if kind == "mail":
        called = f"发送邮件（{shortened(fields.get('subject', ''), 60)}）"
    instead = "改为脚本任务，用 notify(…) 通知。" if kind == "mail" else _CALLED
    said.note("service", f"调用的服务 {shortened(called or '（未填写）')} 不能执行。", instead)


def _field(node: Element) -> str:
    nested = "".join(c.text or "" for c in node if is_element(c))
    return (node.get("stringValue") or node.get("expression") or nested).strip()


def business_rule(said: Said) -> None:
    """The decision, by its key."""
    decision = said.take("decisionRef")
    result, shape = said.take("resultVariable", "resultVariableName"), said.take("mapDecisionResult")
    if decision and not decision.startswith(("${", "#{")):
        said.borne.decision = decision
    elif any(name in said.attributes for name in ("class", "expression", "delegateExpression", "type", "topic")):
        said.new.tag = f"{{{BPMN}}}serviceTask"
        service(said)
    elif not said.borne.decision:
        rules = said.take("rules", "ruleVariablesInput")
        what = f"决策 {shortened(decision or rules or '（未填写）')} 没有译出。"
        said.note("decision", what, "在属性里选择决策表；没有的先在决策表设计里建好。")
    if result:
        what = f"结果变量 {shortened(result, 40)}（{shape or 'resultList'}）已去掉。"
        said.note("decision_result", what, "决策表的每个输出列就是一个变量，条件里直接用列名。")


def script_task(said: Said) -> None:
    """The script in our Python, or as it was written where it is not one."""
    source = next((c.text or "" for c in said.old if is_element(c) and local(c) == "script"), "")
    language, result = (said.old.get("scriptFormat") or "").lower(), said.take("resultVariable")
    resource = said.take("resource")
    written = etree.SubElement(said.new, f"{{{BPMN}}}script")
    written.text = source
    if resource:
        said.note("script", f"脚本在另外的文件 {shortened(resource)} 里。", "把脚本写进脚本任务。")
    if "python" in language or (not language and source.strip()):
        if not check_source(source, "exec", None):
            return
    elif source.strip():
        try:
            written.text = assignment(result, expression(source)) if result else script(source)
        except Untranslatable as reason:
            what = f"{language or '其他语言'}脚本没有译出（{reason}）：{shortened(source)}。"
            said.note("script", what, LEFT_AS_WRITTEN)
        return
    what = f"脚本用了本系统不允许的写法：{shortened(source)}。" if source.strip() else "脚本是空的。"
    said.note("script", what, LEFT_AS_WRITTEN)


def start_event(said: Said) -> None:
    """A form that begins the process has no counterpart: the application begins processes itself."""
    said.take("initiator")
    key = said.take("formKey", "formRef")
    fields = [f for holder in said.pick("formData") for f in holder if is_element(f)] + said.pick("formProperty")
    if key or fields:
        what = f"开始事件上的表单 {shortened(key)}（{len(fields)} 个字段）已去掉。"
        said.note("form", what, "流程由系统发起，没有开始表单；要填写的，在开始之后画一个用户任务。")
