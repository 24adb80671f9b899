"""A scenario that is recorded: its file is what was done so far, a step at a time (docs/scenarios.md)."""

from collections.abc import Mapping
from typing import Any

import yaml

from app.domain.drafts.yaml_text import dumped, mapping, with_entry
from app.domain.package_files import loaded
from app.errors import Problem, Refused

Step = dict[str, Any]
FIRST = {"expect": {"status": "DRAFT"}}


def begun(name: str, said: Mapping[str, Any]) -> str:
    """A scenario of one declaration; `said`: title, notice, clock, applicant, base, committee."""
    declaration = {key: said[key] for key in ("applicant", "base", "committee") if said.get(key)}
    heading = {"case": name, "title": said["title"], "notice": said["notice"], "clock": said["clock"]}
    return dumped({**heading, "declaration": declaration, "steps": []})


def steps(text: str) -> list[Step]:
    """What the file says to do; Refused for one that is no scenario."""
    said = mapping(text)
    found = said.get("steps", [])
    if not said.get("case") or not isinstance(found, list):
        raise Refused(Problem("not_a_scenario", "这个文件不是情景，不能接着录制；请在源码中更正。"))
    return found


def with_step(text: str, step: Step) -> str:
    return _with(text, [*steps(text), step])


def without_last(text: str) -> str:
    """Refused where nothing has been recorded yet."""
    found = steps(text)
    if not found:
        raise Refused(Problem("nothing", "还没有录下任何步骤。"))
    return _with(text, found[:-1])


def done(element: str, of: str, decision: str, rest: str, because: str = "") -> Step:
    """A task completed with a decision and further values in YAML; `because` it must be refused in these words."""
    values = _values(rest)
    if decision:
        values = {"decision": decision, **values}
    step: Step = {"refused" if because else "complete": element}
    return (
        step
        | ({"of": of} if of else {})
        | ({"with": values} if values else {})
        | ({"because": because} if because else {})
    )


def expected(standing: Mapping[str, Any]) -> Step:
    """What is so now, to be so whenever the scenario is played: who is asked, and every declaration's state."""
    waiting = {each["element"]: each["holder"] for each in standing["waiting"]}
    said = {each["label"]: each["status"] for each in standing["declarations"]}
    status: Any = next(iter(said.values())) if len(said) == 1 else said
    return {"expect": {"waiting": waiting, "status": status}}


def words(step: Step) -> str:
    """A step in one line, as the file writes it."""
    text = yaml.safe_dump(step, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10_000)
    return text.strip().removeprefix("{").removesuffix("}")


def _with(text: str, found: list[Step]) -> str:
    try:
        return with_entry(text, "steps", found)
    except ValueError:
        return dumped({**mapping(text), "steps": found})


def _values(rest: str) -> dict[str, Any]:
    try:
        said = loaded(rest) if rest.strip() else {}
    except yaml.YAMLError:
        said = None
    if not isinstance(said, dict):
        raise Refused(Problem("values", "其他内容请写成“字段: 值”，一行一项。", "rest"))
    return said
