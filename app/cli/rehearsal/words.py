"""A report in words, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Report = Mapping[str, Any]
_FEW = 12


def told(report: Report) -> str:
    """The whole report, a paragraph for each thing."""
    return "\n".join(_paragraphs(report))


def _paragraphs(report: Report) -> Iterator[str]:
    said, machine = report["notice"], report["machine"]
    yield f"《{said['title']}》（{said['number']}）预演"
    stopped = "（中途停止，以下为截至停止时的情况）" if report["stopped"] else ""
    yield f"申报人 {report['applicants']} 人，随机种子 {report['seed']}，{report['from']}至{report['until']}{stopped}"
    yield f"用时 {machine['seconds']} 秒（每千人 {machine['seconds_per_1000']} 秒），内存峰值 {machine['peak_mb']} MB"
    yield ""
    yield f"发现的问题：{len(report['findings']) or '没有'}"
    yield from (f"  {number}. {line}" for number, each in enumerate(report["findings"], 1) for line in [finding(each)])
    yield "\n结果"
    yield from map(_end, report["ends"])
    yield from _section("复查成立，重新评审的（另计）", [_end(each).strip() for each in report["again"]])
    yield from _section("错过的期限", [_missed(each) for each in report["missed"]])
    yield from _section(
        "提交被拒绝的", [f"{each['count']}件 “{each['name']}”：{each['message']}" for each in report["refusals"]]
    )
    yield from _section("始终没有人去办的", [f"{each['count']}件 “{each['name']}”" for each in report["never_acted"]])
    yield from _section("各机构一日最多办理", [_load(each) for each in report["loads"]])
    yield from _section("等待最久的环节（工作日）", [_wait(each) for each in report["waits"]])
    yield from _section("没有被接收的消息", [f"{each['count']}条 {each['name']}" for each in report["messages"]])
    begun = [each for each in report["unreached"] if each["begun"]]
    yield from _section("从未走到的元素", [_unreached(each) for each in begun], most=len(begun))
    never = "、".join(each["name"] for each in report["unreached"] if not each["begun"])
    if never:
        yield f"\n从未启动的流程：{never}"


def finding(each: Report) -> str:
    """A finding with what causes it."""
    causes = []
    if "element" in each:
        line = f"，第{each['line']}行" if "line" in each else ""
        causes.append(f"元素 {each['element']}（{each.get('process', '')}{line}）")
    if "parameter" in each:
        causes.append(_parameter(each["parameter"]))
    clauses = [each[key] for key in ("clauses", "clause") if key in each]
    if clauses:
        causes.append(f"依据 {'；'.join(dict.fromkeys(clauses))}")
    return f"{each['words']}\n       {'　'.join(causes)}" if causes else str(each["words"])


def _parameter(said: Report) -> str:
    value = f"＝{said['value']}" if "value" in said else ""
    clause = f"（{said['clause']}）" if "clause" in said else ""
    return f"参数 {said['key']}{value}{clause}"


def _section(title: str, lines: Sequence[str], most: int = _FEW) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from (f"  {line}" for line in lines[:most])
        if len(lines) > most:
            yield f"  …… 另有{len(lines) - most}项，见 --json"


def _end(each: Report) -> str:
    return f"  {each['count']:>6}  {each['name']}{'' if each['ended'] else '（未办结）'}"


def _missed(each: Report) -> str:
    by = "、".join(f"{who['office']}{who['count']}件" for who in each["by"][:3])
    return f"{each['count']}/{each['of']}件 “{each['name']}”错过“{each['meaning']}”：{by}"


def _load(each: Report) -> str:
    return f"{each['peak']:>5}件（{each['peak_day']}）{each['office']}，共{each['tasks']}件、{each['days']}天"


def _wait(each: Report) -> str:
    where = f"“{each['name']}”（{each['count']}件；最久的在{each['office']}）"
    return f"最长{each['longest']}，中位{each['median']:g}：{where}"


def _unreached(each: Report) -> str:
    shown = "、".join(one["name"] or one["element"] for one in each["elements"][:_FEW])
    more = "……" if len(each["elements"]) > _FEW else ""
    return f"{each['name']}：{each['count']}/{each['of']}个，{shown}{more}"
