"""The command's own list of what it knows, and from where."""

from importlib import import_module

import pytest

from app.cli import MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_brings_the_commands_that_are_looked_for_in_it(module: str) -> None:
    assert tuple(each.name for each in import_module(f"app.cli.{module}").COMMANDS) == MODULES[module]
