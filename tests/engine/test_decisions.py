"""Decision tables: the grammar of cells, the answer, the faults, the check, and the same answer as the library's."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from math import prod
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnValidator
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

from app.engine.decisions import Decision, check_table
from app.engine.scripts import RestrictedEnvironment
from app.errors import DiagramFault

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*ROOT.glob("bpmn/*.dmn"), *ROOT.glob("notices/*/decisions/*.dmn")])
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    rows: list[list[str]],
    *,
    inputs: tuple[str, ...] = ("degree", "months"),
    outputs: tuple[str, ...] = ("answer",),
    policy: str = "UNIQUE",
    values: dict[str, str] | None = None,
    kinds: dict[str, str] | None = None,
) -> bytes:
    """A table of one line per column and row, so that line numbers can be told."""
    head = []
    for name in inputs:
        allowed = (values or {}).get(name)
        domain = f'<inputValues id="v_{name}"><text>{escape(allowed)}</text></inputValues>' if allowed else ""
        kind = (kinds or {}).get(name, "")
        asked = f'<inputExpression id="e_{name}" typeRef="{kind}"><text>{name}</text></inputExpression>'
        head.append(f'<input id="i_{name}" label="{name}">{asked}{domain}</input>')
    head += [
        f'<output id="o_{name}" label="{name}" name="{name}" typeRef="{(kinds or {}).get(name, "")}"/>'
        for name in outputs
    ]
    body = []
    for number, row in enumerate(rows, start=1):
        cells = [
            f'<{"inputEntry" if at < len(inputs) else "outputEntry"} id="c_{number}_{at}"><text>{escape(text)}</text>'
            f"</{'inputEntry' if at < len(inputs) else 'outputEntry'}>"
            for at, text in enumerate(row)
        ]
        body.append(f'<rule id="r{number}">{"".join(cells)}</rule>')
    lines = [
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="n">', '<decision id="made_up" name="试表">',
        f'<decisionTable id="t" hitPolicy="{policy}">', *head, *body, "</decisionTable>", "</decision></definitions>",
    ]  # fmt: skip
    return "\n".join(lines).encode()


def answers(cell: str, *values: Any) -> list[bool]:
    decision = Decision.parse(table([[cell, '"yes"']], inputs=("asked",), policy="COLLECT"))
    return [bool(decision.decide({"asked": value})) for value in values]


def codes(xml: bytes, domains: dict[str, list[Any]] | None = None) -> list[str]:
    return [finding.code for finding in check_table(xml, domains)]


@pytest.mark.parametrize(
    ("cell", "values", "expected"),
    [
        ("", ("a", None, 7), [True, True, True]),
        ("-", ("a", None, 7), [True, True, True]),
        ('"a"', ("a", "b", None), [True, False, False]),
        ("60", (60, 59, "60"), [True, False, False]),
        ("-1", (-1, 1), [True, False]),
        ("True", (True, False), [True, False]),
        ("None", (None, ""), [True, False]),
        ("? >= 12", (11, 12, 13), [False, True, True]),
        (">= 12", (11, 12), [False, True]),
        ("3 < ? <= 6", (3, 4, 6, 7), [False, True, True, False]),
        ('? in ["a", "b"]', ("a", "b", "c"), [True, True, False]),
        ("? not in [1, 2]", (1, 3), [False, True]),
        ('? == "a" or ? == "b"', ("a", "b", "c"), [True, True, False]),
        ("? > 3 and ? != 5", (3, 4, 5, 6), [False, True, False, True]),
        ('"why?"', ("why?", "why"), [True, False]),
    ],
)
def test_cell_answers_as_it_reads(cell: str, values: tuple[Any, ...], expected: list[bool]) -> None:
    assert answers(cell, *values) == expected


@pytest.mark.parametrize(
    "cell",
    [
        '__import__("os").system("true")',
        "open('x')",
        "? == (lambda: 1)()",
        "[v for v in [1]]",
        "?.__class__",
        "2 ** 99",
        '"a" * 999',
        "? is None",
        "not ? == 1",
        "unknown_name",
        '"a", "b"',
        '["a", "b"]',
        "? in degree",
        "? in 'abc'",
        "f'{1}'",
        "b'a'",
        "? >",
        "大专以上 及",
        '"it\'s"',
        "? if 1 else 2",
        "? == 1 and 1",
        "1" * 501,
    ],
)
def test_cell_outside_the_grammar_is_refused_with_line_and_remedy(cell: str) -> None:
    xml = table([['"a"', "1", '"x"'], [cell, "-", '"y"']])
    (finding,) = check_table(xml)
    assert (finding.code, finding.rule, finding.line) == ("cell_grammar", "r2", 8)
    assert "? in [" in finding.remedy
    with pytest.raises(DiagramFault) as caught:
        Decision.parse(xml)
    assert (caught.value.element, caught.value.line) == ("r2", 8)


@pytest.mark.parametrize("cell", ["open('x')", "1 + 1", "? >= 2", "degree.upper()", "nobody", '{"a": 1}'])
def test_output_outside_the_grammar_is_refused(cell: str) -> None:
    assert codes(table([["-", "-", cell]])) == ["output_grammar"]


def test_output_gives_constants_lists_and_inputs() -> None:
    xml = table([["-", "-", "-12", '["a", "b"]', "months", ""]], outputs=("number", "listed", "taken", "empty"))
    given = {"degree": "x", "months": 7}
    assert Decision.parse(xml).decide(given) == {"number": -12, "listed": ["a", "b"], "taken": 7, "empty": ""}


def test_cell_may_compare_with_another_input() -> None:
    xml = table([["? >= needed", "-", "True"], ["? < needed", "-", "False"]], inputs=("held", "needed"))
    decision = Decision.parse(xml)
    assert [decision.decide({"held": held, "needed": 24}) for held in (23, 24)] == [{"answer": False}, {"answer": True}]
    assert codes(xml, {"held": [23, 24], "needed": [24]}) == []


def test_unique_without_a_match_is_a_fault_naming_table_line_and_inputs() -> None:
    decision = Decision.parse(table([['"bachelor"', "? >= 60", '"ok"']]))
    with pytest.raises(DiagramFault) as caught:
        decision.decide({"degree": "bachelor", "months": 59})
    assert str(caught.value) == "made_up:3: 决策表“试表”没有与输入相符的行：degree＝'bachelor'，months＝59"


def test_unique_with_two_matches_is_a_fault_naming_both_rows() -> None:
    decision = Decision.parse(table([["-", "? >= 60", '"a"'], ["-", "? >= 24", '"b"']]))
    assert decision.decide({"degree": "x", "months": 30}) == {"answer": "b"}
    with pytest.raises(DiagramFault) as caught:
        decision.decide({"degree": "x", "months": 60})
    assert str(caught.value) == "made_up:8: 决策表“试表”第1、2行同时相符：degree＝'x'，months＝60"


def test_first_takes_the_first_and_is_a_fault_without_any() -> None:
    xml = table([["-", "? >= 60", '"a"'], ["-", "? >= 24", '"b"']], policy="FIRST")
    decision = Decision.parse(xml)
    assert [decision.decide({"degree": "x", "months": months})["answer"] for months in (60, 24)] == ["a", "b"]
    with pytest.raises(DiagramFault):
        decision.decide({"degree": "x", "months": 23})


def test_first_does_not_look_beyond_its_row() -> None:
    decision = Decision.parse(table([['"a"', "-", '"x"'], ["-", "? >= 1", '"y"']], policy="FIRST"))
    assert decision.decide({"degree": "a", "months": None}) == {"answer": "x"}


def test_collect_gives_every_row_and_none_is_an_answer() -> None:
    decision = Decision.parse(table([["-", "? >= 60", '"a"'], ["-", "? >= 24", '"b"']], policy="COLLECT"))
    found = [decision.decide({"degree": "x", "months": months}) for months in (60, 24, 1)]
    assert found == [[{"answer": "a"}, {"answer": "b"}], [{"answer": "b"}], []]


def test_input_not_given_or_not_comparable_is_a_fault() -> None:
    decision = Decision.parse(table([["-", "? >= 60", '"a"']]))
    assert decision.decide({"months": 60}) == {"answer": "a"}  # nobody asks for the degree
    with pytest.raises(DiagramFault, match="没有得到输入“months”"):
        decision.decide({"degree": "x"})
    with pytest.raises(DiagramFault, match="第1行无法比较"):
        decision.decide({"months": None})


def test_check_finds_overlap_gap_and_their_example() -> None:
    xml = table(
        [['"bachelor"', "? >= 60", '"a"'], ['"bachelor"', "? <= 60", '"b"'], ['"doctor"', "? > 24", '"c"']],
        kinds={"months": "integer"},
    )
    overlap, gap = check_table(xml)
    assert (overlap.code, overlap.rule, overlap.line) == ("overlap", "r2", 8)
    assert overlap.message == "第1行与第2行同时相符，例如degree＝'bachelor'，months＝60"
    assert (gap.code, gap.line) == ("gap", 3)
    assert gap.message == "有1种情形没有相符的行，例如degree＝'doctor'，months＝23"


def test_check_of_the_mended_twin_is_silent() -> None:
    rows = [['"bachelor"', "? >= 60", '"a"'], ['"bachelor"', "? < 60", '"b"'], ['"doctor"', "-", '"c"']]
    assert codes(table(rows, kinds={"months": "integer"})) == []


def test_check_counts_both_booleans_and_predefined_values() -> None:
    one = table([["True", '"a"']], inputs=("passed",), kinds={"passed": "boolean"})
    assert codes(one) == ["gap"]
    closed = table([['"a"', '"x"'], ['"b"', '"y"']], inputs=("kind",), values={"kind": '"a","b"'})
    opened = table([['"a"', '"x"'], ['"b"', '"y"']], inputs=("kind",), values={"kind": '"a","b","c"'})
    assert (codes(closed), codes(opened)) == ([], ["gap"])
    assert codes(closed, {"kind": ["a", "b", "d"]}) == ["gap"]


def test_check_cuts_numbers_at_every_boundary_and_limits_them() -> None:
    rows = [["12 <= ? < 36", '"a"'], ["? >= 36", '"b"']]
    assert codes(table(rows, inputs=("months",), kinds={"months": "integer"})) == ["gap"]
    limited = table(rows, inputs=("months",), kinds={"months": "integer"}, values={"months": "12 <= ?"})
    assert codes(limited) == []
    between = [["? < 1", '"a"'], ["? > 1", '"b"'], ["1", '"c"']]
    assert codes(table(between, inputs=("share",), kinds={"share": "double"})) == []
    assert codes(table([["? <= 1", '"a"'], ["? >= 2", '"b"']], inputs=("n",), kinds={"n": "double"})) == ["gap"]
    assert codes(table([["? <= 1", '"a"'], ["? >= 2", '"b"']], inputs=("n",), kinds={"n": "integer"})) == []


def test_check_finds_the_one_whole_number_between_two_boundaries() -> None:
    rows = [["? <= 1", '"a"'], ["? >= 3", '"b"']]
    (gap,) = check_table(table(rows, inputs=("n",), kinds={"n": "integer"}))
    assert gap.message == "有1种情形没有相符的行，例如n＝2"


def test_check_counts_a_text_that_nobody_names_where_a_cell_excludes_one() -> None:
    assert codes(table([['"a"', '"x"'], ['? != "a"', '"y"']], inputs=("kind",))) == []
    assert codes(table([['"a"', '"x"'], ['? not in ["a", "b"]', '"y"']], inputs=("kind",))) == ["gap"]


def test_check_finds_rows_that_never_apply() -> None:
    covered = table([["-", "? >= 24", '"a"'], ["-", "? >= 60", '"b"'], ["-", "-", '"c"']], policy="FIRST")
    assert [(f.code, f.rule) for f in check_table(covered)] == [("unreachable", "r2")]
    impossible = table([["-", "? > 6 and ? < 3", '"a"'], ["-", "-", '"b"']])
    assert [(f.code, f.rule) for f in check_table(impossible)] == [("unreachable", "r1")]
    assert codes(table([["-", "? >= 60", '"a"'], ["-", "? >= 24", '"b"'], ["-", "-", '"c"']], policy="FIRST")) == []


def test_check_says_so_when_a_table_is_too_large_to_try() -> None:
    names = tuple(f"n{number}" for number in range(12))
    rows = [['"a"'] * 12 + ['"x"'], ['? != "a"'] * 12 + ['"y"'], ["? == n0"] * 12 + ['"z"']]
    values = dict.fromkeys(names, '"a","b","c"')
    assert codes(table(rows, inputs=names, values=values)) == ["table_too_large"]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (b"<definitions", "table_shape"),
        (b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>', "table_shape"),
        (table([]).replace(b"<decision ", b'<decision id="twin"/><decision '), "table_shape"),
        (table([["-", '"x"']]), "table_shape"),
        (table([["-", "-", '"x"']], policy="PRIORITY"), "hit_policy"),
        (table([["-", "-", '"x"']], inputs=("degree", "degree")), "column_name"),
        (table([["-", "-", '"x"']], inputs=("degree", "months + 1")), "column_name"),
        (table([["-", "-", '"x"']], inputs=("degree", "_private")), "column_name"),
        (table([["-", "-", '"x"']], outputs=("a.b",)), "column_name"),
        (table([["-", "-", '"x"']], values={"degree": "open('x')"}), "input_values"),
    ],
)
def test_file_that_is_no_sound_table_is_refused(broken: bytes, code: str) -> None:
    assert codes(broken) == [code]
    with pytest.raises(DiagramFault):
        Decision.parse(broken)


def test_decision_is_shared_between_threads() -> None:
    decision = Decision.parse((ROOT / "tests" / "support" / "fee.dmn").read_bytes())
    levels = ["junior", "intermediate", "associate_senior", "full_senior"] * 200
    with ThreadPoolExecutor(8) as pool:
        amounts = list(pool.map(lambda level: decision.decide({"level": level})["amount"], levels))
    assert amounts == [120, 240, 420, 420] * 200


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_shipped_table_is_sound_and_named_for_its_file(path: Path) -> None:
    assert check_table(path.read_bytes()) == []
    assert Decision.parse(path.read_bytes()).id == path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_shipped_table_answers_in_a_diagram_as_it_does_outside(path: Path) -> None:
    decision = Decision.parse(path.read_bytes())
    spec, scripts = _diagram(path), PythonScriptEngine(environment=RestrictedEnvironment({}))
    for case in _cases(decision):
        workflow = BpmnWorkflow(spec, script_engine=scripts)
        workflow.task_tree.set_data(**case)
        workflow.do_engine_steps()
        assert workflow.completed
        expected = decision.decide(case)
        if decision.hit_policy == "COLLECT":
            expected = {name: [row[name] for row in expected] for name in decision.outputs if expected}
        assert {name: workflow.data[name] for name in decision.outputs if name in workflow.data} == expected


def _diagram(path: Path) -> Any:
    process = f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="t" id="d">
      <bpmn:process id="ask" isExecutable="true"><bpmn:startEvent id="start"/>
      <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
      <bpmn:businessRuleTask id="decide"><bpmn:extensionElements>
      <spiffworkflow:calledDecisionId>{path.stem}</spiffworkflow:calledDecisionId>
      </bpmn:extensionElements></bpmn:businessRuleTask>
      <bpmn:sequenceFlow id="f2" sourceRef="decide" targetRef="end"/><bpmn:endEvent id="end"/>
      </bpmn:process></bpmn:definitions>"""
    parser = SpiffBpmnParser(validator=BpmnValidator())  # the DMN file is held against the library's schema too
    parser.add_dmn_xml(etree.fromstring(path.read_bytes()), path.name)
    parser.validator = None
    parser.add_bpmn_xml(etree.fromstring(process.encode()))
    return parser.get_spec("ask")


def _cases(decision: Decision, at_most: int = 240) -> list[dict[str, Any]]:
    """Combinations of predefined values and of numbers around every boundary, evenly picked."""
    columns: list[list[Any]] = []
    for index, column in enumerate(decision.inputs):
        if column.allowed is not None:
            columns.append(list(column.allowed))
            continue
        boundaries = {n for rule in decision.rules for n in rule.cells[index].literals}
        columns.append(sorted({n + step for n in boundaries for step in (-1, 0, 1)}))
    stride = prod(map(len, columns)) // at_most * 2 + 1  # odd, so that no column stands still
    return [dict(zip(decision.names, case, strict=True)) for case in islice(product(*columns), 0, None, stride)]
