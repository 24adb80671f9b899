"""A decision table read from DMN XML, and its answer outside a workflow.

The same file runs in a businessRuleTask; here it is stricter: no match, and two matches under UNIQUE, are faults.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.engine.cells import Cell, CellFault, Result, read_condition, read_constants, read_output
from app.engine.xml import XmlRefused, parse
from app.errors import DiagramFault

HIT_POLICIES = ("UNIQUE", "FIRST", "COLLECT")
REMEDIES = {
    "cell_grammar": '条件可写："文字"、60、True、? >= 60、12 <= ? < 36、? in ["甲", "乙"]，可用 and、or 相连',
    "output_grammar": '结果可写："文字"、数字、True、False、None、["甲", "乙"] 或本表的输入名',
}


@dataclass(frozen=True)
class TableFinding:
    """Something a designer has to mend: `rule` is the row's id (None: the table), `line` counts in the XML file.

    `column` is the name of the input or output concerned, `other` the id of the second row concerned, `row` the
    conditions (one per input) of the row that would close a gap, `example` the inputs' values in one such case.
    """

    code: str
    rule: str | None
    line: int | None
    message: str
    remedy: str
    column: str | None = None
    other: str | None = None
    row: tuple[str, ...] = ()
    example: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Input:
    """A column asked. `allowed` are its predefined values, `limits` a condition on them, both only for the check."""

    name: str
    label: str
    kind: str
    line: int
    allowed: tuple[Any, ...] | None = None
    limits: Cell | None = None


@dataclass(frozen=True)
class Output:
    """A column answered; `allowed` are its predefined values, only for the check."""

    name: str
    label: str
    kind: str
    line: int
    allowed: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Rule:
    """A row; `number` counts from 1 as the editor shows it, `description` holds the clause."""

    id: str
    number: int
    line: int
    description: str
    cells: tuple[Cell, ...]
    results: tuple[Result, ...]

    def matches(self, inputs: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        pairs = zip(self.cells, names, strict=True)
        return all(cell.test is None or cell.test(inputs[name], inputs) for cell, name in pairs)


@dataclass(frozen=True)
class Decision:
    """One table, immutable and therefore shared between threads; cache it by `digest` (SHA-256 of the XML, hex)."""

    id: str
    label: str
    hit_policy: str
    inputs: tuple[Input, ...]
    answers: tuple[Output, ...]
    rules: tuple[Rule, ...]
    line: int
    digest: str

    @classmethod
    def parse(cls, xml: bytes) -> "Decision":
        """Raises DiagramFault with the line of the first thing that is wrong."""
        decision, findings = read(xml)
        if findings or decision is None:
            first = findings[0]
            raise DiagramFault(first.rule or (decision.id if decision else None), first.line, first.message)
        return decision

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.inputs)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.answers)

    def decide(self, inputs: Mapping[str, Any]) -> Any:
        """Outputs by name: a dict, or for COLLECT a list of dicts, empty where no row applies.

        Raises DiagramFault where UNIQUE or FIRST finds no row, where UNIQUE finds two, where an input that a cell
        asks for is not given, and where it cannot be compared (nothing given where a number is asked).
        """
        matched = self.matching(inputs)
        if self.hit_policy == "COLLECT":
            return [self._result(rule, inputs) for rule in matched]
        if not matched:
            raise DiagramFault(self.id, self.line, f"决策表“{self.label}”没有与输入相符的行：{self._given(inputs)}")
        if len(matched) > 1 and self.hit_policy == "UNIQUE":
            numbers = "、".join(str(rule.number) for rule in matched)
            reason = f"决策表“{self.label}”第{numbers}行同时相符：{self._given(inputs)}"
            raise DiagramFault(self.id, matched[1].line, reason)
        return self._result(matched[0], inputs)

    def matching(self, inputs: Mapping[str, Any]) -> list[Rule]:
        """The rows that apply, for FIRST the first one only; raises DiagramFault as `decide`."""
        matched: list[Rule] = []
        for rule in self.rules:
            try:
                if rule.matches(inputs, self.names):
                    matched.append(rule)
            except KeyError as missing:
                reason = f"决策表“{self.label}”没有得到输入“{missing.args[0]}”"
                raise DiagramFault(self.id, rule.line, reason) from None
            except TypeError:
                reason = f"决策表“{self.label}”第{rule.number}行无法比较：{self._given(inputs)}"
                raise DiagramFault(self.id, rule.line, reason) from None
            if matched and self.hit_policy == "FIRST":
                break
        return matched

    def _result(self, rule: Rule, inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {name: given.value(None, inputs) for name, given in zip(self.outputs, rule.results, strict=True)}

    def _given(self, inputs: Mapping[str, Any]) -> str:
        return "，".join(f"{c.label or c.name}＝{inputs.get(c.name)!r}" for c in self.inputs)


def read(xml: bytes) -> tuple[Decision | None, list[TableFinding]]:
    """The table and everything that keeps it from being read; the table is None where there is none to speak of."""
    findings: list[TableFinding] = []
    root = _root(xml, findings)
    if root is None:
        return None, findings
    decisions = root.findall("{*}decision")
    table = decisions[0].find("{*}decisionTable") if len(decisions) == 1 else None
    if table is None:
        message = "文件中须有且只有一张决策表"
        findings.append(TableFinding("table_shape", None, root.sourceline, message, "每张决策表单独存为一个文件"))
        return None, findings
    policy = table.get("hitPolicy", "UNIQUE")
    if policy not in HIT_POLICIES or table.get("aggregation"):
        message = f"命中策略“{policy} {table.get('aggregation', '')}”不可用".replace(" ”", "”")
        findings.append(
            TableFinding("hit_policy", None, table.sourceline, message, "请改为 UNIQUE、FIRST 或不带汇总的 COLLECT")
        )
    inputs = tuple(_input(node, findings) for node in table.findall("{*}input"))
    outputs = tuple(_output(node, findings) for node in table.findall("{*}output"))
    _refuse_twins([*(column.name for column in inputs)], "输入", table, findings)
    _refuse_twins([*(column.name for column in outputs)], "输出", table, findings)
    rules = tuple(
        _rule(node, number, inputs, outputs, findings) for number, node in enumerate(table.findall("{*}rule"), start=1)
    )
    decision = decisions[0]
    label = decision.get("name") or decision.get("id", "")
    digest = hashlib.sha256(xml).hexdigest()
    return Decision(decision.get("id", ""), label, policy, inputs, outputs, rules, table.sourceline, digest), findings


def _root(xml: bytes, findings: list[TableFinding]) -> Any:
    try:
        return parse(xml)
    except XmlRefused as refused:
        findings.append(TableFinding("table_shape", None, refused.line, refused.message, "请用决策表编辑器重新保存"))
        return None


def _input(node: Any, findings: list[TableFinding]) -> Input:
    expression = node.find("{*}inputExpression")
    written = (expression.findtext("{*}text") if expression is not None else None) or ""
    name = _name(node, written.strip(), findings)
    kind = (expression.get("typeRef") if expression is not None else None) or ""
    allowed, limits = None, None
    domain = (node.findtext("{*}inputValues/{*}text") or "").strip()
    try:
        if "?" in domain:
            limits = read_condition(domain, frozenset())
        elif domain:
            allowed = read_constants(domain)
    except CellFault as fault:
        remedy = '可选值写成 "甲","乙"，数值范围写成 0 <= ? <= 600'
        message = f"输入“{name}”的可选值：{fault}"
        findings.append(TableFinding("input_values", None, node.sourceline, message, remedy, name))
    return Input(name, node.get("label") or name, kind, node.sourceline, allowed, limits)


def _name(node: Any, name: str, findings: list[TableFinding]) -> str:
    if not name.isidentifier() or name.startswith("_"):
        message = f"“{name}”不能作输入或输出的名称"
        remedy = "名称用英文字母、数字和下划线，且不以下划线开头"
        findings.append(TableFinding("column_name", None, node.sourceline, message, remedy))
    return name


def _refuse_twins(names: list[str], word: str, table: Any, findings: list[TableFinding]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        message = f"{word}“{name}”出现了不止一次"
        findings.append(TableFinding("column_name", None, table.sourceline, message, "请删去或改名"))


def _output(node: Any, findings: list[TableFinding]) -> Output:
    name = _name(node, node.get("name", ""), findings)
    allowed = None
    domain = (node.findtext("{*}outputValues/{*}text") or "").strip()
    try:
        allowed = read_constants(domain) if domain else None
    except CellFault as fault:
        message = f"结果“{name}”的可选值：{fault}"
        findings.append(TableFinding("input_values", None, node.sourceline, message, '可选值写成 "甲","乙"', name))
    return Output(name, node.get("label") or name, node.get("typeRef") or "", node.sourceline, allowed)


def _rule(
    node: Any, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...], findings: list[TableFinding]
) -> Rule:
    rule_id, line = node.get("id", f"row_{number}"), node.sourceline
    names = frozenset(column.name for column in inputs)
    asked, given = node.findall("{*}inputEntry"), node.findall("{*}outputEntry")
    if (len(asked), len(given)) != (len(inputs), len(outputs)):
        message = f"第{number}行的单元格数与表头不一致"
        findings.append(TableFinding("table_shape", rule_id, line, message, "请用决策表编辑器重新保存"))

    def read_each(entries: list[Any], columns: Sequence[Input | Output], code: str, read_cell: Any) -> list[Any]:
        found = []
        for entry, column in zip(entries, columns, strict=False):
            try:
                found.append(read_cell(entry.findtext("{*}text"), names))
            except CellFault as fault:
                message = f"第{number}行：{fault}"
                place = (code, rule_id, entry.sourceline, message, REMEDIES[code], column.name)
                findings.append(TableFinding(*place))
        return found

    cells = read_each(asked, inputs, "cell_grammar", read_condition)
    results = read_each(given, outputs, "output_grammar", read_output)
    return Rule(rule_id, number, line, node.findtext("{*}description") or "", tuple(cells), tuple(results))
