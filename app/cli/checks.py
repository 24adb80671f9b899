"""`zhiping check`: is this installation configured and in good health (D33)?"""

import json
import sys
from dataclasses import asdict, dataclass

import click
from alembic.util import CommandError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app import clock, config
from app.cli import schema
from app.cli.server import refuse_offset
from app.db import Database
from app.domain.deadline_rows import WAKES
from app.errors import AppError
from app.models.process import Deadline, Incident, Message


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    found: str


@click.command("check", help="检查配置与运行状况")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def check(as_json: bool) -> None:
    try:
        settings = config.load()
        database = Database(settings.database_url)
        found = [Check("配置", True, f"{settings.mode}，{database.engine.url.render_as_string()}"), _schema(database)]
        if found[-1].ok:  # without its tables there is nothing more to ask a database
            found += _health(database) + ([] if settings.demo else [_clock(database)])
    except AppError as error:
        found = [Check("配置", False, error.message)]
    if as_json:
        click.echo(json.dumps([asdict(item) for item in found], ensure_ascii=False, indent=1))
    else:
        for item in found:
            click.echo(f"{'正常' if item.ok else '异常'}  {item.name}：{item.found}")
    sys.exit(0 if all(item.ok for item in found) else 1)


def _schema(database: Database) -> Check:
    try:
        schema.difference(database)
    except (CommandError, SQLAlchemyError) as error:
        return Check("数据库结构", False, str(error).splitlines()[0])
    return Check("数据库结构", True, "与本版本一致")


def _clock(database: Database) -> Check:
    try:
        refuse_offset(database)
    except AppError as error:
        return Check("时钟", False, error.message)
    return Check("时钟", True, "数据库时间，无偏移")


def _health(database: Database) -> list[Check]:
    with database.reading() as session:
        now = clock.now(session)
        late = WAKES & (Deadline.due_at <= now) & Deadline.dead.is_(False)
        due = session.scalar(select(func.count(Deadline.id)).where(late)) or 0
        dead = session.scalar(select(func.count(Deadline.id)).where(WAKES, Deadline.dead.is_(True))) or 0
        oldest = session.scalar(select(func.min(Deadline.due_at)).where(late))
        lag = int((now - oldest).total_seconds()) if oldest else 0
        incidents = session.scalar(select(func.count(Incident.id)).where(Incident.status == "open")) or 0
        failing = session.scalar(
            select(func.count(Message.id)).where(Message.status == "pending", Message.attempts > 0)
        )
    return [
        Check("到期定时", lag < 300, f"{due} 个到期未处理，最早已过 {lag} 秒"),
        Check("失败定时", dead == 0, f"{dead} 个多次失败后停止"),
        Check("消息", not failing, f"{failing or 0} 条投递失败待重试"),
        Check("流程异常", incidents == 0, f"{incidents} 个未处理"),
    ]


COMMANDS = (check,)
