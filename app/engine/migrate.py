"""A stored instance put under other diagrams: what stands in the way, and its state as the new diagrams read it (D18a).

An instance may go over while each element that holds a token, waits, or remembers who arrived at a join is still drawn
with the same kind and meaning. What is behind it may be redrawn: finished elements that are gone become plain starts,
which carry their data on. Boundary events of an activity at work are disarmed and armed as the new diagram draws them;
a new timer takes its instant when the instance runs again. Tasks keep their ids, so timers, drafts and deadlines do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from app.engine import codec
from app.engine.branches import alike, same_token
from app.engine.move import plain_start
from app.engine.parser import Definitions
from app.errors import MoveRefused, NotFound

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
SPLIT = ".BoundaryEventSplit"


@dataclass(frozen=True)
class Obstacle:
    """Why an instance cannot go over: `element` holds it there, `reason` is gone, kind, message, called, join or
    parallel; the process itself stands in `element` where nothing of it is left."""

    element: str
    reason: str


@dataclass
class _Row:
    """One task of a state: its packed row without the parent's number, and what hangs below it."""

    packed: list[Any]
    below: list["_Row"] = field(default_factory=list)

    @property
    def state(self) -> int:
        return int(self.packed[2])

    @property
    def name(self) -> str:
        return str(self.packed[3])


@dataclass(frozen=True)
class _Tree:
    """The tasks of one process of an instance, with its specification before and after."""

    packed: list[Any]
    root: _Row
    old: Any
    new: Any

    def rows(self) -> Iterator[_Row]:
        stack = [self.root]
        while stack:
            row = stack.pop()
            yield row
            stack.extend(reversed(row.below))


def obstacles(state: bytes, process: str, old: Definitions, new: Definitions) -> list[Obstacle]:
    """Everything that keeps an instance of `process` from going on under `new`; empty where it may."""
    before, called_before = old.spec(process)
    try:
        after, called_after = new.spec(process)
    except NotFound:
        return [Obstacle(process, "gone")]
    top, subs = codec.unpack(state)
    found = list(_in_tree(_tree(top, before, after)))
    for _, name, packed in subs:
        if name not in called_after:
            found.append(Obstacle(name, "called"))
        else:
            found += _in_tree(_tree(packed, called_before[name], called_after[name]))
    return list(dict.fromkeys(found))


def rewritten(state: bytes, process: str, old: Definitions, new: Definitions) -> bytes:
    """The state as `new` reads it, for an instance without obstacles."""
    (before, called_before), (after, called_after) = old.spec(process), new.spec(process)
    top, subs = codec.unpack(state)
    made = [[key, name, _redrawn(_tree(packed, called_before[name], called_after[name]))] for key, name, packed in subs]
    return codec.pack(_redrawn(_tree(top, before, after)), made)


def _tree(packed: list[Any], old: Any, new: Any) -> _Tree:
    rows = [_Row([*row, *[None] * (9 - len(row))]) for row in packed[-1]]
    for row in rows:
        if row.packed[1] is not None:
            rows[row.packed[1]].below.append(row)
    return _Tree(packed, rows[0], old, new)


def _in_tree(tree: _Tree) -> Iterator[Obstacle]:
    branches = _branches(tree.old) != _branches(tree.new)
    for row in tree.rows():
        reason = _reason(tree, row, redrawn=branches)
        if reason is not None:
            yield Obstacle(tree.old.task_specs[row.name].bpmn_id or row.name.removesuffix(SPLIT), reason)


def _reason(tree: _Tree, row: _Row, *, redrawn: bool) -> str | None:
    before, after = tree.old.task_specs[row.name], tree.new.task_specs.get(row.name)
    if isinstance(before, UnstructuredJoin) and not isinstance(before, _EndJoin):
        return None if after is not None and _arrivals(before) == _arrivals(after) else "join"
    if not row.state & LIVE:
        at_join = any(isinstance(tree.old.task_specs[each.name], UnstructuredJoin) for each in row.below)
        return "join" if after is None and at_join else None
    if isinstance(before, BoundaryEvent) and row.state == TaskState.WAITING:
        return None  # disarmed, and armed anew where it is drawn
    if after is None:
        return "gone"
    return _changed(before, after) or _elsewhere(tree, before, redrawn=redrawn)


def _changed(before: Any, after: Any) -> str | None:
    if type(before) is not type(after):
        return "kind"
    if isinstance(before, SubWorkflowTask) and before.spec != after.spec:
        return "called"
    if isinstance(before, EventBasedGateway) and _names(before.outputs) != _names(after.outputs):
        return "kind"
    if isinstance(before, CatchingEvent):
        waits_for, will_wait_for = before.event_definition, after.event_definition
        if type(waits_for) is not type(will_wait_for):
            return "kind"
        return None if waits_for.name == will_wait_for.name else "message"
    return None


