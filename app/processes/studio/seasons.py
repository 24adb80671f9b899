"""Rehearsals of drafts: each a run of the command in a process of its own, kept as files below the data folder.

`<data>/rehearsals/<draft>/<number>/` holds `run.json` (who asked for what, when), the draft as a folder while it is
played, `progress` (a line of JSON now and then, or why it failed) and in the end `report.json`. The process knows none
of our secrets and databases, and has limits of time and memory (D10).
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain.drafts import cloning, folder
from app.errors import NotFound, Problem, Refused
from app.models.draft import NoticeDraft

MOST = 5000  # applicants asked for in the browser
KEPT = 10  # runs of a draft
CPU, MEMORY, WRITTEN = 2 * 3600, 4 * 1024**3, 8 * 1024**3  # seconds; bytes of address space, of any one file
STOPPED = "stopped"  # a file that says that somebody has stopped the run
_NICE = 10
_AT_ONCE = 2  # on one machine
_TOLD = 400  # characters of a failure

Report = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What `run.json` says: how many applicants, with which seed, by whom, when (in words), which process."""

    applicants: int
    seed: int
    by: str
    at: str
    pid: int = 0


@dataclass(frozen=True)
class Run:
    """One rehearsal; `state`: running, done, stopped, failed (then `problem` says why). `ended` applicants have their
    result on the season's `day`, by which all together have gone `share` per cent of their way; `told` where there is a
    report, which one stopped at once has not."""

    number: int
    asked: Asked
    state: str
    ended: int = 0
    day: str = ""
    share: int = 0
    problem: str = ""
    told: bool = False


def start(session: Session, data: Path, draft: NoticeDraft, asked: Asked) -> int:
    """Begin a rehearsal of the draft as saved; its number. Refused while another one is running, or for too many."""
    if not 1 <= asked.applicants <= MOST:
        raise Refused(Problem("applicants", f"申报人数应在1至{MOST}之间。", "applicants"))
    place = data / "rehearsals"
    if any(each.state == "running" for each in listed(data, draft.id)):
        raise Refused(Problem("running", "本草稿正在预演，请等它结束，或者先停止。"))
    if sum(_alive(each.parent) for each in place.glob("*/*/run.json")) >= _AT_ONCE:
        raise Refused(Problem("busy", "系统正在进行其他预演，请稍后再试。"))
    number = max((each.number for each in listed(data, draft.id)), default=0) + 1
    run = place / str(draft.id) / str(number)
    run.mkdir(parents=True)
    folder.write(cloning.beside_each_other(session, draft), run / "notices")
    process = _begin(run, draft.key, asked)
    _keep(run, Asked(**{**asdict(asked), "pid": process.pid}))
    threading.Thread(target=process.wait, daemon=True).start()  # a child that nobody waits for never quite ends
    for old in listed(data, draft.id)[KEPT:]:
        shutil.rmtree(place / str(draft.id) / str(old.number), ignore_errors=True)
    return number


def listed(data: Path, draft_id: int) -> list[Run]:
    """The draft's rehearsals, the latest first."""
    place = data / "rehearsals" / str(draft_id)
    numbers = sorted((int(each.parent.name) for each in place.glob("*/run.json")), reverse=True)
    return [get(data, draft_id, number) for number in numbers]


def get(data: Path, draft_id: int, number: int) -> Run:
    run = data / "rehearsals" / str(draft_id) / str(number)
    asked = _asked(run)
    if asked is None:
        raise NotFound("没有找到这次预演，可能已被清理。")
    told, words = _progress(run)
    at = (int(told.get("ended", 0)), str(told.get("day", "")), round(100 * told.get("share", 0)))
    if (run / "report.json").is_file():
        shutil.rmtree(run / "notices", ignore_errors=True)
        stopped = report(data, draft_id, number)["stopped"]
        return Run(number, asked, "stopped" if stopped else "done", *at, told=True)
    if _alive(run):
        return Run(number, asked, "running", *at)
    if (run / STOPPED).exists():
        return Run(number, asked, "stopped")
    return Run(number, asked, "failed", *at, problem=words or "预演的进程意外结束（可能用完了限定的时间或内存）。")


def report(data: Path, draft_id: int, number: int) -> Report:
    """What the rehearsal has found. NotFound while there is nothing."""
    try:
        found: Report = json.loads(_report_of(data, draft_id, number).read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise NotFound("这次预演还没有报告。") from missing
    return found


def stop(data: Path, draft_id: int, number: int) -> None:
    """Break it off; it reports what was played so far. Nothing happens to one that is over."""
    run = data / "rehearsals" / str(draft_id) / str(number)
    asked = _asked(run)
    if asked is not None and _alive(run):
        (run / STOPPED).touch()
        os.kill(asked.pid, signal.SIGTERM)  # a background job's child ignores SIGINT until it says otherwise


def _report_of(data: Path, draft_id: int, number: int) -> Path:
    return data / "rehearsals" / str(draft_id) / str(number) / "report.json"


def _begin(run: Path, key: str, asked: Asked) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-s", "-m", "app.cli", "rehearse", str(run / "notices" / key), "--progress", "json",
        "--applicants", str(asked.applicants), "--seed", str(asked.seed), "--out", str(run / "report.json"),
    ]  # fmt: skip
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    with (run / "progress").open("wb") as told:
        process = subprocess.Popen(  # noqa: S603 (our own command, on files that we have written)
            command, env=environment, cwd=run, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip
    limits = {resource.RLIMIT_CPU: CPU, resource.RLIMIT_AS: MEMORY, resource.RLIMIT_FSIZE: WRITTEN}
    for kind, most in limits.items():
        resource.prlimit(process.pid, kind, (most, most))
    os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
    return process


def _keep(run: Path, asked: Asked) -> None:
    (run / "run.json").write_text(json.dumps(asdict(asked), ensure_ascii=False), encoding="utf-8")


def _asked(run: Path) -> Asked | None:
    try:
        return Asked(**json.loads((run / "run.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _progress(run: Path) -> tuple[Mapping[str, Any], str]:
    """The last line of progress, and what was said otherwise."""
    told: Mapping[str, Any] = {}
    words: list[str] = []
    lines = (run / "progress").read_text(encoding="utf-8", errors="replace").splitlines() if run.is_dir() else []
    for line in lines[-50:]:
        try:
            told = json.loads(line)
        except ValueError:
            words.append(line)
    return told, "\n".join(words)[-_TOLD:]


def _alive(run: Path) -> bool:
    """Whether the run's own process is there still; its number may be another's by now."""
    asked = _asked(run)
    if asked is None or not asked.pid:
        return False
    try:
        command = Path(f"/proc/{asked.pid}/cmdline").read_bytes()
    except OSError:
        return False
    return str(run).encode() in command
