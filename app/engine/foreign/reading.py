"""A stranger's file, opened with care: what it may be, and which of its processes is meant."""

from app.engine.foreign.result import shortened
from app.engine.lint.model import FLOW_NODES
from app.engine.xml import BPMN, MAX_BYTES, Element, XmlRefused, is_element, local, parse
from app.errors import Problem, Refused

MAX_ELEMENTS = 20_000  # of the whole file, drawing and settings included
MAX_DEPTH = 60
MAX_NODES, MAX_LANES = 600, 100  # of one process with its sub-processes
_INCLUDE = "{http://www.w3.org/2001/XInclude}include"


def refused(code: str, message: str) -> Refused:
    return Refused(Problem(code, message, "file"))


def read(content: bytes) -> Element:
    """The `definitions` of a BPMN 2.0 file. Raises Refused: not_xml, too_large, doctype, external, not_bpmn."""
    try:
        root = parse(content)
    except XmlRefused as error:
        raise refused(error.code, f"{error.message}{error.remedy}") from error
    _sized(root)
    if root.tag != f"{{{BPMN}}}definitions":
        raise refused("not_bpmn", _not_bpmn(root))
    for node in root.iter(_INCLUDE, f"{{{BPMN}}}import"):
        place = shortened(node.get("location") or node.get("href") or "", 80)
        message = f"文件引用了另外的文件“{place}”，系统不会去取。请在原来的设计器里合并成一个文件，或删去引用后再导入。"
        raise refused("external", message)
    return root


def _sized(root: Element) -> None:
    for count, node in enumerate(root.iter()):
        if count >= MAX_ELEMENTS:
            size = f"{MAX_ELEMENTS:,} 个（文件大小的上限是 {MAX_BYTES:,} 字节）"
            raise refused("too_large", f"文件里的元素超过 {size}。请拆成几个流程分别导入。")
        if sum(1 for _ in node.iterancestors()) > MAX_DEPTH:
            message = f"文件里的元素一层套一层，超过 {MAX_DEPTH} 层。请把里层的子流程拆成单独的流程。"
            raise refused("too_large", message)


def _not_bpmn(root: Element) -> str:
    tag = shortened(local(root), 40) if is_element(root) else ""
    if "DMN" in str(root.tag):
        return "这是决策表（DMN），不是流程图。请在决策表页面导入。"
    if tag == "definitions":
        return "文件不是 BPMN 2.0 的流程图：最外层 definitions 的命名空间不对。请在原来的设计器里导出为 BPMN 2.0 XML。"
    return f"文件不是 BPMN 2.0 的流程图（最外层是 {tag}）。请在原来的设计器里导出为 BPMN 2.0 XML。"


def chosen(root: Element, wanted: str | None) -> Element:
    """The process called `wanted` (its id, its name or that of its pool), else the one with the most nodes.

    Raises Refused: no_process, unknown_process, too_many_nodes.
    """
    processes = root.findall(f"{{{BPMN}}}process")
    if not processes:
        raise refused("no_process", "文件里没有流程（process），没有可以导入的内容。")
    found = [p for p in processes if wanted in (None, p.get("id"), p.get("name"), pool_name(root, p))]
    if not found:
        names = "、".join(shortened(called(root, p), 40) for p in processes[:10])
        raise refused("unknown_process", f"文件里没有“{shortened(wanted or '', 40)}”，有：{names}。")
    process = max(found, key=lambda p: (_nodes(p), p.get("isExecutable") == "true"))
    lanes = sum(1 for _ in process.iter(f"{{{BPMN}}}lane"))
    if _nodes(process) > MAX_NODES or lanes > MAX_LANES:
        message = (
            f"流程里有 {_nodes(process)} 个环节、{lanes} 个泳道，超过上限（{MAX_NODES} 个环节、{MAX_LANES} 个泳道）。"
        )
        raise refused("too_many_nodes", f"{message}请拆成几个流程分别导入。")
    return process


def participant(root: Element, process: Element) -> Element | None:
    """The pool in which the process is drawn."""
    name = process.get("id")
    pools = root.iterfind(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    return next((p for p in pools if name and (p.get("processRef") or "").rpartition(":")[2] == name), None)


def pool_name(root: Element, process: Element) -> str | None:
    pool = participant(root, process)
    return pool.get("name") if pool is not None else None


def called(root: Element, process: Element) -> str:
    """What the designer knows a process by."""
    return process.get("name") or pool_name(root, process) or process.get("id") or "未命名的流程"


def _nodes(process: Element) -> int:
    return sum(1 for n in process.iter(f"{{{BPMN}}}*") if local(n) in FLOW_NODES)
