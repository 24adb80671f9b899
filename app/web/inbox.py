"""待办、已办、抄送我的、等待答复、我发起的: the lists a person works from."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import badges, permissions, substitutes, task_requests, wording
from app.domain.inbox import beside, choices, lists, started, whereabouts
from app.domain.inbox.choices import Choice, Taken
from app.domain.inbox.filters import CLAIMS, READ, RUNNING, SORTS, Filters, wrong
from app.domain.permissions import Grants
from app.domain.said import whole_number
from app.processes import bundles, history
from app.web import saved_views
from app.web.session import grants, reading, visitor

blueprint = Blueprint("tasks", __name__)
blueprint.add_app_template_filter(wording.moment_words, "moment")
blueprint.add_app_template_filter(wording.span_words, "span")

TABS = (
    ("待办", "tasks.inbox", "todo"),
    ("已办", "tasks.done", "done"),
    ("抄送我的", "tasks.copies", "unread"),
    ("等待答复", "tasks.asked", ""),
    ("我发起的", "tasks.started", ""),
)
OF_APPLICANTS = ("tasks.inbox", "tasks.done")  # an applicant's own beginnings stand under 我的申请书
SORTED = {  # which orders a list offers, its usual one first
    "todo": ("due", "newest", "oldest", "applicant", "unit"),
    "done": ("ended", "newest", "oldest", "applicant", "unit"),
    "copies": ("newest", "oldest", "applicant", "unit"),
    "started": ("newest", "oldest", "applicant", "unit"),
}
FIXED = {"state": badges.STATES, "claim": CLAIMS, "read": READ, "status": RUNNING}
Offers = dict[str, list[Choice]]


def filters_of_request() -> Filters:
    """The filters that stand in the address."""
    return Filters.of(request.args)


@blueprint.get("/tasks", endpoint="inbox")
def todo() -> ResponseReturnValue:
    who, filters = _entered(), filters_of_request()
    with reading() as session:
        views = _views(session, who, "todo", _tallies(session, who))
        if views and views.usual:
            return redirect(views.usual)
        listing = lists.todo(session, who, filters, _page())
        frame = _frame(session, who, "todo", listing.choices)
        came = task_requests.latest(session, [item.task_id for item in listing.items])
        absent = substitutes.absent_names(session, who, [item.post for item in listing.items])
    return render_template("inbox/todo.html", listing=listing, views=views, came=came, absent=absent, **frame)


@blueprint.get("/tasks/done")
def done() -> ResponseReturnValue:
    """已办, and where each case stands now."""
    who, filters = _entered(), filters_of_request()
    with reading() as session:
        views = _views(session, who, "done")
        if views and views.usual:
            return redirect(views.usual)
        listing = lists.done(session, who, filters, _page())
        words = _Decisions(session)
        decided = {item.task_id: words(item.notice_version_id, item.form_key, item.decision) for item in listing.items}
        taken = choices.adding_up(words.of(listing.taken))
        frame = _frame(session, who, "done", {**listing.choices, "decision": taken})
        now = whereabouts.of(session, [item.case for item in listing.items])
    return render_template("inbox/done.html", listing=listing, views=views, decisions=decided, now=now, **frame)


@blueprint.get("/tasks/copies")
def copies() -> ResponseReturnValue:
    """抄送我的, the unread first."""
    who, filters = _entered(), filters_of_request()
    with reading() as session:
        views = _views(session, who, "copies")
        if views and views.usual:
            return redirect(views.usual)
        found, total = beside.copies(session, who, filters, _page())
        frame = _frame(session, who, "copies", beside.offered(session, who))
        now = whereabouts.of(session, [each.case for each in found])
    context: dict[str, Any] = {"lines": found, "total": total, "views": views, "now": now}
    return render_template("inbox/copies.html", **context, **frame, **_paged(total))


@blueprint.get("/tasks/asked")
def asked() -> ResponseReturnValue:
    """等待答复: what the visitor has asked of others and nobody has answered."""
    who = _entered()
    with reading() as session:
        found, total = beside.asked(session, who, _page())
        frame = _frame(session, who, "asked", {})
    return render_template("inbox/asked.html", lines=found, **frame, **_paged(total))


@blueprint.get("/tasks/started", endpoint="started")
def begun() -> ResponseReturnValue:
    """我发起的, and where each stands now."""
    who, filters = _entered(), filters_of_request()
    with reading() as session:
        views = _views(session, who, "started")
        if views and views.usual:
            return redirect(views.usual)
        found, total = started.listing(session, who, filters, _page())
        kinds = started.kinds(session, who)
        frame = _frame(session, who, "started", _kinds_offered(session, kinds))
        named = {(each.notice_version_id, each.process_key) for each in found}
        names = {kind: history.process_name(session, *kind) for kind in named}
        now = whereabouts.of(session, [each.case for each in found])
        places = [wait.task_id for each in now.values() for wait in each.waits]
        open_to = permissions.openable_tasks(session, who, places)
    context: dict[str, Any] = {
        "lines": found,
        "names": names,
        "now": now,
        "open_to": open_to,
        "views": views,
        "total": total,
    }
    return render_template("inbox/started.html", **context, **frame, **_paged(total))


def _entered() -> Grants:
    visitor()
    return grants()


def _frame(session: Session, who: Grants, code: str, offered: Offers) -> dict[str, Any]:
    """What every list's page has: its tabs with their counts, its filters with what they offer, its order."""
    filters, counts = filters_of_request(), lists.counts(session, who)
    shown = [each for each in TABS if each[1] in OF_APPLICANTS or not who.personal]
    endpoint = next(name for _, name, _ in TABS if name == _endpoint(code))
    tabs = [(label, url_for(name), counts.get(key), name == endpoint) for label, name, key in shown]
    fixed = {name: [Choice(key, words, None) for key, words in said.items()] for name, said in FIXED.items()}
    return {
        "tabs": tabs,
        "endpoint": endpoint,
        "filters": filters,
        "wrong": wrong(filters),
        "kept": filters.kept,
        "without_applicant": replace(filters, applicant="").kept,
        "person_id": who.person_id,
        "personal": who.personal,
        "offers": fixed | offered,
        "sorts": [(each, SORTS[each]) for each in SORTED.get(code, ())],
        "heading": next(label for label, name, _ in TABS if name == endpoint),
    }


