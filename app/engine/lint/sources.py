"""Is each file safe, valid and whole: XML, schema, ids, references, names."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import PurePath

from SpiffWorkflow.spiff.parser.process import VALIDATOR

from app.engine.lint.findings import Finding, Severity, Vocabulary
from app.engine.lint.model import Diagram, Project, read_diagram
from app.engine.xml import BPMN, BPMNDI, Element, XmlRefused, is_bpmn, is_element, local, parse

MAX_NODES_PER_SCOPE = 300  # the library's parser recurses along the flow
_WAITING = frozenset({
    "userTask", "manualTask", "receiveTask", "callActivity", "subProcess", "intermediateCatchEvent", "boundaryEvent",
    "eventBasedGateway",
})  # fmt: skip
_REFERENCES = (
    "sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "signalRef", "errorRef", "escalationRef",
    "processRef", "bpmnElement",
)  # fmt: skip


def read(files: Mapping[str, bytes], vocabulary: Vocabulary) -> tuple[Project, list[Finding]]:
    """The project of all readable files, and what is wrong with the others."""
    project, findings = Project([], {}, vocabulary), []
    for file, content in files.items():
        try:
            root = parse(content)
        except XmlRefused as refused:
            findings.append(Finding(file, refused.code, None, refused.line, refused.message, refused.remedy))
            continue
        if local(root) != "definitions":
            message = "文件既不是流程图，也不是决策表。"
            remedy = "上传设计器导出的 .bpmn 或 .dmn 文件。"
            findings.append(Finding(file, "not_a_diagram", None, root.sourceline, message, remedy))
        elif root.tag == f"{{{BPMN}}}definitions":
            project.diagrams.append(read_diagram(file, root))
        else:
            project.tables[file] = root
    return project, findings


def check(project: Project) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    nodes: dict[str, str] = {}
    for diagram in project.diagrams:
        yield from _schema(diagram)
        yield from _ids(diagram)
        yield from _references(diagram)
        yield from _process_names(diagram, owners)
        yield from _shared_ids(diagram, nodes)
        for scope in diagram.scopes:
            if len(scope.nodes) > MAX_NODES_PER_SCOPE or len(scope.flows) > 2 * MAX_NODES_PER_SCOPE:
                size = f"{len(scope.nodes)} 个环节、{len(scope.flows)} 条连线"
                message = f"一个流程里有{size}，超过上限（{MAX_NODES_PER_SCOPE} 个、{2 * MAX_NODES_PER_SCOPE} 条）。"
                yield diagram.finding("too_many_nodes", scope.element, message, "把其中一段拆成被调用的子流程。")


def _schema(diagram: Diagram) -> Iterator[Finding]:
    copy = deepcopy(diagram.root)
    VALIDATOR.preprocess(copy)
    if VALIDATOR.validator.validate(copy):
        return
    for error in list(VALIDATOR.validator.error_log)[:20]:
        if "IDREF" in error.type_name or "_ID" in error.type_name or "xs:ID" in error.message:
            continue  # told by id and in plain words below
        message = f"不符合 BPMN 2.0 的文件格式（{error.message.replace(f'{{{BPMN}}}', '')}）。"
        element = _element_at(diagram.root, error.line)
        remedy = "在设计器里删去该元素后重新画；手工改过文件的，按 BPMN 2.0 改正。"
        yield Finding(diagram.file, "xsd", element, error.line, message, remedy)


def _element_at(root: Element, line: int) -> str | None:
    found = [n for n in root.iter() if is_element(n) and n.get("id") and n.sourceline <= line]
    return max(found, key=lambda n: n.sourceline).get("id") if found else None


def _ids(diagram: Diagram) -> Iterator[Finding]:
    seen: dict[str, Element] = {}
    for node in diagram.root.iter():
        node_id = node.get("id") if is_element(node) else None
        if not node_id:
            continue
        if node_id in seen:
            message = f"编号 {node_id} 在第 {seen[node_id].sourceline} 行已经用过。"
            yield diagram.finding("duplicate_id", node, message, "给其中一个换一个编号，并改掉引用它的连线。")
        seen.setdefault(node_id, node)


def _shared_ids(diagram: Diagram, owners: dict[str, str]) -> Iterator[Finding]:
    """Tasks, deadlines and moves name what waits by its id alone, so that is unique over all diagrams of a notice.

    Other nodes show in history and incidents only: a warning. Starts and ends may all be called alike.
    """
    for scope in diagram.scopes:
        for node_id, node in scope.nodes.items():
            if local(node) in ("startEvent", "endEvent"):
                continue
            if owners.setdefault(node_id, diagram.file) != diagram.file:
                severity: Severity = "error" if local(node) in _WAITING else "warning"
                message = f"环节编号 {node_id} 在文件 {owners[node_id]} 里已经用过。"
                remedy = "换一个编号；同一通知的各张流程图不能重号。"
                yield diagram.finding("shared_id", node, message, remedy, severity=severity)


def _references(diagram: Diagram) -> Iterator[Finding]:
    ids = {n.get("id") for n in diagram.root.iter() if is_element(n)}
    for node in diagram.root.iter():
        if not is_element(node) or not (is_bpmn(node) or node.tag.startswith(f"{{{BPMNDI}}}")):
            continue
        targets = [node.get(a) for a in _REFERENCES if node.get(a)]
        if local(node) == "flowNodeRef":
            targets.append((node.text or "").strip())
        for target in targets:
            if target.rpartition(":")[2] not in ids:
                message = f"引用的 {target} 在图上不存在。"
                yield diagram.finding("dangling_reference", node, message, "改为图上已有的元素，或删去这个引用。")


def _process_names(diagram: Diagram, owners: dict[str, str]) -> Iterator[Finding]:
    stem = PurePath(diagram.file).name.removesuffix(".bpmn")
    processes = diagram.processes
    if len(processes) > 1:
        message = f"一个文件里有 {len(processes)} 个流程。"
        yield diagram.finding("several_processes", processes[1], message, "每个流程各存成一个文件。")
    for process in processes[:1]:
        process_id = process.get("id") or ""
        if process_id != stem:
            message = f"流程编号 {process_id} 与文件名 {stem} 不一致。"
            yield diagram.finding("process_file_name", process, message, f"把流程编号改为 {stem}，或改文件名。")
        elif process_id in owners:
            message = f"流程编号 {process_id} 在文件 {owners[process_id]} 里已经有了。"
            yield diagram.finding("duplicate_process", process, message, "换一个流程编号和文件名。")
        owners.setdefault(process_id, diagram.file)
    if not processes:
        message = "文件里没有流程。"
        yield diagram.finding("no_process", diagram.root, message, "在设计器里画出流程后再上传。")
