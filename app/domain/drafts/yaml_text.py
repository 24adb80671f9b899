"""Changing one entry of a YAML file that people also read: everything else, comments included, stays as written."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

import yaml

from app.domain.package_files import loaded, plain

_WIDTH = 160


def mapping(content: bytes | str) -> dict[str, Any]:
    """What a file says, dates as ISO text, as far as it can be read: {} for one that cannot.

    For looking things up while somebody is writing; whoever reads the package says what is wrong with it.
    """
    try:
        found = loaded(content)
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}
    return plain(found) if isinstance(found, dict) else {}


def dumped(entries: Mapping[str, Any]) -> str:
    """The entries as these files write them; empty for none."""
    if not entries:
        return ""
    text = StringIO()
    dumper = yaml.SafeDumper(text, allow_unicode=True, sort_keys=False, default_flow_style=None, width=_WIDTH)
    dumper.open()
    node = dumper.represent_data(dict(entries))
    assert isinstance(node, yaml.MappingNode)
    node.flow_style = False  # an entry a line, whatever is in it
    dumper.serialize(node)
    dumper.close()
    return text.getvalue()


def with_entry(text: str, key: str, value: Any) -> str:
    """`text` with the top-level entry `key` set; a new one goes to the end. ValueError where it is no mapping."""
    span = _spans(text).get(key)
    if span is None:
        return (text if not text or text.endswith("\n") else text + "\n") + dumped({key: value})
    return text[: span[0]] + dumped({key: value}).rstrip("\n") + text[span[1] :]


def without_entry(text: str, key: str) -> str:
    """`text` without the top-level entry `key`, its line break gone with it."""
    span = _spans(text).get(key)
    return text if span is None else text[: span[0]] + text[span[1] :].removeprefix("\n")


def _spans(text: str) -> dict[str, tuple[int, int]]:
    """Where each entry begins, and where its last character stands: comments behind it belong to the next one."""
    root = yaml.compose(text, yaml.SafeLoader)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise ValueError("the outermost of the file is no mapping in lines")
    return {
        node.value: (node.start_mark.index, _end(text, node.start_mark.index, value.end_mark.index))
        for node, value in root.value
    }


def _end(text: str, start: int, end: int) -> int:
    """A block reaches to the next token; what stands before that in lines of its own is no part of it."""
    lines = text[start:end].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return start + len("\n".join(lines))
