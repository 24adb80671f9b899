"""`zhiping db …`: the schema of the configured database; `zhiping figures …`: what is counted from its rows."""

import click

from app import config
from app.cli import schema
from app.db import Database
from app.processes import figures


@click.group("db", help="数据库结构")
def db_group() -> None:
    """Commands on the schema."""


@db_group.command("upgrade", help="升级到本版本的表结构")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    database = Database(config.load().database_url)
    schema.upgrade(database, revision)
    click.echo(f"数据库结构已升级：{revision}")


@db_group.command("revise", help="按代码中的表生成一份迁移（开发用）")
@click.argument("message")
def revise(message: str) -> None:
    schema.revise(Database(config.load().database_url), message)


@click.group("figures", help="统计数据")
def figures_group() -> None:
    """Commands on the figures of the boards."""


@figures_group.command("rebuild", help="清空统计数据，按任务和历史记录重新统计；运行中的系统可照常办理")
def rebuild() -> None:
    figures.rebuild(Database(config.load().database_url))
    click.echo("统计数据已重新生成。")


COMMANDS = (db_group, figures_group)
