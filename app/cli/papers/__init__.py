"""`zhiping documents`: one PDF of every paper the shipped notices hand out, from the demo's fictional season."""

from pathlib import Path

import click

from app.cli import season
from app.cli.papers import playing, samples
from app.cli.scenarios.world import SqliteWorlds


@click.command("documents", help="用演示数据为每种文书生成一份 PDF，写入 FOLDER")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("build/documents"))
def documents(folder: Path) -> None:
    worlds, files = SqliteWorlds(), folder / ".files"
    try:
        with worlds.fresh() as database:
            season.play(database, files)
            playing.carry_on(database, files)
            written = samples.write(database, files, folder, samples.OF_SEASON)
        with worlds.fresh() as database:
            playing.solicit(database)
            written += samples.write(database, files, folder, samples.OF_SOLICITATION)
    finally:
        worlds.close()
    samples.require_every(written)
    for path in written:
        click.echo(path)


COMMANDS = (documents,)
