"""The browser's door. `create_app` is the one place that joins the parts."""

from typing import Any

from flask import Flask, current_app
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from app import logs
from app.config import Settings
from app.db import Database
from app.domain.certificates import seal
from app.models.types import use_secret
from app.web import (
    accounts,
    achievements,
    adjustments,
    administration,
    agenda,
    assets,
    attachments,
    batch_actions,
    bindings,
    bulk,
    bulk_choices,
    bulk_returns,
    calendars,
    certificates,
    checking,
    clauses,
    clock,
    complaint_desk,
    complaints,
    contacts,
    declarations,
    definitions,
    delivery_settings,
    desk_grid,
    dictionaries,
    documents,
    draws,
    entrustments,
    errors,
    expert_applications,
    filing,
    handing,
    health,
    inbox,
    incidents,
    instance_list,
    intake,
    integrity,
    interventions,
    ledger,
    login,
    logins,
    looks,
    lookups,
    menus,
    notices,
    notifications,
    organisations,
    outbox,
    outcome_papers,
    paper_count,
    passwords,
    payments,
    phrases,
    pool_papers,
    pools,
    profile,
    publicity,
    quotas,
    ranking,
    rechecks,
    recommendation,
    registers,
    restarts,
    restructuring,
    result_desk,
    results,
    returns,
    review_committees,
    roles,
    room,
    room_ballot,
    room_files,
    room_office,
    sanctions,
    saved_views,
    scans,
    search,
    season,
    session,
    session_desk,
    session_papers,
    sessions,
    shortenings,
    solicitations,
    studio,
    substitutes,
    supplements,
    tasks,
    urging,
    wordings,
)

BLUEPRINTS = (
    login.blueprint,
    health.blueprint,
    inbox.blueprint,
    tasks.blueprint,
    search.blueprint,
    returns.blueprint,
    handing.blueprint,
    agenda.blueprint,
    attachments.blueprint,
    notifications.blueprint,
    outbox.blueprint,
    wordings.blueprint,
    delivery_settings.blueprint,
    clock.blueprint,
    lookups.blueprint,
    recommendation.blueprint,
    restarts.blueprint,
    desk_grid.blueprint,
    scans.blueprint,
    ranking.blueprint,
    checking.blueprint,
    bulk_returns.blueprint,
    bulk.blueprint,
    bulk_choices.blueprint,
    urging.blueprint,
    phrases.blueprint,
    quotas.blueprint,
    instance_list.blueprint,  # of `instances`, with the list
    definitions.blueprint,
    interventions.blueprint,
    adjustments.blueprint,
    season.blueprint,
    ledger.blueprint,
    incidents.blueprint,
    saved_views.blueprint,
    batch_actions.blueprint,
    registers.blueprint,
    payments.blueprint,
    sanctions.blueprint,
    solicitations.blueprint,
    expert_applications.blueprint,
    pools.blueprint,
    review_committees.blueprint,
    integrity.blueprint,
    administration.blueprint,  # of `accounts`, with one account's page
    accounts.blueprint,
    logins.blueprint,
    looks.blueprint,
    roles.blueprint,
    dictionaries.blueprint,
    passwords.blueprint,
    organisations.blueprint,
    restructuring.blueprint,
    intake.blueprint,
    contacts.blueprint,
    calendars.blueprint,
    shortenings.blueprint,
    supplements.blueprint,
    notices.blueprint,
    clauses.blueprint,
    filing.blueprint,
    declarations.blueprint,
    achievements.blueprint,
    documents.blueprint,
    entrustments.blueprint,
    publicity.blueprint,
    results.blueprint,
    result_desk.blueprint,
    certificates.blueprint,
    session_papers.blueprint,
    outcome_papers.blueprint,
    pool_papers.blueprint,
    room.blueprint,
    room_files.blueprint,
    room_ballot.blueprint,
    sessions.blueprint,
    session_desk.blueprint,
    room_office.blueprint,
    paper_count.blueprint,
    draws.blueprint,
    complaints.blueprint,
    complaint_desk.blueprint,
    rechecks.blueprint,
    profile.blueprint,
    substitutes.blueprint,
    bindings.blueprint,
    *studio.BLUEPRINTS,
)


class Number(IntegerConverter):
    """A number in an address, no longer than any number here: a longer one is no page."""

    regex = r"\d{1,15}"


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The web application of one deployment, on `database` or on the one that the settings name."""
    logs.configure()
    use_secret(settings.secret)
    seal.use(settings.seal)
    app = Flask(__name__)
    app.url_map.converters["int"] = Number
    app.extensions["settings"] = settings
    app.extensions["database"] = database or Database(settings.database_url)
    if settings.proxies:  # else whoever asks says himself where he comes from
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    session.start(app)
    errors.start(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for function in (assets.asset, assets.has_asset, assets.preloads):
        app.add_template_global(function)
    app.add_template_filter(clauses.linked, "clause")
    app.context_processor(page_frame)
    return app


def page_frame() -> dict[str, Any]:
    """What `base.html` needs on every page: the menu and the identities to switch to; nothing for a stranger."""
    if not current_user or not current_user.is_authenticated:
        return {"menu": [], "acting": None, "identities": []}
    acting = session.grants()
    bodies = {grant.organisation_id: grant for grant in reversed(session.all_grants().held)}
    return {
        "menu": menus.menus_for(current_app, acting),
        "acting": acting,
        "identities": list(reversed(bodies.values())),
    }
