"""The way out: an instance as SpiffWorkflow's own serializer writes it, specification included (D8).

The plain library loads it and goes on, given a script engine with the functions that the diagrams call. What it does
wrongly after any restart it does here too: the instances of a repeated activity under way are never merged unless
`library.prepare_spec` is called on the loaded specifications.
"""

from typing import Any

from SpiffWorkflow.bpmn.serializer.default.workflow import (
    BpmnSubWorkflowConverter,
    BpmnWorkflowConverter,
    TaskConverter,
)
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from app.engine.library import CompactSubWorkflow, CompactTask, CompactWorkflow, look_ahead

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def export(workflow: CompactWorkflow) -> str:
    """The workflow as JSON of the library's serializer; adds the predicted tasks that stored states leave out."""
    for tree in (workflow, *workflow.subprocesses.values()):
        look_ahead(tree, [task for task in tree.tasks.values() if task._state & LIVE])
    return str(_serializer().serialize_json(workflow))


def _serializer() -> Any:
    """The library's, which takes our workflows and tasks for its own."""
    registry = BpmnWorkflowSerializer.configure(SPIFF_CONFIG)
    BpmnWorkflowConverter(CompactWorkflow, registry, "BpmnWorkflow")
    BpmnSubWorkflowConverter(CompactSubWorkflow, registry, "BpmnSubWorkflow")
    TaskConverter(CompactTask, registry, "Task")
    return BpmnWorkflowSerializer(registry)
