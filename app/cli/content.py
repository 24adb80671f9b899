"""`zhiping notice import|export`, `account create`, `instance export`: into a production database, and the way out."""

from pathlib import Path

import click

from app import config
from app.cli.registers import import_accounts
from app.config import ROOT
from app.db import Database
from app.domain import accounts, notices, packages, people
from app.domain.drafts import archive, cloning
from app.models.types import use_secret
from app.processes import exports


@click.group("notice", help="申报通知")
def notice() -> None:
    """Commands on notices."""


@notice.command("import", help="发布通知包（notices/ 下的文件夹）；其上级通知须先发布")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--note", default="由命令行导入", show_default=True, help="版本说明")
def import_notice(folder: Path, note: str) -> None:
    package = packages.read(folder.resolve(), ROOT)
    with _database().transaction() as session:
        version = notices.publish(session, package, by=None, note=note)
    click.echo(f"已发布《{package.title}》第{version.ordinal}版（{version.number}）。")


@notice.command("export", help="导出一份通知的最新版本为一个 ZIP 文件；可在网页上导入为草稿")
@click.argument("key")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写入文件；不给则为 通知代号.zip")
def export_notice(key: str, out: Path | None) -> None:
    with _database().reading() as session:
        said, files = cloning.of_version(session, notices.latest(session, key).id)
        texts = cloning.renewed(said, files)
    target = out or Path(f"{key}.zip")
    target.write_bytes(archive.packed(key, {path: text.encode() for path, text in texts.items()}))
    click.echo(f"已导出到 {target}。")


@click.group("account", help="账号")
def account() -> None:
    """Commands on accounts."""


@account.command("create", help="建立账号，并授予不属于机构的岗位（如 system_admin）")
@click.argument("name_of_account")
@click.argument("name")
@click.option("--role", type=click.Choice(people.PRODUCT_ROLES), help="岗位")
@click.password_option(help="口令；不给则提示输入")
def create_account(name_of_account: str, name: str, role: str | None, password: str) -> None:
    with _database().transaction() as session:
        person = people.register(session, name_of_account, name)
        accounts.set_password(session, person.id, password)
        if role is not None:
            people.grant(session, person.id, role)
    click.echo(f"已建立账号 {name_of_account}（{name}）{f'，岗位：{people.ROLES[role]}' if role else ''}。")


account.add_command(import_accounts)


@click.group("instance", help="流程实例")
def instance() -> None:
    """Commands on instances."""


@instance.command("export", help="导出一个流程实例的状态（SpiffWorkflow 的 JSON，含流程定义）")
@click.argument("number", type=int)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写入文件；不给则输出到屏幕")
def export_instance(number: int, out: Path | None) -> None:
    with _database().transaction() as session:
        exported = exports.export(session, number)
    if out is None:
        click.echo(exported)
    else:
        out.write_text(exported, encoding="utf-8")
        click.echo(f"已导出到 {out}。")


def _database() -> Database:
    settings = config.load()
    use_secret(settings.secret)
    return Database(settings.database_url)


COMMANDS = (notice, account, instance)
