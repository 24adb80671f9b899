"""Whether one token may become another: the place invariants of a diagram (D8a).

A place invariant weighs every flow so that each parallel or inclusive gateway has as much weight going in as coming
out. Two elements that every invariant weighs alike carry the same token; a branch of a fork weighs less than what
stands before it. This needs the diagram only, no history.
"""

from fractions import Fraction
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, BpmnStartTask, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin

Row = dict[str, Fraction]
_JOINS = (BoundaryEventJoin, _EndJoin)


def same_token(spec: Any, a: str, b: str) -> bool:
    """False into, out of or between branches of a gateway, and between a handler and its host's main flow."""
    flows = _flows(spec)
    group = _groups(flows)
    return _same(group, _basis(flows, group), a, b)


def _same(group: dict[str, str], basis: dict[str, Row], a: str, b: str) -> bool:
    first, second = _root(group, a), _root(group, b)
    if not _reduced({first: Fraction(1)}, basis):
        return False
    return first == second or not _reduced({first: Fraction(1), second: Fraction(-1)}, basis)


def alike(spec: Any, a: str, others: set[str]) -> set[str]:
    """Those of the elements that carry the same token as `a`; none where `a` stands for several."""
    flows = _flows(spec)
    group = _groups(flows)
    basis = _basis(flows, group)
    return {b for b in others if _same(group, basis, a, b)}


def _flows(spec: Any) -> list[tuple[Any, Any]]:
    found = []
    for source in spec.task_specs.values():
        if isinstance(source, (BpmnStartTask, *_JOINS)):
            continue
        for target in source.outputs:
            armed = isinstance(source, BoundaryEventSplit) and isinstance(target, BoundaryEvent)
            if not isinstance(target, _JOINS) and not (armed and not target.cancel_activity):
                found.append((source, target))
    return found


def _groups(flows: list[tuple[Any, Any]]) -> dict[str, str]:
    """Union of elements between which a token just walks on."""
    group: dict[str, str] = {}
    for source, target in flows:
        if not _is_gate(source) and not _is_gate(target):
            a, b = _root(group, source.name), _root(group, target.name)
            if a != b:
                group[a] = b
    return group


def _basis(flows: list[tuple[Any, Any]], group: dict[str, str]) -> dict[str, Row]:
    """Reduced rows of the gateways' equations: sum of weights out minus sum of weights in is zero."""
    rows: dict[str, Row] = {}
    for number, (source, target) in enumerate(flows):
        if not _is_gate(target):
            variable = _root(group, target.name)
        else:
            variable = _root(group, source.name) if not _is_gate(source) else f"flow {number}"
        for gate, sign in ((source, -1), (target, 1)):
            if _is_gate(gate):
                row = rows.setdefault(gate.name, {})
                row[variable] = row.get(variable, Fraction(0)) + sign
    basis: dict[str, Row] = {}
    for row in rows.values():
        rest = _reduced({key: weight for key, weight in row.items() if weight}, basis)
        if rest:
            pivot = next(iter(rest))
            basis[pivot] = {key: weight / rest[pivot] for key, weight in rest.items()}
    return basis


def _reduced(row: Row, basis: dict[str, Row]) -> Row:
    while row:
        pivot = next((key for key in row if key in basis), None)
        if pivot is None:
            return row
        factor, other = row[pivot], basis[pivot]
        mixed = {key: row.get(key, Fraction(0)) - factor * other.get(key, Fraction(0)) for key in {*row, *other}}
        row = {key: weight for key, weight in mixed.items() if weight}
    return row


def _root(group: dict[str, str], name: str) -> str:
    while name in group:
        name = group[name]
    return name


def _is_gate(spec: Any) -> bool:
    return isinstance(spec, UnstructuredJoin)
