import re
from pathlib import Path

from app.engine.lint import Vocabulary, lint

TABLE = (Path(__file__).parents[1] / "support" / "fee.dmn").read_bytes()


def test_shipped_table_has_no_gap_and_no_overlap() -> None:
    assert lint({"fee.dmn": TABLE}, Vocabulary()) == []


def test_removed_rule_is_named_as_a_gap() -> None:
    shortened = re.sub(rb"<rule\b.*?</rule>", b"", TABLE, count=1, flags=re.DOTALL)
    assert shortened != TABLE
    (finding,) = lint({"fee.dmn": shortened}, Vocabulary())
    assert (finding.file, finding.code, finding.severity) == ("fee.dmn", "gap", "error")


def test_doubled_rule_is_named_as_an_overlap() -> None:
    rule = re.search(rb"<rule\b.*?</rule>", TABLE, flags=re.DOTALL)
    assert rule is not None
    renamed = re.sub(rb'id="', b'id="second_', rule.group())
    doubled = TABLE.replace(rule.group(), rule.group() + renamed)
    assert {finding.code for finding in lint({"fee.dmn": doubled}, Vocabulary())} == {"overlap"}
