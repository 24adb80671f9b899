"""The command `zhiping`: every command answers with its exit status, and with JSON where asked (D33)."""

import sys
from typing import Any

import click

from app.cli import certificates, checks, content, database, diagrams, history, papers, rehearsal, scenarios, server
from app.errors import AppError, DiagramFault


class Commands(click.Group):
    """A group whose commands answer an error of ours with its sentence and status 2, not with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AppError as error:
            click.echo(str(error) if isinstance(error, DiagramFault) else error.message, err=True)
            sys.exit(2)


@click.group(cls=Commands, help="职评：职称申报评审流程系统")
def main() -> None:
    """Join the commands."""


for _command in (
    *server.COMMANDS,
    *database.COMMANDS,
    *diagrams.COMMANDS,
    *scenarios.COMMANDS,
    *rehearsal.COMMANDS,
    *content.COMMANDS,
    *checks.COMMANDS,
    *history.COMMANDS,
    *certificates.COMMANDS,
    *papers.COMMANDS,
):
    main.add_command(_command)
