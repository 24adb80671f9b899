"""文字 of a draft: its heading and what it says in words, its own before those of the notices above."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.domain.drafts import store
from app.domain.drafts.paths import HEADING
from app.domain.drafts.yaml_text import mapping, with_entry, without_entry
from app.domain.notice_content import latest_content, lineage
from app.domain.schedules import TEXT_NAMES
from app.domain.templates import checking
from app.domain.templates.checking import PARTS
from app.domain.templates.texts import TEXTS
from app.errors import Problem, Refused
from app.models.draft import NoticeDraft

HEADINGS = ("title", "number", "issuer", "year", "in_force_from", "parent", "note")
_NEEDED = {"title": "通知名称", "number": "文号", "issuer": "发文机关", "year": "申报年度", "in_force_from": "施行日期"}


def names() -> dict[str, str]:
    """Key → what the text is: those of the notice's page, then the wording of each message in two parts."""
    messages = {
        f"{key}.{part}": f"{words[0]}（{label}）" for key, words in TEXTS.items() for part, label in PARTS.items()
    }
    return {**TEXT_NAMES, **messages}


def usual(key: str) -> str:
    """The product's own wording of a message; empty for any other text."""
    template, _, part = key.partition(".")
    return TEXTS[template][list(PARTS).index(part)] if template in TEXTS and part in PARTS else ""


def said(session: Session, draft: NoticeDraft) -> tuple[dict[str, str], dict[str, str], dict[str, str], int]:
    """The heading, the draft's own texts, those of the notices above, and the file's revision."""
    text, revision = store.text_of(session, draft, HEADING)
    found = mapping(text)
    heading = {name: str(found.get(name) or "") for name in HEADINGS}
    own = {key: str(words) for key, words in (found.get("texts") or {}).items()}
    parent = latest_content(session, draft.parent_key)
    above = {key: words for each in reversed(lineage(parent)) for key, words in each.texts.items()}
    return heading, own, above, revision


def save(
    session: Session,
    draft_id: int,
    heading: Mapping[str, str],
    texts: Mapping[str, str],
    *,
    revision: int,
    by: int,
) -> None:
    """Write heading and texts (empty: not its own). Refused for what a notice must have, Conflict see `store.save`."""
    draft = store.editable(session, draft_id)
    problems = [
        Problem("missing", f"请填写{label}。", name) for name, label in _NEEDED.items() if not heading.get(name)
    ]
    if heading.get("year") and not heading["year"].isdecimal():
        problems.append(Problem("year", "申报年度应为四位年份。", "year"))
    problems += checking.notice_texts(texts)
    if problems:
        raise Refused(*problems)
    text = store.text_of(session, draft, HEADING)[0]
    before = mapping(text)
    after: dict[str, object] = {name: heading[name] for name in HEADINGS if heading.get(name)}
    after["year"] = int(heading["year"])
    kept = {key: words for key, words in texts.items() if words.strip()}
    if kept:
        after["texts"] = kept
    for key in ("parent", "note", "texts"):
        if key in before and key not in after:
            text = without_entry(text, key)
    for key, value in after.items():
        if before.get(key) != value:
            text = with_entry(text, key, value)
    store.save(session, draft_id, HEADING, text, revision=revision, by=by, reason="修改文字")
