"""Trying an unpublished diagram: in a process of its own that has little time, little memory and no secrets.

The child starts without our environment, sets its limits, and runs the diagram with stand-ins for the functions.
It can be made to waste its share and no more.
"""

import base64
import json
import math
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app import clock
from app.engine.parser import definitions
from app.engine.run import Run
from app.errors import AppError, DiagramFault

MAX_ANSWER = 1_000_000  # characters of JSON the child may print
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Limits:
    """`cpu` and `wall` in seconds (cpu counts from when the child has loaded), `memory` in bytes of address space."""

    cpu: float = 2.0
    wall: float = 10.0
    memory: int = 512 * 1024 * 1024


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Step:
    """Complete the user task drawn as `element` with `values`."""

    element: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """The world around a trial: its one instant (aware), and per function what its stand-in returns at every call
    (JSON values)."""

    moment: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrialResult:
    """How far the diagram came.

    `outcome`: ended, waiting (for the user tasks and events in `waiting`), no_such_task (a step's element does not
    wait), fault (`element`, `line`, `message` say where), refused, cpu, wall, memory, crashed.
    """

    outcome: str
    message: str = ""
    element: str | None = None
    line: int | None = None
    passed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


_STOPPED = {
    "cpu": "试运行用完了 {cpu:g} 秒计算时间，已停止。请检查脚本里的循环和对大量数据的处理。",
    "wall": "试运行超过 {wall:g} 秒没有结束，已停止。",
    "memory": "试运行用完了 {megabytes} MB 内存，已停止。请检查脚本里不断变长的文字或列表。",
    "crashed": "试运行的进程意外终止（{code}）。请检查脚本里嵌套过深的数据。",
}


def trial(
    files: Mapping[str, bytes],
    process_id: str,
    steps: Sequence[Step],
    stage: Stage,
    limits: Limits = DEFAULT_LIMITS,
) -> TrialResult:
    """Run a process of `files` from its start through `steps`, and say where it stands."""
    request = {
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "process": process_id,
        "steps": [asdict(step) for step in steps],
        "cpu": limits.cpu,
        "memory": limits.memory,
        "answers": dict(stage.answers),
        "moment": stage.moment.isoformat(),
    }
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        child = subprocess.run(  # our own module, its input on stdin
            [sys.executable, "-s", "-m", "app.engine.trial"],
            input=json.dumps(request).encode(), capture_output=True, timeout=limits.wall,
            env=environment, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _stopped("wall", limits)
    if child.returncode == 0:
        return TrialResult(**json.loads(child.stdout))
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return _stopped("cpu", limits)
    if child.returncode == _OUT_OF_MEMORY:
        return _stopped("memory", limits)
    return _stopped("crashed", limits, child.returncode)


def _stopped(outcome: str, limits: Limits, code: int = 0) -> TrialResult:
    message = _STOPPED[outcome].format(
        cpu=limits.cpu, wall=limits.wall, megabytes=limits.memory // (1024 * 1024), code=code
    )
    return TrialResult(outcome, message)


_OUT_OF_MEMORY = 3  # exit status of a child whose memory ran out


def main() -> int:
    """The child: one request on stdin, one result on stdout."""
    request = json.load(sys.stdin)
    clock.stand_at(datetime.fromisoformat(request["moment"]))
    _limit(request["cpu"], request["memory"])
    try:
        answer = json.dumps(asdict(_run(request)), ensure_ascii=False)
        if len(answer) > MAX_ANSWER:
            answer = json.dumps(asdict(TrialResult("memory", "流程数据太多，业务内容请由表单保存。")))
    except MemoryError:
        return _OUT_OF_MEMORY
    sys.stdout.write(answer)
    return 0


def _limit(cpu: float, memory: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + cpu)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(request: Mapping[str, Any]) -> TrialResult:
    files = {name: base64.b64decode(content) for name, content in request["files"].items()}
    functions = {name: _stand_in(value) for name, value in request["answers"].items()}
    run: Run | None = None
    try:
        run = Run.start(definitions(files), request["process"], functions, lambda *_: None, {})
        for step in request["steps"]:
            task = next((t for t in run.user_tasks() if t.element.id == step["element"]), None)
            if task is None:
                message = f"环节 {step['element']} 现在没有等待办理。"
                return _standing(run, "no_such_task", message, step["element"])
            run.complete(task.id, step["values"])
    except DiagramFault as fault:
        _reraise_memory(fault)
        passed = [element for _, element in run.passed] if run else []
        return TrialResult("fault", fault.reason, fault.element, fault.line, passed)
    except AppError as error:
        return TrialResult("refused", str(error))
    return _standing(run, "ended" if run.ended else "waiting")


def _reraise_memory(error: BaseException | None) -> None:
    """A script that ran out of memory arrives as a fault of its diagram."""
    while error is not None:
        if isinstance(error, MemoryError):
            raise error
        error = error.__cause__ or error.__context__


def _standing(run: Run, outcome: str, message: str = "", element: str | None = None) -> TrialResult:
    tasks = run.user_tasks()
    waiting = [task.element.id for task in tasks] + [wait.element for wait in run.waiting()]
    data = dict(tasks[0].data) if tasks else {}
    passed = [name for _, name in run.passed]
    return TrialResult(outcome, message, element, None, passed, sorted(set(waiting)), data)


def _stand_in(value: Any) -> Callable[..., Any]:
    def stand_in(*_args: Any, **_kwargs: Any) -> Any:
        return value

    return stand_in


if __name__ == "__main__":
    sys.exit(main())
