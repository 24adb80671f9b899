"""Our own command in a process that is kept ready for it: importing the product takes longer than most walks (D10).

The process knows none of our secrets and databases. Each command runs in a copy of it with its own limits.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.config import ROOT

CPU, WALL = 150, 240  # seconds of one command
MEMORY = 2 * 1024**3  # bytes of address space
_BEGIN = "from app.cli.scenarios.stage import main; main()"
_READY = 60  # seconds that a process has to become ready
_KEPT = 2  # processes that wait for more to do
_waiting: list[subprocess.Popen[str]] = []


@dataclass(frozen=True)
class Ended:
    """What a command left; `late`: it was broken off."""

    out: str = ""
    err: str = ""
    late: bool = False


def run(folder: Path, arguments: list[str]) -> Ended:
    """`zhiping` with these arguments in `folder`, below which it may write."""
    process = _taken()
    out, err = folder / "out.txt", folder / "err.txt"
    said = {"arguments": arguments, "folder": str(folder), "out": str(out), "err": str(err)}
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({**said, "cpu": CPU, "memory": MEMORY}) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], WALL + _READY)[0]:
            _end(process)
            return Ended(late=True)
        answered = bool(process.stdout.readline())
    except OSError:
        answered = False
    if answered and len(_waiting) < _KEPT:
        _waiting.append(process)
    else:
        _end(process)
    return Ended(_read(out), _read(err))


def make_ready() -> None:
    """Have a process wait: somebody is about to need it."""
    _waiting.append(_taken())


def _taken() -> subprocess.Popen[str]:
    """One that waits, else a new one."""
    with contextlib.suppress(IndexError):
        while True:
            process = _waiting.pop()
            if process.poll() is None:
                return process
    return _begun()


def _begun() -> subprocess.Popen[str]:
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-s", "-c", _BEGIN], env=environment, cwd=os.sep, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.communicate()
