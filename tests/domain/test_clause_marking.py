"""Clauses marked by the headings of a text; what was said of them before stays with them."""

from pathlib import Path

import pytest

from app.domain.clause_marking import mark
from app.domain.packages import read

TEXT = """样例〔2024〕1号
关于评审的通知
一、范围
（一）在职人员。
(二) 自由职业者。
二、程序
1.申报：网上填写
（1）单位审核
2.公示不少于5个工作日
附件：1.条件
2.表
附件1
一、学历
"""


def test_headings_become_clauses_that_end_where_the_next_begins() -> None:
    found = mark(TEXT, {}, "")

    assert [(key, each["heading"], TEXT[slice(*each["where"])]) for key, each in found.items()] == [
        ("§一", "范围", "一、范围\n（一）在职人员。\n(二) 自由职业者。"),
        ("§一(一)", "在职人员", "（一）在职人员。"),
        ("§一(二)", "自由职业者", "(二) 自由职业者。"),
        ("§二", "程序", "二、程序\n1.申报：网上填写\n（1）单位审核\n2.公示不少于5个工作日"),
        ("§二1", "申报", "1.申报：网上填写\n（1）单位审核"),
        ("§二1(1)", "单位审核", "（1）单位审核"),
        ("§二2", "公示不少于5个工作日", "2.公示不少于5个工作日"),
        ("附件1", "附件1", "附件1\n一、学历"),
        ("附件1 一", "学历", "一、学历"),
    ]


@pytest.mark.parametrize("key", ["n0_2021_experts", "n1_2022_general", "n2_2023_bigdata"])
def test_marking_a_shipped_notice_again_changes_nothing(key: str) -> None:
    package = read(Path(__file__).parents[2] / "notices" / key)

    again = mark(package.text, package.clauses, package.text)

    assert {name: tuple(each["where"]) for name, each in again.items()} == {
        name: clause.where for name, clause in package.clauses.items()
    }
    assert {name: each.get("accepted", {}) for name, each in again.items()} == {
        name: dict(clause.accepted) for name, clause in package.clauses.items()
    }


def test_links_and_reasons_move_with_their_clause() -> None:
    package = read(Path(__file__).parents[2] / "notices" / "n2_2023_bigdata")
    longer = package.text.replace("现就开展", "按照有关要求，现就开展", 1)

    again = mark(longer, package.clauses, package.text)

    begin, end = again["N2 §五"]["where"]
    assert longer[begin:end].startswith("五、纪律要求")
    assert again["N2 §五"]["accepted"] == dict(package.clauses["N2 §五"].accepted)
    begin, end = again["N2 题"]["where"]
    assert longer[begin:end] == package.text[slice(*package.clauses["N2 题"].where)]
