import pytest

from app.domain import clauses
from app.domain.citations import Citation
from app.domain.clause_files import Clause


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


def test_a_citation_means_the_notice_of_its_number_or_the_one_that_cites() -> None:
    marked = {"N2 §三": Clause("N2 §三", "时间", (0, 3))}
    own = clauses.paper("own", "本通知", "渝大数据发〔2024〕9号", "三、…", marked)
    above = clauses.paper(
        "above", "上级通知", "渝职改办〔2022〕226号", "四、…", {"N1 §四": Clause("N1 §四", "复查", (0, 3))}
    )
    papers = [own, above]

    assert clauses.meant(Citation("", "三"), papers) is own
    assert clauses.meant(Citation("渝大数据发〔2024〕9号", "三"), papers) is own
    assert clauses.meant(Citation("N2", "三"), papers) is own  # its own clauses carry the name of last year's
    assert clauses.meant(Citation("N1", "四"), papers) is above
    assert clauses.meant(Citation("N4", "一"), papers) is None
    assert (own.find("三(一)2"), own.find("四")) == ("三", None)


def test_a_notice_made_from_an_earlier_one_is_cited_by_its_own_number() -> None:
    marked = {"N2 §三": Clause("N2 §三", "时间", (0, 3))}
    own = clauses.paper("own", "本通知", "渝大数据发〔2024〕9号", "三、…", marked)
    unnumbered = clauses.paper("draft", "本通知", "", "三、…", marked)
    above = clauses.paper("above", "上级通知", "渝职改办〔2022〕226号", "", {})

    shared = "N1 §一(四)；N2 §三；N4 §三(二)；R-138"
    assert clauses.in_words(shared, [own, above]) == "渝职改办〔2022〕226号一(四)；渝大数据发〔2024〕9号三"
    assert clauses.in_words("N2 §三", [unnumbered]) == "本通知三"
    assert clauses.in_words("N4 §三(二)", [own, above]) == "渡职改办〔2022〕46号三(二)", "nothing of one's own remains"
    assert (
        clauses.in_words(shared) == "渝职改办〔2022〕226号一(四)；渝大数据发〔2023〕54号三；渡职改办〔2022〕46号三(二)"
    )
    assert clauses.applying(shared, [own, above]) == ["N1 §一(四)", "N2 §三"]
