"""From a stranger's file to a diagram of ours: one process with its pool, its messages and its drawing."""

from collections.abc import Collection, Mapping

from lxml import etree

from app.engine.foreign.dialects import dialect
from app.engine.foreign.drawing import Drawing
from app.engine.foreign.events import REFERENCES
from app.engine.foreign.names import KEY, Ids, ids_in, process_key
from app.engine.foreign.reading import called, chosen, participant, read, refused
from app.engine.foreign.result import Dropped, Notes, Translation, shortened
from app.engine.foreign.tree import Tree
from app.engine.lint import constructs
from app.engine.lint.findings import Vocabulary
from app.engine.lint.model import FLOW_NODES, Project, read_diagram
from app.engine.xml import BPMN, NAMESPACES, Element, is_bpmn, local, parse

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_KINDS = {*FLOW_NODES, *REFERENCES, "sequenceFlow", "lane", "laneSet", "childLaneSet", "textAnnotation", "association"}


def translate(
    content: bytes,
    *,
    key: str | None = None,
    process: str | None = None,
    lanes: Mapping[str, Collection[str]] | None = None,
) -> Translation:
    """A BPMN 2.0 file as Camunda 7, Flowable, Activiti, Signavio or bpmn.io write it, as a diagram of ours.

    `key`: the id the process shall have, else one made from its own. `process`: the id or name of the process or pool
    wanted where the file has several, else the largest. `lanes`: label of a lane → the roles it pictures; a task
    without a group takes the role of its lane where that has one. Raises Refused (not_xml, too_large, doctype,
    external, not_bpmn, no_process, unknown_process, too_many_nodes, bad_key).
    """
    root = read(content)
    if key is not None and not KEY.match(key):
        message = f"流程编号“{shortened(key, 40)}”应由英文小写字母、数字和下划线组成，以字母开头。"
        raise refused("bad_key", message)
    old = chosen(root, process)
    key = key or process_key(old)
    notes, ids = Notes(), _ids(root, old, key)
    definitions = etree.Element(
        f"{{{BPMN}}}definitions", nsmap={**NAMESPACES, "xsi": _XSI}, id=f"definitions_{key}",
        targetNamespace="http://bpmn.io/schema/bpmn",
    )  # fmt: skip
    tree = Tree(ids, notes, lanes or {}, {old.get("id") or "": key})
    main, pool = _pool(root, old, key, definitions, tree, ids)
    made = tree.process(old, key, definitions)
    _referred(root, definitions, ids)
    drawing = Drawing(definitions, made if main is None else main, notes)
    drawing.copy(root, tree.kept, ids)
    drawing.complete(made, pool)
    others = [called(root, p) for p in root.findall(f"{{{BPMN}}}process") if p is not old]
    _told(root, ids, notes, others)
    written = etree.tostring(definitions, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Translation(key, dialect(root), written, [*notes.all(), *_unplayable(key, written)], others)


def _ids(root: Element, process: Element, key: str) -> Ids:
    """The new ids of all that comes over, known before anything refers to them."""
    ids = Ids(key, ids_in(root) | {key})
    ids.call(process.get("id"), key)
    for node in (n for n in (*root, *process.iter(f"{{{BPMN}}}*")) if is_bpmn(n)):
        if local(node) in _KINDS or local(node).endswith("EventDefinition"):
            ids.of(node)
    return ids


def _pool(
    root: Element, process: Element, key: str, definitions: Element, tree: Tree, ids: Ids
) -> tuple[Element | None, Element | None]:
    """The collaboration and the pool of the process, where it is drawn in one."""
    old = participant(root, process)
    if old is None:
        return None, None
    collaboration = etree.SubElement(definitions, f"{{{BPMN}}}collaboration", id=ids.of(old.getparent()))
    pool = etree.SubElement(collaboration, f"{{{BPMN}}}participant", id=ids.of(old))
    pool.set("name", shortened(old.get("name") or process.get("name") or key))
    pool.set("processRef", key)
    tree.kept |= {old.getparent(): collaboration, old: pool}
    return collaboration, pool


def _referred(root: Element, definitions: Element, ids: Ids) -> None:
    """The messages, signals, errors and escalations that the diagram uses."""
    used = {n.get(name) for n in definitions.iter(f"{{{BPMN}}}*") for name in REFERENCES.values() if n.get(name)}
    for old in root.findall(f"{{{BPMN}}}*"):
        if local(old) in REFERENCES and ids.of(old) in used:
            new = etree.SubElement(definitions, old.tag, id=ids.of(old))
            for name in ("name", _CODES.get(local(old), "name")):
                if old.get(name):
                    new.set(name, shortened(old.get(name)))


def _told(root: Element, ids: Ids, notes: Notes, others: list[str]) -> None:
    """What concerns the file as a whole."""
    if ids.renamed:
        what = f"{ids.renamed} 个编号不是英文单词（如设计器自动生成的），已换成简短的编号。"
        notes.add("renamed", None, what, "表单、情景要引用的环节，在设计器里改成看得懂的编号。")
    for old in ids.doubled:
        notes.add(
            "duplicate_id", None, f"编号 {shortened(old, 40)} 用了不止一次，后面的已换新编号。", "核对引用它的连线。"
        )
    if others:
        names = "、".join(f"“{shortened(each, 40)}”" for each in others[:10])
        instead = "每个流程各存成一个文件：需要的，指明流程再导入一次。泳池之间的消息由各流程的消息事件收发。"
        notes.add("other_processes", None, f"文件里还有 {len(others)} 个流程没有导入：{names}。", instead)
    flows = len(root.findall(f"{{{BPMN}}}collaboration/{{{BPMN}}}messageFlow"))
    if flows:
        notes.add(
            "message_flow", None, f"泳池之间的 {flows} 条消息流已去掉。", "由流程里的消息事件收发，不另画消息流。"
        )


def _unplayable(key: str, content: bytes) -> list[Dropped]:
    """Symbols that stay in the drawing though the engine does not carry them out. (A service was told when read.)"""
    project = Project([read_diagram(f"{key}.bpmn", parse(content))], {}, Vocabulary())
    found = [f for f in constructs.check(project) if f.code != "service_task"]
    return [Dropped(f.code, f.element, f.message, f.remedy) for f in found]
