"""`zhiping serve`, `demo`, `worker`: the ways to run the application."""

import fcntl
import itertools
import time
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import select

from app import config, logs
from app.cli import demo, season
from app.config import Settings
from app.db import Database
from app.errors import ConfigurationError
from app.jobs import embedded
from app.jobs.beats import Beats
from app.jobs.counting import count
from app.jobs.delivery import deliver
from app.jobs.reminding import Reminding
from app.jobs.upkeep import tidy
from app.jobs.ways import carriers
from app.models.process import ClockOffset
from app.models.types import use_secret
from app.processes.tick import tick
from app.web import create_app

THREADS = 8


class Server(BaseApplication):
    """gunicorn with one process on SQLite, whose only writer it is, and as many as wanted on PostgreSQL."""

    def __init__(self, make: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make, self._options = make, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self._make()


@click.command("serve", help="启动网站（SQLite 时连同定时任务）")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="PostgreSQL 时的网站进程数")
def serve(host: str, port: int, workers: int) -> None:
    settings = config.load()
    database = Database(settings.database_url)
    if not settings.demo:
        refuse_offset(database)
    database.dispose()
    run(settings, host, port, workers)


@click.command("demo", help="准备演示数据并启动网站")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--prepare-only", is_flag=True, help="只准备数据库，不启动网站")
@click.option("--from-start", is_flag=True, help="空库从申报季开始处装入：只有未提交的申报，时钟为2023-10-09 09:00")
def demo_command(host: str, port: int, prepare_only: bool, from_start: bool) -> None:
    settings = config.load()
    if not settings.demo:
        raise ConfigurationError("演示数据不能装入正式环境（ZHIPING_MODE=production）。")
    use_secret(settings.secret)
    database = Database(settings.database_url)
    if not from_start:
        click.echo("正在准备演示数据，首次约需十几秒……", err=True)
    filled = (demo if from_start else season).prepare(database, settings.attachments)
    database.dispose()
    click.echo("已装入演示数据。" if filled else "沿用已有的演示数据。")
    if not prepare_only:
        click.echo(f"请在浏览器打开 http://{host}:{port}/ ，登录页列有演示账号。")
        run(settings, host, port, 1)


@click.command("worker", help="运行定时任务（PostgreSQL，可多机多份）")
@click.option("--seconds", default=1.0, show_default=True)
def worker(seconds: float) -> None:
    settings = config.load()
    logs.configure()
    use_secret(settings.secret)
    database = Database(settings.database_url)
    known, watched = carriers(settings), Beats(database).watched
    often = (
        watched(lambda: tick(database), "tick"),
        watched(Reminding(database), "reminders"),
        watched(lambda: deliver(database, known, settings.site), "delivery"),
        watched(lambda: count(database), "figures"),
    )
    seldom = watched(lambda: tidy(database, settings.login_log_days), "upkeep")
    for rounds in itertools.count():
        for job in (*often, *([] if rounds % embedded.SELDOM else [seldom])):
            job()
        time.sleep(seconds)


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until stopped. On SQLite one process at a time may serve a database: a second one is refused."""
    embedded_mode = settings.database_url.startswith("sqlite")
    if embedded_mode:
        lock = (settings.data / "serving.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise ConfigurationError(f"{settings.data} 中的数据库已由另一个进程打开，请先停止它。") from taken

    def make() -> Flask:
        app = create_app(settings)
        if embedded_mode:
            embedded.start(app.extensions["database"], settings)
        return app

    options = {
        "bind": f"{host}:{port}",
        "workers": 1 if embedded_mode else workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 120,
        "loglevel": "warning",
    }
    Server(make, options).run()


def refuse_offset(database: Database) -> None:
    """ConfigurationError if a production database carries a demo's clock (D11)."""
    with database.reading() as session:
        if session.scalars(select(ClockOffset.id)).first() is not None:
            raise ConfigurationError("此数据库带有演示时钟（clock_offset），不能用于正式环境。")


COMMANDS = (serve, demo_command, worker)
