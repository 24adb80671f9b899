"""`zhiping organisation import`, `zhiping account import`: registers from files, as the pages take them."""

import csv
from pathlib import Path

import click

from app import config
from app.db import Database
from app.domain import people, permissions
from app.domain.intake import files, sheets
from app.errors import NotFound
from app.models.types import use_secret


@click.group("organisation", help="机构")
def organisation() -> None:
    """Commands on bodies."""


@click.command("import", help="按文件（XLSX 或 CSV）新增、修改机构；有一处错误则全部不导入")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="经办的系统管理员账号")
@click.option("--reason", default="由命令行导入", show_default=True, help="原因或依据")
@click.option("--look", is_flag=True, help="只核对，不导入")
def import_organisations(file: Path, by: str, reason: str, look: bool) -> None:
    _take(_database(), "organisations", file, by, reason, look)


@click.command("import", help="按文件（XLSX 或 CSV）新增账号、授予任职；有一处错误则全部不导入")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="经办的系统管理员账号")
@click.option("--reason", default="由命令行导入", show_default=True, help="原因或依据")
@click.option("--look", is_flag=True, help="只核对，不导入")
@click.option("--passwords", type=click.Path(exists=False, path_type=Path), help="把新增账号的初始密码写入此 CSV 文件")
def import_accounts(file: Path, by: str, reason: str, look: bool, passwords: Path | None) -> None:
    if passwords is not None and passwords.exists():
        raise click.UsageError(f"{passwords} 已经存在，请另写一个文件名。")
    database = _database()
    taken = _take(database, "accounts", file, by, reason, look)
    if taken is None or passwords is None:
        return
    with database.transaction() as session:
        made = files.get(session, "accounts", taken[0])
        handed = files.hand_out(session, *taken) if files.waiting(session, made) else []
    passwords.touch(mode=0o600)
    with passwords.open("w", encoding="utf-8-sig", newline="") as out:
        rows = [(each.body, each.name, each.account, each.password) for each in handed]
        csv.writer(out).writerows([("机构", "姓名", "账号", "初始密码"), *rows])
    click.echo(f"{len(handed)}个账号的初始密码已写入 {passwords}，本人首次登录须先修改。")


def _take(database: Database, kind: str, path: Path, by: str, reason: str, look: bool) -> tuple[int, int] | None:
    """The file's and its author's number once it is applied; None after a look. Ends with status 2 at any fault."""
    with database.transaction() as session:
        author = people.by_account(session, by)
        if author is None:
            raise NotFound(f"没有账号“{by}”。")
        permissions.require_role(permissions.grants_of(session, author.id), "system_admin")
        file = files.take(session, kind, path.name, path.read_bytes(), author.id)
        plan = files.plan(session, file, author.id)
        if plan.faults or look:
            session.delete(file)
        else:
            files.apply(session, kind, file.id, reason=reason, by=author.id)
        numbers = file.id, author.id
    for fault in plan.faults:
        click.echo(f"第{fault.line}行 {fault.column}：{fault.text}", err=True)
    if plan.faults:
        click.echo(f"有{len(plan.faults)}处错误，全部没有导入。", err=True)
        raise SystemExit(2)
    for entry in plan.entries if look else ():
        said = "；".join(f"{what}：{f'{old} → ' if old else ''}{new}" for what, old, new in entry.changes)
        click.echo(f"第{entry.line}行 {sheets.OUTCOMES[entry.outcome]} {entry.name} {said}".rstrip())
    words = "，".join(f"{sheets.OUTCOMES[outcome]}{count}行" for outcome, count in plan.counts.items())
    click.echo(f"{'核对' if look else '已导入'}：{words}。")
    return None if look else numbers


def _database() -> Database:
    settings = config.load()
    use_secret(settings.secret)
    return Database(settings.database_url)


organisation.add_command(import_organisations)
COMMANDS = (organisation,)
