"""Two seasons beside each other: only what differs."""

from collections.abc import Iterator, Mapping
from typing import Any

Report = Mapping[str, Any]
Difference = dict[str, Any]


def differences(before: Report, after: Report) -> list[Difference]:
    """`what` in words, `before` and `after` as figures or words; nothing for what is the same."""
    return [*_findings(before, after), *_figures(before, after)]


def told(found: list[Difference], before: Report, after: Report) -> str:
    """The differences as lines."""
    heading = f"与《{before['notice']['title']}》（{before['applicants']}人，种子{before['seed']}）相比"
    same = before["applicants"] != after["applicants"] or before["seed"] != after["seed"]
    note = "\n注意：两次预演的人数或种子不同。" if same else ""
    lines = [f"  {each['what']}：{_shown(each['before'])} → {_shown(each['after'])}" for each in found]
    return f"{heading}{note}\n" + ("\n".join(lines) or "  没有差别")


def _findings(before: Report, after: Report) -> Iterator[Difference]:
    old, new = ({_key(each): each["words"] for each in report["findings"]} for report in (before, after))
    for key in sorted(old.keys() | new.keys()):
        if (key in old) != (key in new):
            yield {"what": "发现的问题", "before": old.get(key), "after": new.get(key)}


def _figures(before: Report, after: Report) -> Iterator[Difference]:
    old, new = dict(_flat(before)), dict(_flat(after))
    for what in [*new, *(each for each in old if each not in new)]:
        if old.get(what) != new.get(what):
            yield {"what": what, "before": old.get(what), "after": new.get(what)}


def _flat(report: Report) -> Iterator[tuple[str, Any]]:
    """Each figure by its words."""
    for each in report["ends"]:
        yield f"结果“{each['name']}”", each["count"]
    for each in report.get("again", ()):  # reports of earlier versions do not tell them apart
        yield f"重新评审的结果“{each['name']}”", each["count"]
    for each in report["missed"]:
        yield f"“{each['name']}”错过“{each['meaning']}”", each["count"]
    for each in report["refusals"]:
        yield f"“{each['name']}”被拒绝（{each['code']}）", each["count"]
    for each in report["waits"]:
        yield f"“{each['name']}”最长等待（工作日）", each["longest"]
        yield f"“{each['name']}”等待中位数（工作日）", each["median"]
    for each in report["loads"]:
        yield f"{each['office']}一日最多办理", each["peak"]
    yield "季末", report["until"]


def _key(found: Report) -> tuple[str, str, str]:
    return found["kind"], found.get("element", ""), found.get("parameter", {}).get("key", "")


def _shown(value: Any) -> str:
    return "无" if value is None else str(value)
