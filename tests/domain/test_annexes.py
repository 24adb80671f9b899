"""附件: what a text cites by number and title, against the list at its end."""

import pytest

from app.domain import annexes, clauses

LIST = "（此处略）\n附件：1.申报条件\n　2. 委托评审函(央企填写)\n10.登记操作指南\n区职改办\n附件1\n1.不属清单\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("按《登记操作指南》（附件10）办理。", []),
        ("提交《委托评审函》（见附件2）。", []),
        ("按《登记操作指南》（附件2）办理。", ["正文称《登记操作指南》为附件2，附件清单列为附件10。"]),
        ("填写《承诺书》(附件3)。", ["正文引用附件3《承诺书》，附件清单没有列出。"]),
        ("填写《承诺书》(附件1)。", ["正文称附件1为《承诺书》，附件清单列为“申报条件”。"]),
    ],
)
def test_a_title_under_the_number_of_another_annex_is_named(text: str, told: list[str]) -> None:
    paper = clauses.paper("made_up", "虚构", "1号", f"{text}\n{LIST}", {})
    assert [each.message for each in annexes.findings(paper)] == told


def test_a_list_ends_where_its_numbers_do_and_without_one_nothing_is_said() -> None:
    assert annexes.titles(LIST) == {1: "申报条件", 2: "委托评审函(央企填写)", 10: "登记操作指南"}
    alone = clauses.paper("made_up", "虚构", "1号", "填写《承诺书》（附件2）。\n附件：承诺书（样表）\n", {})
    assert list(annexes.findings(alone)) == []
