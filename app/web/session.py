"""The request's frame: its transaction, who asks and as whom, CSRF, security headers, the limiter."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from typing import Any, TypeVar, cast
from uuid import uuid4

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.domain import accounts, devices, logins, people, permissions, request_keys
from app.domain.devices import Origin
from app.domain.permissions import Grants
from app.errors import LoginRequired
from app.models.people import Person

T = TypeVar("T")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONE_YEAR = "max-age=31536000"

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")
login_manager = LoginManager()


class Visitor(UserMixin):
    """Who is logged in. Flask-Login's id is the login's token, never the person's id, so a login can be revoked."""

    def __init__(self, token: str, person: Person, acting_grant_id: int | None) -> None:
        self.id = token
        self.person_id = person.id
        self.account = person.account
        self.name = person.name
        self.must_choose = person.password_given_at is not None  # a password of his own, before anything else
        self.acting_grant_id = acting_grant_id


def database() -> Database:
    return cast(Database, current_app.extensions["database"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


@contextmanager
def transaction() -> Iterator[Session]:
    """One piece of work of this request: commits on leaving (`Database.transaction`). Raises Repeated."""
    key = _request_key()
    with database().transaction() as session:
        _take(session, key)
        yield session
    g.request_key_taken = True


def reading() -> AbstractContextManager[Session]:
    """A look that writes nothing."""
    return database().reading()


def run(work: Callable[[Session], T]) -> T:
    """`work` in a transaction; the loser of a race tries once more on fresh state (D31)."""
    key = _request_key()

    def once(session: Session) -> T:
        _take(session, key)
        return work(session)

    done = database().run(once)
    g.request_key_taken = True
    return done


def keep_answer(session: Session, **answer: Any) -> None:
    """What Repeated will carry if this request is sent again; `location` is where its page goes on."""
    key = _request_key()
    if key is not None:
        request_keys.keep(session, *key, answer)


def _take(session: Session, key: tuple[str, str] | None) -> None:
    """A form sent twice stops here the second time; a request with several transactions takes its key once."""
    if key is not None and not g.get("request_key_taken"):
        request_keys.take(session, *key)


def _request_key() -> tuple[str, str] | None:
    """The key of this form or upload, and its scope: nobody can stop or learn of another's request by its key."""
    said = request.headers.get("X-Request-Key") or request.form.get("request_key")
    if not said or len(said) > request_keys.LENGTH:
        return None
    person_id = visitor().person_id if current_user.is_authenticated else 0
    return said, f"{person_id} {request.path}"[:200]


def visitor() -> Visitor:
    """The person logged in; LoginRequired when nobody is."""
    if not current_user.is_authenticated:
        raise LoginRequired(login_ended())
    return cast(Visitor, current_user._get_current_object())


def all_grants() -> Grants:
    """Everything the visitor holds, whatever he acts as; loaded once a request."""
    if "all_grants" not in g:
        person_id = visitor().person_id
        with reading() as session:
            g.all_grants = permissions.grants_of(session, person_id)
    return cast(Grants, g.all_grants)


def grants() -> Grants:
    """What the visitor acts with: himself, or the body he has switched to. Hand this to `domain.permissions`."""
    return all_grants().acting_as(visitor().acting_grant_id)


def start(app: Flask) -> None:
    """Give the application its cookies, CSRF, headers, limiter and the memory of who is logged in."""
    secret = settings_of(app).secret
    app.config.update(
        SECRET_KEY=sha256(b"cookie" + secret).digest(),
        SESSION_COOKIE_NAME="zhiping",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings_of(app).demo,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open all day; the token ends with the cookie
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,  # the names of static files carry a hash of their content
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
    )
    for part in (csrf, limiter, login_manager):
        part.init_app(app)
    app.after_request(add_headers)
    app.jinja_env.globals["request_key"] = lambda: uuid4().hex


def settings_of(app: Flask) -> Settings:
    return cast(Settings, app.extensions["settings"])


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")  # personal data stays out of the browser's cache
    return response


@login_manager.user_loader
def load_visitor(token: str) -> Visitor | None:
    """The visitor of a living login; its eight hours begin anew."""
    with reading() as session:
        found = accounts.find_login(session, token)
        if found is None:
            g.login_ended = logins.why_ended(session, token)
            return None
        person = people.get(session, found.person_id)
        due = accounts.due_for_renewal(session, found)
    if due:
        with database().transaction() as session:
            accounts.renew(session, found.id)
    return Visitor(token, person, found.acting_grant_id)


def login_ended() -> str | None:
    """Why the login that the browser came with is over; None where it came with none, or with one that nobody knows."""
    current_user.is_authenticated  # noqa: B018 reads the cookie
    return cast(str | None, g.get("login_ended"))


def origin() -> Origin:
    """Where the request comes from."""
    return devices.origin(request.remote_addr, request.user_agent.string)


@login_manager.unauthorized_handler
def ask_for_login() -> Any:
    raise LoginRequired(login_ended())
