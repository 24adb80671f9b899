"""The command `zhiping`: every command answers with its exit status, and with JSON where asked (D33)."""

import sys
from importlib import import_module
from typing import Any

import click

from app.errors import AppError, DiagramFault

MODULES = {
    "server": ("serve", "demo", "worker"),
    "database": ("db", "figures"),
    "diagrams": ("lint", "import-diagram", "functions"),
    "scenarios": ("scenario", "walk"),
    "rehearsal": ("rehearse",),
    "content": ("notice", "account", "instance"),
    "registers": ("organisation",),
    "checks": ("check",),
    "history": ("verify-history",),
    "certificates": ("certificate",),
    "papers": ("documents",),
}


class Commands(click.Group):
    """Loads a command's module when it is asked for: a scenario need not wait for the website to be imported.

    An error of ours is answered with its sentence and status 2, not with a traceback.
    """

    def list_commands(self, _ctx: click.Context | None = None) -> list[str]:
        return [name for names in MODULES.values() for name in names]

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        module = next((module for module, names in MODULES.items() if name in names), None)
        found: tuple[click.Command, ...] = import_module(f"app.cli.{module}").COMMANDS if module else ()
        return next((each for each in found if each.name == name), None)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AppError as error:
            click.echo(str(error) if isinstance(error, DiagramFault) else error.message, err=True)
            sys.exit(2)


@click.group(cls=Commands, help="职评：职称申报评审流程系统")
def main() -> None:
    """Join the commands."""
