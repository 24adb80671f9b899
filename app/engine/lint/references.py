"""Do user tasks and calls name what exists: forms, roles, lanes, decisions, called processes."""

from collections.abc import Iterator

from app.engine.handing import WORDS
from app.engine.joint import REFUSALS
from app.engine.lint.findings import Finding
from app.engine.lint.model import Diagram, Project, label
from app.engine.lint.python import is_word, unknown
from app.engine.script_rules import BUILTINS
from app.engine.xml import BPMN, NAMESPACES, Element, properties

CALLER = "caller"  # the value is taken from the calling element


def check(project: Project) -> Iterator[Finding]:
    for diagram in project.diagrams:
        for task in diagram.root.iter(f"{{{BPMN}}}userTask"):
            yield from _user_task(project, diagram, task)
        for call in diagram.root.iter(f"{{{BPMN}}}callActivity"):
            yield from _values(project, diagram, call)
            yield from _call(project, diagram, call)
        for rule in diagram.root.iter(f"{{{BPMN}}}businessRuleTask"):
            yield from _decision(project, diagram, rule)
        yield from _lanes(project, diagram)
    yield from _recursion(project)


def _user_task(project: Project, diagram: Diagram, task: Element) -> Iterator[Finding]:
    values = properties(task)
    if not values.get("form"):
        message = f"{label(task)}：用户任务没有指定表单。"
        yield diagram.finding("task_without_form", task, message, "在属性里填写 form（表单的编号）。")
    if not values.get("role"):
        message = f"{label(task)}：用户任务没有指定由谁办理。"
        yield diagram.finding("task_without_role", task, message, "在属性里填写 role（办理角色的代码）。")
    yield from _values(project, diagram, task)
    yield from _joint(project, diagram, task)


def _values(project: Project, diagram: Diagram, node: Element) -> Iterator[Finding]:
    values, words = properties(node), project.vocabulary
    form, role, deadline = values.get("form"), values.get("role"), values.get("deadline")
    if form and form != CALLER:
        if form not in words.forms:
            message = f"{label(node)}：没有表单 {form}。"
            yield diagram.finding("unknown_form", node, message, "先在表单设计里建好它，或改为已有的表单。")
        for field in sorted(words.forms.get(form, frozenset()) & (words.functions.keys() | BUILTINS)):
            message = f"{label(node)}：表单 {form} 的字段 {field} 与函数同名，之后的脚本都会出错。"
            yield diagram.finding("field_shadows_function", node, message, "在表单设计里给字段换一个名称。")
    if role and role != CALLER and is_word(role) and role not in words.roles:
        message = f"{label(node)}：没有角色 {role}。"
        yield diagram.finding("unknown_role", node, message, "改为角色表里已有的代码。")
    if deadline and deadline != CALLER and is_word(deadline):
        yield from unknown(project, diagram, node, "parameter", deadline)
    yield from _verbs(diagram, node)


def _verbs(diagram: Diagram, node: Element) -> Iterator[Finding]:
    """`returns`, `take_back`, `hand_on`: the words that the application knows."""
    for key, words in WORDS.items():
        strange = sorted(set((properties(node).get(key) or "").split()) - set(words))
        if strange:
            message = f"{label(node)}：属性 {key} 里的“{'、'.join(strange)}”没有意义。"
            yield diagram.finding("unknown_verb", node, message, f"只填 {' '.join(words)} 中的词，或去掉这个属性。")


def _joint(project: Project, diagram: Diagram, task: Element) -> Iterator[Finding]:
    """Several people decide one step: what a refusal of one of them does has to be said, and nowhere else."""
    values, repeated = properties(task), task.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is not None
    words = " ".join(REFUSALS)
    if not repeated and (values.get("refusal") or values.get("agreement")):
        message = f"{label(task)}：只由一人办理，属性 refusal、agreement 没有意义。"
        remedy = "把环节改为办理多份（会签、或签、依次审批），或去掉这些属性。"
        yield diagram.finding("refusal_of_one", task, message, remedy)
    decides = "decision" in project.vocabulary.forms.get(values.get("form") or "", ())
    if repeated and decides and not values.get("refusal"):
        message = f"{label(task)}：由多人作出决定，没有说明有人不同意时怎么办。"
        yield diagram.finding("joint_without_refusal", task, message, f"在属性里填写 refusal（{words} 之一）。")
    if len((values.get("refusal") or "").split()) > 1:
        message = f"{label(task)}：属性 refusal 只能填一个词。"
        yield diagram.finding("unknown_verb", task, message, f"只填 {words} 之一。")


def _call(project: Project, diagram: Diagram, call: Element) -> Iterator[Finding]:
    target = call.get("calledElement") or ""
    found = project.process(target)
    if found is None:
        message = f"{label(call)}：没有流程 {target or '（未填写）'} 可以调用。"
        yield diagram.finding("unknown_process", call, message, "上传这个流程，或改为已有流程的编号。")
        return
    given = properties(call)
    for task in found[1].iter(f"{{{BPMN}}}userTask"):
        for key, value in properties(task).items():
            if value == CALLER and not given.get(key):
                message = f"{label(call)}：被调用的 {label(task)} 要从这里取 {key}，但这里没有填写。"
                yield diagram.finding("caller_property_missing", call, message, f"在属性里填写 {key}。")


def _decision(project: Project, diagram: Diagram, rule: Element) -> Iterator[Finding]:
    nodes = rule.xpath("./bpmn:extensionElements/spiffworkflow:calledDecisionId", namespaces=NAMESPACES)
    name = (nodes[0].text or "").strip() if nodes else ""
    yield from unknown(project, diagram, rule, "decision", name or "（未填写）")


def _lanes(project: Project, diagram: Diagram) -> Iterator[Finding]:
    tasks = {n.get("id"): n for n in diagram.root.iter(f"{{{BPMN}}}userTask", f"{{{BPMN}}}callActivity")}
    for lane in diagram.root.iter(f"{{{BPMN}}}lane"):
        title = " ".join((lane.get("name") or "").split())
        pictured = project.vocabulary.lanes.get(title)
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            task = tasks.get((reference.text or "").strip())
            role = properties(task).get("role") if task is not None else None
            if task is None or not role or role == CALLER or not is_word(role):
                continue
            if pictured is None:
                message = f"{label(task)}：泳道“{title}”没有对应的角色。"
                yield diagram.finding("unknown_lane", task, message, "改用角色表里的泳道名称。")
            elif role not in pictured:
                message = f"{label(task)}：画在泳道“{title}”里，却由角色 {role} 办理。"
                yield diagram.finding("lane_role", task, message, "把环节移到对应的泳道，或改正 role。")


def _recursion(project: Project) -> Iterator[Finding]:
    calls = {p.get("id"): list(p.iter(f"{{{BPMN}}}callActivity")) for d in project.diagrams for p in d.processes}
    for diagram in project.diagrams:
        for process in diagram.processes:
            for call in calls[process.get("id")]:
                if _leads_to(calls, call.get("calledElement"), process.get("id")):
                    message = f"{label(call)}：调用一圈之后又回到流程 {process.get('id')} 自己，永远调不完。"
                    remedy = "要重复办理时在流程里画循环，不要让流程调用自己。"
                    yield diagram.finding("recursive_call", call, message, remedy)


def _leads_to(calls: dict[str, list[Element]], start: str, goal: str) -> bool:
    seen, stack = set(), [start]
    while stack:
        current = stack.pop()
        if current == goal:
            return True
        if current not in seen:
            seen.add(current)
            stack.extend(c.get("calledElement") for c in calls.get(current, ()))
    return False
