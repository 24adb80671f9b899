"""`zhiping verify-history`: is the history as it was written; in the database, or in a file that was exported."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import click
import orjson

from app import config
from app.db import Database
from app.domain import history, history_proof

AS_PATH = click.Path(dir_okay=False, path_type=Path)


@click.command("verify-history", help="核验办理历史：数据库中的，或已导出的文件（FILE）")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--export", "export_to", type=AS_PATH, help="核验的同时导出到此文件，可离线核验")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def verify_history(file: Path | None, export_to: Path | None, as_json: bool) -> None:
    if file is not None and export_to is not None:
        raise click.UsageError("核验文件时不再导出。")
    try:
        report = history_proof.check(history_proof.read_file(file)) if file else _stored(export_to)
    except (ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f"不是导出的历史文件：{error}") from error
    if as_json:
        click.echo(json.dumps({**asdict(report), "intact": not report.faults}, ensure_ascii=False, indent=1))
    else:
        for line in history_proof.words(report):
            click.echo(line)
    sys.exit(1 if report.faults else 0)


def _stored(export_to: Path | None) -> history_proof.Report:
    """The database's own history, copied to a file on the way."""
    database = Database(config.load().database_url)
    with database.reading() as session:
        if export_to is None:
            return history.check(session)
        with export_to.open("w", encoding="utf-8") as target:
            return history_proof.check(_copied(history.records(session), target))


def _copied(records: Iterable[dict[str, Any]], target: TextIO) -> Iterator[dict[str, Any]]:
    for record in records:
        target.write(orjson.dumps(record).decode() + "\n")
        yield record


COMMANDS = (verify_history,)
