"""A restart within one process: a fresh connection, and nothing left in memory but the database."""

from app.db import Database
from app.domain import notice_content, notices
from app.engine import parser
from app.functions import rules
from app.processes import bundles


def forget_everything() -> None:
    """No parsed diagram, no bundle, no form, no decision table."""
    for cache in (parser._cache, bundles._resources, notices._bundles, notice_content._known, rules._tables):
        cache.clear()
    bundles._form.cache_clear()


def anew(database: Database) -> Database:
    """The same database as a new process opens it."""
    url = database.engine.url.render_as_string(hide_password=False)
    database.dispose()
    return Database(url)
