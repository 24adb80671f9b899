"""会签、或签、依次审批: what several people say in one repeated activity, put together.

A repeated user task that several people decide says by its property `refusal` what a refusal does: `finish` ends the
activity, `return` ends it and sends the file back to the step before, `count` lets the others go on. `agreement` is
the decision that means yes (`pass` where it says nothing). When the activity is over the workflow data hold `agreed`
and `refused`, how many said what, and, unless they were counted, `decision`: the agreement, or the first refusal.

For every repeated activity the item of each round is its instances' own: the library leaves it behind, and then
refuses to begin the activity a second time, as it refuses a list of results that is not empty.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

FINISH, RETURN, COUNT = "finish", "return", "count"
REFUSALS = (FINISH, RETURN, COUNT)
AGREEMENT = "pass"
_SAID = "said"  # what the instances decided, in the order of their answers, kept with the activity


def refuses(properties: Mapping[str, str], decision: Any) -> bool:
    """Whether a decision in a repeated task is a refusal; never where its step says nothing of refusals."""
    return "refusal" in properties and decision != properties.get("agreement", AGREEMENT)


def sends_back(properties: Mapping[str, str], decision: Any) -> bool:
    return properties.get("refusal") == RETURN and refuses(properties, decision)


def whole(task: Task) -> Task:
    """The repeated activity that the task is one instance of; else the task itself."""
    above = task.parent
    inside = isinstance(above.task_spec, LoopTask) and task.task_spec.name == above.task_spec.task_spec
    return above if inside else task


def join(spec: Any, child: Any) -> None:
    """Let a repeated activity of a fresh specification begin cleanly, and put together what its instances say."""
    if not isinstance(spec, MultiInstanceTask) or "merge_child" in vars(spec):
        return  # not repeated for many, or a process that others call too: joined already
    said = (getattr(child, "extensions", None) or {}).get("properties", {})
    begin, create, merge, over = (
        getattr(spec, name) for name in ("_update_hook", "create_child", "merge_child", "check_completion_condition")
    )

    def begin_cleanly(my_task: Task) -> Any:
        _forget(spec, my_task)
        return begin(my_task)

    def create_cleanly(my_task: Task, item: Any, key_or_index: Any = None) -> None:
        _forget_item(spec, my_task)  # what the instance before it left, where they come one after the other
        create(my_task, item, key_or_index)

    def merge_one(workflow: Any, done: Task) -> None:
        my_task = done.parent
        if "refusal" in said:
            answers = my_task.internal_data.get(_SAID, [])
            my_task.internal_data[_SAID] = [*answers, done.data.get("decision")]
        merge(workflow, done)
        if my_task.has_state(TaskState.READY) and "refusal" in said:
            _put_together(said, my_task)
        if my_task.has_state(TaskState.READY):
            _forget_item(spec, my_task)

    def is_over(my_task: Task) -> Any:
        last = my_task.internal_data.get(_SAID, [None])[-1]
        return (said.get("refusal") in (FINISH, RETURN) and refuses(said, last)) or over(my_task)

    spec._update_hook, spec.create_child = begin_cleanly, create_cleanly
    spec.merge_child, spec.check_completion_condition = merge_one, is_over


def _put_together(said: Mapping[str, str], my_task: Task) -> None:
    answers = my_task.internal_data[_SAID]
    refusals = [each for each in answers if refuses(said, each)]
    my_task.data.update(agreed=len(answers) - len(refusals), refused=len(refusals))
    if said["refusal"] == COUNT:
        my_task.data.pop("decision", None)  # the last one's word is nobody's joint decision
    else:
        my_task.data["decision"] = refusals[0] if refusals else said.get("agreement", AGREEMENT)


def _forget(spec: Any, my_task: Task) -> None:
    my_task.internal_data.pop(_SAID, None)
    _forget_item(spec, my_task)
    results = spec.data_output
    in_place = spec.data_input is not None and results is not None and results.bpmn_id == spec.data_input.bpmn_id
    if results is not None and not in_place and isinstance(my_task.data.get(results.bpmn_id), list):
        my_task.data[results.bpmn_id] = []


def _forget_item(spec: Any, my_task: Task) -> None:
    for item in (spec.input_item, spec.output_item):
        if item is not None:
            my_task.data.pop(item.bpmn_id, None)
