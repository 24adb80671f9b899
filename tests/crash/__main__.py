"""`python -m tests.crash`: every failure of eight cases on both databases; `python -m tests.crash kill`: kill -9."""

import sys
import tempfile
import time
from pathlib import Path

import click
from sqlalchemy import URL

from app.cli.scenarios import world
from app.models.types import use_secret
from tests.crash import harness, kill
from tests.support import engines

SCENARIOS = Path(__file__).parents[1] / "scenarios"
CASES = (
    "a1_municipal_engineer_to_paid", "a13_correction_a_day_late", "a19_objection_founded",
    "g1_forty_names_in_one_batch", "e2_nine_present_six_agree", "walk_session_deferral_and_adjournment",
    "e19_one_of_thirty_held", "f6_forged_degree_after_confirmation",
)  # fmt: skip
HEADINGS = ("case", "  database", "actions", "statements", "commits", "deaths", "recovered", "ends", "differences", "s")


@click.group(invoke_without_command=True)
@click.option("--case", "names", multiple=True, help="beginning of a scenario's file name; all eight without")
@click.option("--database", "kind", type=click.Choice(["sqlite", "postgresql", "both"]), default="both")
@click.option("--share", default=1.0, help="of the failures, chosen by --seed")
@click.option("--actions", type=int, help="only so many actions of each case, chosen by --seed")
@click.option("--seed", default=0)
@click.option("--again", default=0.02, help="of the deaths that left the database as an earlier one did; 1: all")
@click.option("--verbose", is_flag=True)
@click.pass_context
def main(
    context: click.Context,
    names: tuple[str, ...],
    kind: str,
    share: float,
    actions: int | None,
    seed: int,
    again: float,
    *,
    verbose: bool,
) -> None:
    if context.invoked_subcommand is not None:
        return
    use_secret(world.SECRET)
    engines.share()
    wanted = [case for case in CASES if not names or case.startswith(names)]
    failed, part = False, harness.Part(share, actions, seed=seed, again=again)
    click.echo(" ".join(f"{heading:>{max(len(heading), 5)}}" for heading in HEADINGS))
    with tempfile.TemporaryDirectory(prefix="zhiping-crash-") as folder:
        for worlds in _worlds(kind, Path(folder)):
            for case in wanted:
                began = time.monotonic()
                tell = click.echo if verbose else lambda _: None
                result = harness.run(SCENARIOS / f"{case}.yaml", worlds, part, tell)
                click.echo(row(result, time.monotonic() - began))
                for each in result.differences[:20]:
                    click.echo(f"    {each}")
                failed = failed or bool(result.differences)
            worlds.close()
    sys.exit(failed)


def row(result: harness.Result, seconds: float) -> str:
    """One line of the table under HEADINGS."""
    actions = f"{result.actions}/{result.length}"
    said = (result.case, result.database, actions, result.statements, result.commits, result.tried, result.recovered)
    line = (*said, result.to_the_end, len(result.differences), f"{seconds:.0f}")
    return " ".join(f"{each:>{max(len(head), 5)}}" for head, each in zip(HEADINGS, line, strict=True))


@main.command("kill")
@click.option("--times", default=200)
@click.option("--database", "kind", type=click.Choice(["sqlite", "postgresql", "both"]), default="both")
@click.option("--seed", default=0)
def kill_command(times: int, kind: str, seed: int) -> None:
    """SIGKILL under load; then what the visitors were answered is compared with the database."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="zhiping-crash-") as folder:
        servers: list[URL | None] = [None] if kind in ("sqlite", "both") else []
        if kind in ("postgresql", "both"):
            servers.append(world.postgresql_server(Path(folder)))
        for server in servers:
            outcome = kill.run(times, seed, server, click.echo)
            click.echo(str(outcome))
            wrong = outcome.findings
            for each in [*outcome.faults, *wrong.lost, *wrong.doubled, *wrong.wrong][:40]:
                click.echo(f"    {each}")
            failed = failed or bool(outcome.faults) or not wrong.sound
    sys.exit(failed)


def _worlds(kind: str, folder: Path) -> list[world.Worlds]:
    found: list[world.Worlds] = [world.SqliteWorlds()] if kind in ("sqlite", "both") else []
    if kind in ("postgresql", "both"):
        server = world.postgresql_server(folder)
        if server is None:
            raise click.UsageError("no PostgreSQL: set ZHIPING_TEST_POSTGRESQL")
        found.append(world.PostgresqlWorlds(server))
    return found


if __name__ == "__main__":
    main()
