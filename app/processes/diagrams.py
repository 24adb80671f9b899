"""Where a case stands, on the diagram it runs on: what is done, where the token is, which way it went (D26)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local
from app.domain import clauses, notice_content, notices
from app.domain.clauses import Paper
from app.engine import xml
from app.errors import NotFound
from app.models.process import Event, Incident, ProcessInstance, Task
from app.processes import bundles, history
from app.processes.history import Entry

STEPS = ("userTask", "callActivity", "scriptTask", "businessRuleTask", "serviceTask", "manualTask")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
WORDS = {"done": "已办", "active": "正在办理", "ended": "结束于此", "incident": "出现异常"}
Pass = tuple[str, str]  # element id, when it was passed (wall clock words)


@dataclass(frozen=True)
class Step:
    """One line of the table that says the same as the diagram."""

    name: str
    state: str
    who: str
    when: str
    clause: str
    key: str = ""  # the element
    due: str = ""


@dataclass(frozen=True)
class Picture:
    """`state` is what the diagram island paints; `chain` leads from the whole case down to this process."""

    key: str
    name: str
    xml: str
    state: dict[str, Any]
    steps: list[Step]
    chain: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str


def of_task(session: Session, task: Task, process_key: str | None = None) -> Picture:
    """The diagram around a task: the process that people know it by, or another one of its chain. NotFound else."""
    instance = session.get_one(ProcessInstance, task.instance_id)
    definitions = bundles.of_version(session, instance.notice_version_id).definitions
    elements = definitions.elements
    chain = [elements[key].process for key in task.path if key in elements] + [task.process_key]
    wanted = process_key or (elements[task.element_id].process if task.element_id in elements else task.process_key)
    if wanted not in chain:
        raise NotFound
    names = [(key, definitions.names[key]) for key in chain]
    return of_instance(session, instance, wanted, names)


def of_instance(
    session: Session, instance: ProcessInstance, process_key: str, chain: list[tuple[str, str]] | None = None
) -> Picture:
    """One process of an instance, in the version the instance runs on."""
    content = notices.bundle(session, instance.notice_version_id).diagrams.get(f"{process_key}.bpmn")
    if content is None:
        raise NotFound
    root = xml.parse(content)
    passes = _passes(session, instance, process_key, root)
    active = [element for process, element in instance.waits.get("active", []) if process == process_key]
    faulty = session.scalars(
        select(Incident.element_id).where(Incident.instance_id == instance.id, Incident.status == "open")
    ).all()
    nodes = {node.get("id"): node for node in _nodes(root)}
    ended = [key for key, _ in passes if instance.status == "ended" and xml.local(nodes[key]) == "endEvent"]
    state: dict[str, Any] = {
        "done": list(dict.fromkeys(key for key, _ in passes if key not in active)),
        "active": list(dict.fromkeys(active)),
        "ended": ended,
        "incident": [key for key in faulty if key in nodes],
        "path": _path(_flows(root), [key for key, _ in passes], active, nodes),
    }
    entries = [entry for entry in history.of_instances(session, [instance.id]) if entry.element in nodes]
    papers = notice_content.papers(session, instance.notice_version_id)
    state["details"] = {
        key: _details(node, _clause(node, papers), passes, entries, state) for key, node in nodes.items()
    }
    state["labels"] = _labels(nodes, passes)
    name = bundles.of_version(session, instance.notice_version_id).definitions.names[process_key]
    return Picture(
        key=process_key,
        name=name,
        xml=content.decode(),
        state={**state, "details": {key: said for key, said in state["details"].items() if "status" in said}},
        steps=[_step(key, state["details"][key]) for key in _in_order(nodes, passes, active)],
        chain=chain or [(process_key, name)],
    )


def of_version(
    session: Session, notice_version_id: int, process_key: str, faulty: list[str], labels: dict[str, str]
) -> Picture | None:
    """One process of a version with the elements that failed, and what is said beside them; None for no diagram."""
    content = notices.bundle(session, notice_version_id).diagrams.get(f"{process_key}.bpmn")
    if content is None:
        return None
    state: dict[str, Any] = {key: [] for key in ("done", "active", "ended", "path")}
    state |= {"incident": faulty, "details": {}, "labels": labels}
    name = bundles.of_version(session, notice_version_id).definitions.names[process_key]
    return Picture(process_key, name, content.decode(), state, [])


def _nodes(root: Any) -> list[Any]:
    """Named steps and events in the order of the file; gateways are questions, not steps."""
    kinds = {*STEPS, *EVENTS, "exclusiveGateway", "parallelGateway", "eventBasedGateway"}
    return [node for node in root.iter() if xml.is_bpmn(node) and xml.local(node) in kinds]


def _flows(root: Any) -> list[Flow]:
    found = [node for node in root.iter() if xml.is_bpmn(node) and xml.local(node) == "sequenceFlow"]
    return [Flow(node.get("id"), node.get("sourceRef"), node.get("targetRef")) for node in found]


def _passes(session: Session, instance: ProcessInstance, process_key: str, root: Any) -> list[Pass]:
    """What was passed in this process, in order; of a process that was called more often, the last call only."""
    known = {node.get("id") for node in _nodes(root)}
    starts = {node.get("id") for node in _nodes(root) if xml.local(node) == "startEvent"}
    events = session.scalars(
        select(Event).where(Event.instance_id == instance.id, Event.kind == "passed").order_by(Event.id)
    )
    found = [
        (element, local(event.at).strftime("%Y-%m-%d %H:%M"))
        for event in events
        for process, element in event.said.get("elements", [])
        if process == process_key and element in known
    ]
    begun = [place for place, (element, _) in enumerate(found) if element in starts]
    return found[begun[-1] :] if begun else found


def _path(flows: Iterable[Flow], passed: list[str], active: list[str], nodes: Any) -> list[str]:
    """The flows that were taken: into each step from what was passed last before it; a join takes all it had."""
    incoming: dict[str, list[Flow]] = {}
    for flow in flows:
        incoming.setdefault(flow.target, []).append(flow)
    last: dict[str, int] = {}
    taken: dict[str, None] = {}
    for place, element in enumerate([*passed, *active]):
        ready = [flow for flow in incoming.get(element, []) if flow.source in last]
        if ready and xml.local(nodes[element]) != "parallelGateway":
            ready = [max(ready, key=lambda flow: last[flow.source])]
        taken.update(dict.fromkeys(flow.id for flow in ready))
        last[element] = place
    return list(taken)


def _labels(nodes: Any, passes: list[Pass]) -> dict[str, str]:
    """`2次` on a step that was passed more than once."""
    passed = [key for key, _ in passes]
    steps = [key for key in dict.fromkeys(passed) if xml.local(nodes[key]) in STEPS]
    return {key: f"{passed.count(key)}次" for key in steps if passed.count(key) > 1}


def _clause(node: Any, papers: list[Paper]) -> str:
    return clauses.in_words(xml.properties(node).get("clauses"), papers)


def _details(node: Any, clause: str, passes: list[Pass], entries: list[Entry], state: dict[str, Any]) -> dict[str, str]:
    """{name, who, when, status, note, clause}; without `status` where the case never was."""
    key, said = node.get("id"), {"name": node.get("name") or "", "clause": clause}
    marker = next((each for each in ("incident", "ended", "active", "done") if key in state[each]), None)
    if marker is None:
        return said
    own = [entry for entry in entries if entry.element == key]
    when = [moment for element, moment in passes if element == key]
    said |= {"status": WORDS[marker], "when": when[-1] if when else ""}
    if own:
        latest = own[-1]
        said |= {"who": latest.who, "note": latest.note, "when": local(latest.at).strftime("%Y-%m-%d %H:%M")}
        if latest.state == "done":
            said["status"] = latest.title
    return said


def _in_order(nodes: Any, passes: list[Pass], active: list[str]) -> list[str]:
    reached = dict.fromkeys([*(key for key, _ in passes), *active])
    listed = [*reached, *(key for key in nodes if key not in reached)]
    return [key for key in listed if nodes[key].get("name") and not xml.local(nodes[key]).endswith("Gateway")]


def _step(key: str, said: dict[str, str]) -> Step:
    words = said["name"], said.get("status", "尚未办到"), said.get("who", ""), said.get("when", ""), said["clause"]
    return Step(*words, key)
