"""Reading diagram files safely: what arrives is a stranger's XML."""

from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NAMESPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "spiffworkflow": SPIFF}

MAX_BYTES = 2_000_000

Element = Any  # lxml publishes no class for an element that a type checker could use without its stubs


class XmlRefused(Exception):
    """The content is not an XML file this system reads; `code` is one of too_large, doctype, not_xml."""

    def __init__(self, code: str, line: int | None, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.line, self.message, self.remedy = code, line, message, remedy


def parse(content: bytes) -> Element:
    """The root element. No entity is resolved, nothing is fetched, comments and instructions are dropped."""
    if len(content) > MAX_BYTES:
        message = f"文件有 {len(content):,} 字节，超过上限 {MAX_BYTES:,} 字节。"
        raise XmlRefused("too_large", None, message, "把流程拆成几个被调用的子流程，分别存成文件。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _doctype() from error
        message = f"文件不是完整的 XML（{error.msg}）。"
        raise XmlRefused("not_xml", error.lineno, message, "重新从设计器导出该文件后再上传。") from error
    # asked of the parsed document as well: another encoding hides the word from a search of the bytes
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    return root


def _doctype() -> XmlRefused:
    message = "文件带有 DOCTYPE 或实体声明，可能借此读取服务器上的文件。"
    return XmlRefused("doctype", 1, message, "删去 DOCTYPE 与 ENTITY 声明，流程图用不到它们。")


def is_element(node: Any) -> bool:
    """Entities and the like are nodes of the tree too, and have no text tag."""
    return isinstance(node.tag, str)


def local(node: Element) -> str:
    """The tag without its namespace: `userTask`."""
    tag: str = node.tag
    return tag.rpartition("}")[2]


def is_bpmn(node: Any) -> bool:
    return is_element(node) and node.tag.startswith(f"{{{BPMN}}}")


def properties(node: Element) -> dict[str, str]:
    """What `spiffworkflow:properties` of the element say: form, role, deadline and so on."""
    path = "./bpmn:extensionElements/spiffworkflow:properties/spiffworkflow:property"
    found = node.xpath(path, namespaces=NAMESPACES)
    return {p.get("name", ""): p.get("value", "") for p in found}
