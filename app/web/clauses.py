"""条款: what a cited clause says, and the whole text it stands in; open to everybody, as the notices are."""

from typing import cast

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.domain import citations, clause_pages, clauses, notice_content
from app.domain.clauses import Paper
from app.errors import NotFound
from app.web.session import reading

blueprint = Blueprint("clauses", __name__)


@blueprint.get("/clauses")
def cited() -> ResponseReturnValue:
    """The clauses that `of` cites (`N2 §四(二)3(1); N1 §一`); `notice`: the notice that a bare `§三` belongs to."""
    text = request.args.get("of", "")[: citations.MAX_LENGTH]
    with reading() as session:
        found = clause_pages.cited(session, text, request.args.get("notice", ""))
    if text and not found:
        raise NotFound("没有找到要查看的条款。")
    return render_template(_template(), found=found, title="条款")


@blueprint.get("/notices/<key>/clauses/<path:place>")
def show(key: str, place: str) -> ResponseReturnValue:
    with reading() as session:
        found = clause_pages.clause(session, key, place)
    return render_template(_template(), found=[found], title="条款")


@blueprint.get("/notices/<key>/text")
def text(key: str) -> ResponseReturnValue:
    with reading() as session:
        paper = clause_pages.paper(session, key)
        pieces = clause_pages.pieces(paper)
    return render_template("notices/text.html", paper=paper, pieces=pieces)


def under(session: Session, notice_version_id: int) -> None:
    """From here on this request cites as the notice of this version does, by its number and those of the ones above."""
    g.papers = notice_content.papers(session, notice_version_id)


def papers() -> list[Paper]:
    """The notice that this request is about, then those above it; empty where it is about none."""
    return cast(list[Paper], g.get("papers", []))


def linked(text: str | None, notice_key: str = "") -> Markup:
    """The template filter `clause`: the sources in words, as a link that opens what they say."""
    words = clauses.in_words(text, papers())
    if not words or not citations.read(text):
        return escape(words)
    of = "; ".join(clauses.applying(text, papers()))
    notice = notice_key or next((each.key for each in papers()), None)
    url = url_for("clauses.cited", of=of, notice=notice)
    return Markup('<a class="clause" href="{}">{}</a>').format(url, words)


def _template() -> str:
    """The page, or what stands on it alone for the browser that shows it in a dialog."""
    return "notices/_clauses.html" if request.args.get("part") else "notices/clauses.html"
