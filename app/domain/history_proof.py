"""How the history is chained, and the check of it by nothing but Python: `python3 history_proof.py FILE`.

FILE is what `zhiping verify-history --export FILE` writes, one JSON object a line: the head of each chain, the events
by chain and number, the daily heads by day. Chain 0 holds the events that belong to no instance.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FACTS = ("number", "at", "kind", "chain", "task", "element", "declaration", "person", "organisation", "payload_digest")
ERASED = "erased"  # the kind of event that says which earlier one lost its words, by whom and why
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def payload_digest(salt: str, payload: str) -> str:
    """What stands in the chain for an event's words: without the salt nobody can guess them from it."""
    return hashlib.sha256(f"{salt}{payload}".encode()).hexdigest()


def link(before: str, event: Mapping[str, Any]) -> str:
    """The digest of an event that follows the one whose digest is `before` (empty for the first of a chain)."""
    return hashlib.sha256((before + _encode([event[key] for key in FACTS])).encode()).hexdigest()


def day_digest(before: str, day: str, heads: list[list[Any]]) -> str:
    """The digest of a day's heads, each [chain, number, digest], after the daily head whose digest is `before`."""
    return hashlib.sha256((before + _encode([day, heads])).encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """The first thing wrong in a chain (an instance's id, 0 for none), or in a day's head."""

    chain: int | None
    number: int | None
    what: str
    day: str | None = None

    def __str__(self) -> str:
        if self.day is not None:
            return f"{self.day} 的每日链头：{self.what}"
        return f"办理事项 {self.chain} 第{self.number}条：{self.what}"


@dataclass
class Report:
    """What was read and what is wrong with it; intact where `faults` is empty."""

    chains: int = 0
    events: int = 0
    erased: int = 0
    days: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Chain:
    """One chain as far as it was read; after its first fault the rest says nothing new."""

    def __init__(self, key: int) -> None:
        self.key, self.number, self.digest = key, 0, ""
        self.without_words: set[int] = set()
        self.fault: Fault | None = None

    def read(self, event: Mapping[str, Any]) -> None:
        if self.fault is not None:
            return
        what = self._wrong(event)
        if what:
            number = self.number + 1 if event["number"] > self.number + 1 else event["number"]
            self.fault = Fault(self.key, number, what)
            return
        self.number, self.digest = event["number"], event["digest"]
        if event["payload"] is None:
            self.without_words.add(self.number)
        elif event["kind"] == ERASED:
            self.without_words.discard(json.loads(event["payload"])["number"])

    def _wrong(self, event: Mapping[str, Any]) -> str:
        if event["number"] != self.number + 1:
            return "缺少此条记录" if event["number"] > self.number else "编号重复或次序颠倒"
        if (event["payload"] is None) != (event["salt"] is None):
            return "内容与盐只存其一"
        if event["payload"] is not None and payload_digest(event["salt"], event["payload"]) != event["payload_digest"]:
            return "内容与其摘要不符"
        return "" if link(self.digest, event) == event["digest"] else "记录与链不符（被改动、插入或调换）"

    def close(self, head: tuple[int, str] | None) -> Fault | None:
        if self.fault is None and self.without_words:
            self.fault = Fault(self.key, min(self.without_words), "内容已不在，却没有擦除的记录")
        if self.fault is None and head is None:
            self.fault = Fault(self.key, self.number, "没有链头，办理事项已不在")
        elif self.fault is None and head != (self.number, self.digest):
            short = head is not None and head[0] > self.number
            self.fault = Fault(self.key, self.number + short, "缺少此条记录" if short else "与链头不符")
        return self.fault


def check(records: Iterable[Mapping[str, Any]]) -> Report:
    """Check a history: records of the kinds `head`, `event` and `day`, the events of a chain by number."""
    report, heads, chains = Report(), dict[int, tuple[int, str]](), dict[int, _Chain]()
    found: dict[tuple[int, int], str] = {}
    before = ""
    for record in records:
        if record["record"] == "head":
            heads[record["chain"]] = (record["number"], record["digest"])
        elif record["record"] == "event":
            chains.setdefault(record["chain"], _Chain(record["chain"])).read(record)
            found[record["chain"], record["number"]] = record["digest"]
            report.events += 1
            report.erased += record["payload"] is None
        else:
            report.days += 1
            report.faults.extend(_day_faults(before, record, found))
            before = record["digest"]
    for key in heads:
        chains.setdefault(key, _Chain(key))
    report.chains = len(chains)
    closed = (chain.close(heads.get(key)) for key, chain in sorted(chains.items()))
    report.faults[:0] = [fault for fault in closed if fault is not None]
    return report


def _day_faults(before: str, day: Mapping[str, Any], found: Mapping[tuple[int, int], str]) -> Iterator[Fault]:
    if day_digest(before, day["day"], day["heads"]) != day["digest"]:
        yield Fault(None, None, "与其内容或前一日的链头不符", day["day"])
    for chain, number, digest in day["heads"]:
        if found.get((chain, number)) != digest:
            yield Fault(None, None, f"办理事项 {chain} 第{number}条已不是当日所存", day["day"])
            return


def read_file(path: str | Path) -> Iterator[dict[str, Any]]:
    """The records of an exported file. Raises ValueError for a line that is no record."""
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if not isinstance(record, dict) or record.get("record") not in ("head", "event", "day"):
                raise ValueError(line.strip()[:80])
            yield record


def words(report: Report) -> list[str]:
    """The report as lines to print."""
    counted = f"{report.chains} 条链，{report.events} 条记录（{report.erased} 条已擦除内容），{report.days} 个每日链头"
    return [counted, *map(str, report.faults), "历史有误" if report.faults else "历史完整"]


if __name__ == "__main__":
    _report = check(read_file(sys.argv[1]))
    sys.stdout.write("\n".join(words(_report)) + "\n")
    sys.exit(1 if _report.faults else 0)
