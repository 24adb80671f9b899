"""Playing cases and judging them; and the self-test, in which every altered expectation must make its case fail."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli.scenarios import actions, expectations
from app.cli.scenarios.case import Case, Step, moment
from app.cli.scenarios.player import Failed, Player
from app.cli.scenarios.reached import passed
from app.cli.scenarios.world import Worlds
from app.errors import AppError, DiagramFault


@dataclass(frozen=True)
class Outcome:
    """How one case went on one kind of database."""

    case: str
    file: str
    database: str
    passed: bool
    checks: int
    failures: tuple[str, ...] = ()
    reached: frozenset[str] = frozenset()  # ids of the elements that were passed

    def as_dict(self, *, reached: bool = False) -> dict[str, Any]:
        """`failures` where there are some, what was `reached` where that is asked for."""
        said = {**asdict(self), "reached": sorted(self.reached)}
        left_out = {"failures": not self.failures, "reached": not reached}
        return {key: value for key, value in said.items() if not left_out.get(key)}


@dataclass
class Tally:
    checks: int = 0
    failures: list[str] = field(default_factory=list)

    def note(self, where: str, finding: expectations.Finding) -> None:
        what, expected, found = finding
        self.checks += 1
        if expected != found:
            self.failures.append(f"{where} {what}：应为 {expected}，实为 {found}")


def play(case: Case, worlds: Worlds) -> Outcome:
    """Play the case in a fresh world and compare everything it expects."""
    tally = Tally()
    with worlds.fresh() as database:
        player = Player(case, database)
        tally.failures += go(player, tally, to_the_end=True)
        with database.reading() as session:
            way = frozenset(passed(session))
    file = Path(case.file)
    shown = str(file.relative_to(Path.cwd())) if file.is_absolute() and file.is_relative_to(Path.cwd()) else str(file)
    return Outcome(case.name, shown, worlds.name, not tally.failures, tally.checks, tuple(tally.failures), way)


def go(player: Player, tally: Tally, *, to_the_end: bool = False) -> list[str]:
    """Begin and take every step, judging what is expected; gives why it goes no further, nothing where it does.

    `to_the_end` judges the closing expectations too.
    """
    try:
        player.begin()
        for step in player.case.steps:
            _step(player, step, tally)
        for finding in expectations.compare_end(player) if to_the_end else ():
            tally.note("终局", finding)
    except (Failed, AppError) as error:
        return [str(error) if isinstance(error, Failed | DiagramFault) else _words(error)]
    return []


def perform(player: Player, step: Step) -> None:
    """Any step that expects nothing: a task completed, the clock moved, or another action."""
    if step.action == "complete":
        player.complete(step)
    elif step.action == "at":
        player.advance_to(moment(step.argument))
    else:
        actions.do(player, step)


def _step(player: Player, step: Step, tally: Tally) -> None:
    try:
        if step.action == "refused":
            _judge(step, player.refused(step), tally)
        elif step.action == "expect":
            for finding in expectations.compare(player, step):
                tally.note(str(step.number), finding)
        elif "because" in step.details:
            _judge(step, actions.refused(player, step), tally)
        else:
            perform(player, step)
    except AppError as error:
        raise Failed(f"{step}：{error if isinstance(error, DiagramFault) else _words(error)}") from error


def _judge(step: Step, words: str, tally: Tally) -> None:
    because = str(step.details.get("because", ""))
    tally.note(str(step), ("拒绝的说明", True, True) if because in words else ("拒绝的说明", because, words))


def altered(case: Case) -> Iterator[tuple[str, Case]]:
    """The case with one expectation changed at a time: a day later, another end, another holder, no refusal."""
    for index, step in enumerate(case.steps):
        if step.action == "refused":
            said = {key: value for key, value in step.details.items() if key != "because"}
            allowed = replace(step, action="complete", details=said)
            yield f"第{step.number}步 不再拒绝", _with(case, index, allowed)
            yield f"第{step.number}步 说明不同", _with(case, index, _because(step, "不存在的说明"))
        elif "because" in step.details:
            yield f"第{step.number}步 说明不同", _with(case, index, _because(step, "不存在的说明"))
        elif step.action == "expect":
            for path, value in _leaves(step.argument):
                yield f"第{step.number}步 {'.'.join(map(str, path))}", _with(case, index, _changed(step, path, value))
    for path, value in _leaves(case.expect):
        yield f"终局 {'.'.join(map(str, path))}", replace(case, expect=_put(case.expect, path, other(value)))
    if case.until is not None:
        yield "终局 until", replace(case, until="submitted_never")


def other(value: Any) -> Any:
    """A value that is certainly different: a day later, one more, or another word."""
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value[:4].isdigit() and "-" in value:
        return (moment(value) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S" if ":" in value else "%Y-%m-%d")
    if isinstance(value, str) and "@" in value:
        return "committee_office@cq_bigdata_bureau" if "cq_bigdata_bureau" not in value else "unit_clerk@dadukou_firm"
    return "WITHDRAWN" if value != "WITHDRAWN" else "TERMINATED"


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        yield path, value
    else:
        yield path, value


def _changed(step: Step, path: tuple[Any, ...], value: Any) -> Step:
    changed = [*value, "no.such.account"] if isinstance(value, list) else other(value)
    return replace(step, argument=_put(step.argument, path, changed))


def _put(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    return {**tree, path[0]: _put(tree[path[0]], path[1:], value)}


def _with(case: Case, index: int, step: Step) -> Case:
    return replace(case, steps=(*case.steps[:index], step, *case.steps[index + 1 :]))


def _because(step: Step, words: str) -> Step:
    return replace(step, details={**step.details, "because": words})


def _words(error: AppError) -> str:
    return error.message
