"""Whatever the library raises over a diagram is the diagram's fault; what a function refuses is not."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from traceback import walk_tb
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task

from app.engine.scripts import original_error
from app.errors import AppError, DiagramFault


@contextmanager
def faults_of(lines: Mapping[str, int]) -> Iterator[None]:
    """Raises DiagramFault, with element and line, for what is not an AppError; `lines` by element id."""
    try:
        yield
    except AppError:
        raise
    except Exception as error:
        raise _fault(error, lines) from error


def _fault(error: Exception, lines: Mapping[str, int]) -> DiagramFault:
    cause = original_error(error)
    if isinstance(cause, DiagramFault):
        return cause
    spec = getattr(error, "task_spec", None) or _spec_at_work(error)
    element = getattr(spec, "bpmn_id", None) or getattr(spec, "name", None)
    said = str(error) if isinstance(error, SpiffWorkflowException) else f"{type(error).__name__}: {error}"
    return DiagramFault(element, lines.get(element or ""), said)


def _spec_at_work(error: Exception) -> Any:
    """The element that the library was busy with when it failed: its innermost `my_task`."""
    frames = [frame.f_locals.get("my_task") for frame, _ in walk_tb(error.__traceback__)]
    return next((task.task_spec for task in reversed(frames) if isinstance(task, Task)), None)
