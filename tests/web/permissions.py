"""The table of permissions: every role and organisation relation against every page and action of the running website.

`python -m tests.web.permissions` writes build/permissions.csv: one line for each role × relation × door and method with
what the rules of `doors.py` expect and what the website answered, and fails where they differ.
"""

import csv
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from app.config import ROOT
from tests import conftest
from tests.web.conftest import filled
from tests.web.seasons import WALKS, built
from tests.web.walking import Line, walk


def write(lines: Iterable[Line], file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(each.name for each in fields(Line))
        for line in lines:
            table.writerow(getattr(line, each.name) for each in fields(Line))


def main() -> int:
    """Build both seasons, let everybody walk, write the table; 1 where the website and the rules differ."""
    conftest.pytest_configure()
    lines: list[Line] = []
    faults: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        start = filled(Path(folder) / "filled.db")
        for name in dict.fromkeys(name for name, _ in WALKS):
            (place := Path(folder) / name).mkdir()
            with built(name, start, place) as season:
                for found in (walk(season, party, whole=True) for wanted, party in WALKS if wanted == name):
                    lines += found.lines
                    faults += found.faults()
    file = ROOT / "build" / "permissions.csv"
    write(lines, file)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    asked = sum(line.answered is not None for line in lines)
    sys.stdout.write(f"{file.relative_to(ROOT)}: {len(lines)} lines, {asked} asked here, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
