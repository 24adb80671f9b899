"""Tables with known faults and tables without any: every fault is named where it is, and nothing else."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml

from app.engine.decisions import Decision, check_table
from app.engine.lint import Vocabulary, lint

HERE = Path(__file__).parents[1] / "decisions"
FAULTY = yaml.safe_load((HERE / "faulty.yaml").read_text(encoding="utf-8"))
SOUND = yaml.safe_load((HERE / "sound.yaml").read_text(encoding="utf-8"))
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def about(table: dict[str, Any]) -> str:
    return str(table["about"])


def dmn(table: dict[str, Any], rows: list[str] | None = None) -> bytes:
    def column(written: str, at: int, tag: str) -> str:
        head, _, domain = written.partition(" | ")
        name, kind = head.split()
        values = f'<{tag}Values id="{tag}_values_{at}"><text>{escape(domain)}</text></{tag}Values>' if domain else ""
        if tag == "output":
            return f'<output id="output_{at}" name="{name}" typeRef="{kind}">{values}</output>'
        asked = f'<inputExpression id="asked_{at}" typeRef="{kind}"><text>{name}</text></inputExpression>'
        return f'<input id="input_{at}" label="{name}">{asked}{values}</input>'

    def row(written: str, number: int) -> str:
        cells = []
        for tag, side in zip(("input", "output"), written.split("-->"), strict=True):
            for at, text in enumerate(side.split(";")):
                body = f"<text>{escape(text.strip())}</text>"
                cells.append(f'<{tag}Entry id="row_{number}_{tag}_{at}">{body}</{tag}Entry>')
        return f'<rule id="row_{number}">{"".join(cells)}</rule>'

    return "\n".join(
        [
            f'<definitions xmlns="{DMN}" id="made_up_definitions" name="made_up" namespace="n">',
            f'<decision id="made_up" name={quoteattr(about(table))}>',
            f'<decisionTable id="made_up_table" hitPolicy="{table.get("policy", "UNIQUE")}">',
            *(column(written, at, "input") for at, written in enumerate(table["inputs"])),
            *(column(written, at, "output") for at, written in enumerate(table["outputs"])),
            *(row(written, number) for number, written in enumerate(rows or table["rows"], start=1)),
            "</decisionTable></decision></definitions>",
        ]
    ).encode()


@pytest.mark.parametrize("table", FAULTY, ids=about)
def test_fault_is_named_where_it_is(table: dict[str, Any]) -> None:
    found = check_table(dmn(table))
    assert sorted(f"{each.code} {(each.rule or '_0').rpartition('_')[2]}" for each in found) == sorted(table["finds"])
    assert all(each.line and each.message and each.remedy for each in found)


@pytest.mark.parametrize("table", SOUND, ids=about)
def test_sound_table_is_left_in_peace(table: dict[str, Any]) -> None:
    assert lint({"made_up.dmn": dmn(table)}, Vocabulary()) == []


def test_there_are_twenty_of_each_and_every_code_among_them() -> None:
    assert len(FAULTY) >= 20
    assert len(SOUND) >= 20
    codes = {found.split()[0] for table in FAULTY for found in table["finds"]}
    assert codes == {"gap", "overlap", "unreachable", "unknown_value", "type_mix", "empty_output", "cell_grammar"}


@pytest.mark.parametrize("table", [each for each in FAULTY if each["finds"] == ["gap 0"]], ids=about)
def test_rows_that_a_gap_asks_for_close_it(table: dict[str, Any]) -> None:
    rows, result = list(table["rows"]), table["rows"][0].partition("-->")[2]
    for gap in check_table(dmn(table)):
        # what depends on two inputs being equal cannot be told column by column
        rows.append(f"{' ; '.join(gap.row or ('? == needed', '-'))} -->{result}")
    assert check_table(dmn(table, rows)) == []


def test_gap_in_words_names_the_row_that_is_missing() -> None:
    asked = {each["about"]: [found.row for found in check_table(dmn(each))] for each in FAULTY}
    assert asked["正高级没有收费标准"] == [('"full_senior"',)]
    assert asked["恰好满36个月的落空"] == [("36",)]
    assert asked["小数落在两档之间"] == [("1 < ? < 2",)]
    assert asked["申报期之后第一天没有规定"] == [('"2023-11-01"',)]
    assert asked["新增的人员类别没有路线"] == [('"veteran"', "-")]


def test_many_gaps_are_told_in_part() -> None:
    values = ",".join(f'"v{number}"' for number in range(8))
    rows = [f'"v{number}" ; "v{number}" --> {number}' for number in range(8)]
    table = {"about": "棋盘", "inputs": [f"one string | {values}", f"two string | {values}"], "outputs": ["n integer"]}
    found = check_table(dmn({**table, "rows": [f'"v0" ; ? != "v{number}" --> 1' for number in range(1)] + rows[1:]}))
    assert 1 < len([each for each in found if each.code == "gap"]) <= 11


def test_a_large_table_is_checked_in_a_moment() -> None:
    values = ",".join(f'"v{number}"' for number in range(12))
    names = ["one", "two", "three", "four"]
    rows = [f'"v{number}" ; "v{number}" ; - ; - --> {number}' for number in range(12)]
    rows += [f'- ; - ; "v{number}" ; "v{number}" --> {number}' for number in range(12)]
    table = {"about": "大表", "inputs": [f"{name} string | {values}" for name in names], "outputs": ["n integer"]}
    found = check_table(dmn({**table, "rows": rows}))
    assert {each.code for each in found} == {"gap", "overlap"}


def test_matching_rows_can_be_asked_for() -> None:
    table = next(each for each in SOUND if about(each) == "首行优先而有重叠")
    decision = Decision.parse(dmn(table))
    assert [rule.number for rule in decision.matching({"months": 70, "exempt": False})] == [2]
