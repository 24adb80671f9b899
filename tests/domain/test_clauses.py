import pytest

from app.domain import clauses


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("N2 §四(二)2; R-129", "渝大数据发〔2023〕54号四(二)2"),
        ("N1 §一(二); N2 §四(二)3(1); R-126", "渝职改办〔2022〕226号一(二)；渝大数据发〔2023〕54号四(二)3(1)"),
        ("N4 附件1 第76行", "渡职改办〔2022〕46号 附件1 第76行"),
        ("R-144", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_clause_names_the_paper_and_leaves_our_own_numbers_out(written: str | None, read: str) -> None:
    assert clauses.in_words(written) == read
