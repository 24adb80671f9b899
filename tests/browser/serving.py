"""The demo's website served to real browsers: seasons are filled once a run, each test gets a copy of its own."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from app.cli import demo, schema
from app.config import Settings
from app.db import Database
from app.jobs import embedded
from app.web import create_app
from app.web import session as web_session
from tests.browser.visitor import Website
from tests.conftest import SECRET

DATABASE = "zhiping.db"


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """The test's own output is enough."""


def fill(folder: Path, *, drafts: bool) -> Path:
    """A demo database with its evidence in `folder`; without `drafts` only people and notices."""
    database = Database(f"sqlite:///{folder / DATABASE}")
    if drafts:
        assert demo.prepare(database, folder / "attachments")
    else:
        schema.upgrade(database)
        with database.transaction() as session:
            demo.set_clock(session, demo.STARTS)
            demo.fill(session)
    database.dispose()
    return folder


@contextmanager
def served(season: Path, tmp_path: Path, at: datetime = demo.STARTS) -> Iterator[Website]:
    """The application on a copy of `season` at 2023-10-09 09:00, or `at`, on a free port, ticking by itself."""
    folder = tmp_path / "site"
    shutil.copytree(season, folder)
    settings = Settings("demo", f"sqlite:///{folder / DATABASE}", folder, SECRET)
    database = Database(settings.database_url)
    with database.transaction() as session:
        demo.set_clock(session, at)
    app = create_app(settings, database)
    web_session.limiter.reset()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    stop_ticking = embedded.start(database)
    try:
        yield Website(f"http://127.0.0.1:{server.port}", database, tmp_path)
    finally:
        stop_ticking()
        server.shutdown()
        serving.join()
        web_session.limiter.reset()
        database.dispose()
