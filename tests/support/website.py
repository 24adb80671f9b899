"""A website on a test's database: logged-in clients of demo people, and counting the statements of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.config import Settings
from app.db import Database
from app.domain import accounts, people
from app.web import create_app


def site(settings: Settings, database: Database, *, csrf: bool = False) -> Flask:
    """The application without the built assets, and with no CSRF tokens to carry about unless `csrf` asks for them.

    Its pages and templates are read once a process: what is the test's own is settings, database and configuration.
    """
    app = copy(_read(settings.mode, settings.secret, csrf=csrf))
    app.extensions = {**app.extensions, "settings": settings, "database": database}
    app.config = copy(app.config)
    return app


@cache
def _read(mode: str, secret: bytes, *, csrf: bool) -> Flask:
    app = create_app(Settings(mode, "sqlite://", Path(), secret))
    app.config["WTF_CSRF_ENABLED"] = csrf
    app.jinja_env.globals["asset"] = lambda entry, kind: f"/static/dist/{entry}.{kind}"
    app.jinja_env.globals["has_asset"] = lambda _entry, _kind: True
    app.jinja_env.globals["preloads"] = lambda _entry: []
    return app


def enter(app: Flask, account: str, *, personal: bool = False) -> FlaskClient:
    """A browser in which the person is logged in, for his office if he holds one and not `personal`."""
    with app.extensions["database"].transaction() as session:
        person = people.by_account(session, account)
        assert person is not None
        token = accounts.open_login(session, person.id)
        if personal:
            accounts.switch_identity(session, token, None)
    return browser(app, token)


def browser(app: Flask, token: str) -> FlaskClient:
    """A browser that carries the cookie of a login."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def leave(app: Flask, client: FlaskClient) -> None:
    """End the login on the server, as its expiry does; the browser keeps its cookie."""
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.extensions["database"].transaction() as session:
        accounts.revoke(session, token)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements sent within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
