"""`zhiping db …`: the schema of the configured database."""

import click

from app import config
from app.cli import schema
from app.db import Database


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


COMMANDS = (db_group,)