def _endpoint(code: str) -> str:
    return "tasks.inbox" if code == "todo" else f"tasks.{code}"


def _views(session: Session, who: Grants, code: str, tally: saved_views.Tally | None = None) -> saved_views.Part | None:
    """常用筛选 of the list; an applicant's own lists are short."""
    return None if who.personal else saved_views.part(session, who, code, tally)


def _tallies(session: Session, who: Grants) -> saved_views.Tally:
    """Counts of 待办 under several queries at once; none of those that ask for a name, which is dearer."""

    def tally(queries: list[str]) -> list[int | None]:
        asked = [Filters.of(dict(parse_qsl(query))) for query in queries]
        cheap = [each for each in asked if not (each.q or each.unit)]
        counted = iter(lists.tallies(session, who, cheap))
        return [None if each.q or each.unit else next(counted) for each in asked]

    return tally


class _Decisions:
    """Decisions in the words of the forms they were taken on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, version_id: int, form_key: str | None, decision: str | None) -> str:
        schemas = bundles.of_version(self._session, version_id).schemas
        return history.decision_words(schemas.get(form_key or ""), decision)

    def of(self, taken: Iterable[Taken]) -> list[tuple[str, str, int]]:
        said = [(each, self(each.notice_version_id, each.form_key, each.decision)) for each in taken]
        return [(each.decision, words or each.decision, each.count) for each, words in said]


def _kinds_offered(session: Session, kinds: list[started.Kind]) -> Offers:
    named = ((each, history.process_name(session, each.notice_version_id, each.process_key)) for each in kinds)
    return {
        "process": choices.adding_up((each.process_key, name, each.count) for each, name in named),
        "notice": [Choice(*each) for each in started.notices(kinds)],
    }


def _page() -> int:
    return max(1, whole_number(request.args.get("page")))


def _paged(total: int) -> dict[str, int]:
    return {"page": min(_page(), lists.pages(total)), "pages": lists.pages(total)}
