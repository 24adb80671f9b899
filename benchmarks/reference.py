"""The bare reference: SpiffWorkflow, its own JSON serializer, one row; the same diagrams by the same steps."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.engine.parser import Definitions

STATES = Table("reference_state", MetaData(), Column("id", Integer, primary_key=True), Column("state", Text))
SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))


def nothing(*_: Any, **__: Any) -> None:
    """A function of the diagram that here does no business at all."""


def always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


class Reference:
    """Instances of the shipped diagrams as the library alone would keep them."""

    def __init__(
        self, database: Database, definitions: Definitions, answers: Mapping[str, Any], names: set[str]
    ) -> None:
        self._database, self._definitions = database, definitions
        STATES.create(database.engine, checkfirst=True)
        functions: dict[str, Callable[..., Any]] = dict.fromkeys(names, nothing)
        functions |= {name: value if callable(value) else always(value) for name, value in answers.items()}
        functions["on_route"] = lambda level: level in answers["levels"]
        self._scripts = PythonScriptEngine(TaskDataEnvironment(functions))

    def start(self, process: str, at: datetime) -> int:
        spec, called = self._definitions.spec(process)
        with self._database.transaction() as session:
            clock.hold(session, at)
            workflow = BpmnWorkflow(spec, dict(called), script_engine=self._scripts)
            workflow.do_engine_steps()
            added = insert(STATES).values(state=SERIALIZER.serialize_json(workflow)).returning(STATES.c.id)
            return int(session.execute(added).scalar_one())

    def complete(self, key: int, element: str, values: Mapping[str, Any], at: datetime) -> None:
        """Load, complete, run on, store: what is measured."""
        with self._database.transaction() as session:
            clock.hold(session, at)
            workflow = self._load(session, key)
            ready = workflow.get_tasks(state=TaskState.READY, manual=True)
            task = next(task for task in ready if task.task_spec.bpmn_id == element)
            task.set_data(**values)
            task.run()
            self._store(session, key, workflow)

    def wake(self, key: int, at: datetime) -> None:
        with self._database.transaction() as session:
            clock.hold(session, at)
            workflow = self._load(session, key)
            workflow.refresh_timers()
            self._store(session, key, workflow)

    def send(self, key: int, message: str, at: datetime) -> None:
        with self._database.transaction() as session:
            clock.hold(session, at)
            workflow = self._load(session, key)
            workflow.send_event(BpmnEvent(MessageEventDefinition(message), payload={}))
            self._store(session, key, workflow)

    def _load(self, session: Session, key: int) -> BpmnWorkflow:
        workflow = SERIALIZER.deserialize_json(session.scalar(select(STATES.c.state).where(STATES.c.id == key)))
        workflow.script_engine = self._scripts
        return workflow

    def _store(self, session: Session, key: int, workflow: BpmnWorkflow) -> None:
        workflow.do_engine_steps()
        session.execute(update(STATES).where(STATES.c.id == key).values(state=SERIALIZER.serialize_json(workflow)))
