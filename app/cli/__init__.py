"""The command `zhiping`: every command answers with its exit status, and with JSON where asked (D33)."""

import click

from app.cli import checks, database, diagrams, scenarios, server


@click.group(help="职评：职称申报评审流程系统")
def main() -> None:
    """Join the commands."""


for _command in (*server.COMMANDS, *database.COMMANDS, *diagrams.COMMANDS, *scenarios.COMMANDS, *checks.COMMANDS):
    main.add_command(_command)
