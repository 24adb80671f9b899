"""Clauses as readers have them: designers write `N2 §四(二)2; R-129`, readers see the number of the document."""

import re

PAPERS = {
    "N0": "渝职改办〔2021〕160号",
    "N1": "渝职改办〔2022〕226号",
    "N2": "渝大数据发〔2023〕54号",
    "N3": "自治区2019年备案登记函",
    "N4": "渡职改办〔2022〕46号",
}
_PAPER = re.compile(r"\b(N\d)\b")
_OURS = re.compile(r"^(R-\d|§8|design|D\d)")  # rule numbers of our own specification: no reader has it


def in_words(text: str | None) -> str:
    """The sources a reader can open, `；` between them; empty where only rule numbers of our own stand."""
    parts = [part.strip() for part in re.split(r"[;；]", text or "")]
    kept = [_PAPER.sub(lambda match: PAPERS[match.group(1)], part) for part in parts if part and not _OURS.match(part)]
    return "；".join(part.replace("号 §", "号").replace("§", "") for part in kept)
