"""待办、已办、我发起的: the lists a person works from."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import badges, substitutes, task_requests, wording
from app.domain.inbox import beside, lists
from app.domain.inbox.filters import CLAIMS, Filters
from app.domain.inbox.lists import Item, Listing
from app.domain.permissions import Grants
from app.processes import bundles, history
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


def filters_of_request() -> Filters:
    """The filters that stand in the address."""
    return Filters(**{name: request.args.get(name, "").strip() for name in Filters.__dataclass_fields__})


def kept(filters: Filters) -> dict[str, Any]:
    """The filters in use, for addresses that keep them."""
    return {key: value for key, value in asdict(filters).items() if value}


@blueprint.get("/tasks", endpoint="inbox")
def todo() -> ResponseReturnValue:
    return _show("tasks.inbox", lists.todo)


@blueprint.get("/tasks/done")
def done() -> ResponseReturnValue:
    return _show("tasks.done", lists.done)


@blueprint.get("/tasks/started")
def started() -> ResponseReturnValue:
    visitor()
    who, page = grants(), _page()
    with reading() as session:
        found, total = lists.started(session, who, page)
        kinds = {(each.notice_version_id, each.process_key) for each in found}
        names = {kind: history.process_name(session, *kind) for kind in kinds}
        frame = _frame(session, who, "tasks.started", Filters())
    pages = max(1, -(-total // lists.PAGE))
    return render_template("inbox.html", started=found, names=names, listing=None, page=page, pages=pages, **frame)


@blueprint.get("/tasks/copies")
def copies() -> ResponseReturnValue:
    """抄送我的, the unread first."""
    return _beside("tasks.copies", beside.copies)


@blueprint.get("/tasks/asked")
def asked() -> ResponseReturnValue:
    """等待答复: what the visitor has asked of others and nobody has answered."""
    return _beside("tasks.asked", beside.asked)


def _beside(endpoint: str, read: Any) -> ResponseReturnValue:
    visitor()
    who, page = grants(), _page()
    with reading() as session:
        found, total = read(session, who.person_id, page)
        frame = _frame(session, who, endpoint, Filters())
    pages = max(1, -(-total // lists.PAGE))
    return render_template("beside.html", lines=found, page=page, pages=pages, **frame)


def _show(endpoint: str, read: Any) -> ResponseReturnValue:
    visitor()
    who, filters = grants(), filters_of_request()
    with reading() as session:
        listing: Listing = read(session, who, filters, _page())
        decisions = _decisions(session, listing.items) if endpoint == "tasks.done" else {}
        frame = _frame(session, who, endpoint, filters)
        came = task_requests.latest(session, [item.task_id for item in listing.items])
        absent = substitutes.absent_names(session, who, [item.post for item in listing.items])
    return render_template(
        "inbox.html",
        listing=listing,
        absent=absent,
        came=came,
        decisions=decisions,
        page=listing.page,
        pages=listing.pages,
        offers=_offers(listing),
        **frame,
    )


def _frame(session: Session, who: Grants, endpoint: str, filters: Filters) -> dict[str, Any]:
    counts = lists.counts(session, who) | {"unread": beside.unread(session, who.person_id)}
    offered = [each for each in TABS if each[1] in OF_APPLICANTS or not who.personal]
    tabs = [(label, url_for(name), counts.get(key), name == endpoint) for label, name, key in offered]
    return {
        "tabs": tabs,
        "endpoint": endpoint,
        "filters": filters,
        "kept": kept(filters),
        "person_id": who.person_id,
        "heading": next(label for label, name, _ in TABS if name == endpoint),
    }


def _offers(listing: Listing) -> dict[str, list[tuple[str, str, int | None]]]:
    """What each filter offers: (value, words, how many of the whole list where that is counted)."""
    offers: dict[str, list[tuple[str, str, int | None]]] = {}
    for name, found in listing.choices.items():
        offers[name] = [(each.value, each.label, each.count) for each in found]
    for name, said in (("state", badges.STATES), ("claim", CLAIMS)):
        offers[name] = [(key, words, None) for key, words in said.items()]
    return offers


def _decisions(session: Session, items: list[Item]) -> dict[int, str]:
    """Task id → the decision in the words of the form it was taken on."""
    versions = {item.notice_version_id for item in items}
    schemas = {version: bundles.of_version(session, version).schemas for version in versions}
    return {
        item.task_id: history.decision_words(schemas[item.notice_version_id].get(item.form_key or ""), item.decision)
        for item in items
    }


def _page() -> int:
    said = request.args.get("page", "1")
    return max(1, int(said)) if said.isdecimal() else 1
