"""Two states of a notice compared: in words for parameters, rows, forms and tables, by element for diagrams."""

import pytest

from app.config import ROOT
from app.engine.differences import of_diagrams, of_tables

PAYMENT = (ROOT / "bpmn" / "payment.bpmn").read_bytes()
FEE = (ROOT / "tests" / "support" / "fee.dmn").read_bytes()


def said(changes: list) -> list[tuple[str, str, tuple[str, ...]]]:  # type: ignore[type-arg]
    return [(each.kind, each.element, each.what) for each in changes]


def test_elements_are_added_removed_changed_and_moved() -> None:
    assert of_diagrams(PAYMENT, PAYMENT) == []
    new = PAYMENT.decode()
    shape = new.index("<dc:Bounds", new.index('bpmnElement="pay"'))
    x = new.index('x="', shape) + 3
    moved = new[:x] + "9" + new[x:]
    assert [(kind, element) for kind, element, _ in said(of_diagrams(PAYMENT, moved.encode()))] == [("moved", "pay")]
    renamed = new.replace('value="payment"', 'value="pay_again"', 1)
    ((kind, _, what),) = said(of_diagrams(PAYMENT, renamed.encode()))
    assert (kind, what) == ("changed", ("属性 form：“payment” → “pay_again”",))
    end = '<bpmn:endEvent id="added_end" name="另行结束" />'
    grown = new.replace("</bpmn:process>", f"{end}</bpmn:process>")
    assert said(of_diagrams(PAYMENT, grown.encode())) == [("added", "added_end", ())]
    assert said(of_diagrams(grown.encode(), PAYMENT)) == [("removed", "added_end", ())]
    assert of_diagrams(PAYMENT, b"<")[0].element == ""


def test_a_table_tells_its_rules_apart() -> None:
    assert of_tables(FEE, FEE) == []
    ((kind, rule, what),) = said(of_tables(FEE, FEE.replace(b"<text>420</text>", b"<text>500</text>", 1)))
    assert (kind, rule, what) == ("changed", "fee_rule_1", ("评审费（元/人）：“420” → “500”",))


@pytest.mark.parametrize("broken", [b"", b"<", b"<a/>"])
def test_what_cannot_be_read_does_not_break_the_comparison(broken: bytes) -> None:
    assert of_tables(FEE, broken)