def _elsewhere(tree: _Tree, spec: Any, *, redrawn: bool) -> str | None:
    """A token that is, or would be, one of several must be the same one among the elements that stay."""
    if spec.bpmn_id is None or not redrawn or all(_is_whole(each, spec.name) for each in (tree.old, tree.new)):
        return None
    stay = {name for name in tree.old.task_specs.keys() & tree.new.task_specs.keys() if _is_drawn(tree.new, name)}
    same = alike(tree.old, spec.name, stay) == alike(tree.new, spec.name, stay)
    return None if same else "parallel"


def _is_whole(spec: Any, name: str) -> bool:
    try:
        return same_token(spec, plain_start(spec), name)
    except MoveRefused:
        return False


def _is_drawn(spec: Any, name: str) -> bool:
    return spec.task_specs[name].bpmn_id is not None


def _branches(spec: Any) -> dict[str, tuple[list[str], list[str]]]:
    """The parallel and inclusive gateways of a process with what leads in and out."""
    gates = (each for each in spec.task_specs.values() if isinstance(each, UnstructuredJoin) and each.bpmn_id)
    return {gate.name: (_names(gate.inputs), _names(gate.outputs)) for gate in gates}


def _arrivals(join: Any) -> list[str]:
    return _names(join.inputs)


def _names(specs: list[Any]) -> list[str]:
    return sorted(each.name for each in specs)


def _redrawn(tree: _Tree) -> list[Any]:
    for row in tree.rows():
        row.below = [each for each in row.below if not _disarmed(tree, each)]
        row.below = [_with_split(tree, row, each) for each in row.below]
        _arm(tree, row)
    for row in tree.rows():
        if row.name not in tree.new.task_specs:
            row.packed[3] = tree.new.start.name
    return _numbered(tree)


def _disarmed(tree: _Tree, row: _Row) -> bool:
    """Armed boundary events that are not drawn any more, or wait for something else."""
    before, after = tree.old.task_specs.get(row.name), tree.new.task_specs.get(row.name)
    if not isinstance(before, BoundaryEvent) or row.state != TaskState.WAITING:
        return False
    return after is None or _changed(before, after) is not None


def _with_split(tree: _Tree, above: _Row, row: _Row) -> _Row:
    """An activity at work that had no boundary event gets the split below which they are armed."""
    split = f"{row.name}{SPLIT}"
    if not row.state & LIVE or above.name == split or split not in tree.new.task_specs:
        return row
    return _row(TaskState.COMPLETED, split, row)


def _row(state: int, name: str, *below: _Row) -> _Row:
    """A new task that changes no data."""
    return _Row([uuid4().hex, None, int(state), name, 0, None, None, None, None], list(below))


def _arm(tree: _Tree, split: _Row) -> None:
    """The boundary events that the new diagram draws on an activity at work and that nobody has armed."""
    spec = tree.new.task_specs.get(split.name)
    if not isinstance(spec, BoundaryEventSplit) or not any(
        each.state & LIVE and f"{each.name}{SPLIT}" == split.name for each in split.below
    ):
        return
    known = {each.name for each in split.below}
    drawn_before = (
        {each.name for each in _outputs(tree.old, split.name)} if split.name in tree.old.task_specs else set()
    )
    for each in spec.outputs:
        fired = each.name in drawn_before and not _changed_boundary(tree, each)
        if isinstance(each, BoundaryEvent) and each.name not in known and not fired:
            split.below.append(_row(TaskState.WAITING, each.name))


def _changed_boundary(tree: _Tree, after: Any) -> bool:
    before = tree.old.task_specs.get(after.name)
    return before is None or type(before) is not type(after) or _changed(before, after) is not None


def _outputs(spec: Any, name: str) -> list[Any]:
    return list(spec.task_specs[name].outputs)


def _numbered(tree: _Tree) -> list[Any]:
    """The tree as the codec packs it: parents by number, before their children."""
    last = tree.packed[2]
    ids = [row[0] for row in tree.packed[-1]]
    rows: list[list[Any]] = []
    stack: list[tuple[_Row, int | None]] = [(tree.root, None)]
    while stack:
        row, above = stack.pop()
        row.packed[1] = above
        rows.append(row.packed)
        stack.extend((each, len(rows) - 1) for each in reversed(row.below))
    kept = [row[0] for row in rows]
    at = kept.index(ids[last]) if last is not None and ids[last] in kept else None if last is None else 0
    return [*tree.packed[:2], at, *tree.packed[3:-1], rows]
