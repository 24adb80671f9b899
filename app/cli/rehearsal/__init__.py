"""`zhiping rehearse`: a whole season of synthetic applicants, played on a simulated clock in a throw-away database."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click

from app import clock
from app.cli.rehearsal import profile, report, words, world
from app.cli.rehearsal.season import How, Season
from app.errors import ConfigurationError
from app.processes.studio import season_differences

Report = dict[str, Any]
_A_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_WHOLE = 1000  # steps of the bar
_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("rehearse", help="预演通知：虚构申报人走完整个申报季，报告结果、错过的期限、各机构负荷和走不通的地方")
@click.argument("notice", type=_A_FOLDER)
@click.option("--applicants", type=click.IntRange(1, 20_000), default=200, show_default=True, help="申报人数")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子；相同的种子得到相同的报告")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="只演到这一天为止；不给则演到季末")
@click.option("--profile", "said", type=_A_FILE, help="各方怎样办理（YAML），只写与默认不同的部分")
@click.option(
    "--compare",
    "other",
    type=click.Path(exists=True, path_type=Path),
    help="与另一次预演的 JSON，或者另一通知（文件夹）比较",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="报告（JSON）另存为文件")
@click.option("--progress", type=click.Choice(("bar", "json", "none")), default="bar", help="进度显示在标准错误输出")
def rehearse(notice: Path, **asked: Any) -> None:
    behaviour, how = profile.read(asked["said"]), How(asked["applicants"], asked["seed"], asked["until"])
    other, out = asked["other"], asked["out"]
    before = _other(other, behaviour, how) if other else None
    made = _played(notice, behaviour, how, asked["progress"])
    found = season_differences.differences(before, made) if before else []
    if out is not None:
        out.write_text(_dumped(made), encoding="utf-8")
    if asked["as_json"]:
        click.echo(_dumped({**made, "differences": found} if before else made))
    else:
        click.echo(words.told(made))
        if before:
            click.echo("\n" + season_differences.told(found, before, made))
    sys.exit(130 if made["stopped"] else 0)


def played(notice: Path, behaviour: profile.Profile, how: How, tell: Any) -> Report:
    """The report of such a season; broken off by SIGINT or SIGTERM, that of what was played so far."""
    began = time.monotonic()
    with world.of_notice(notice, how.applicants) as made:
        season, stopped = Season(made, behaviour, how), False
        try:
            season.run(tell)
        except KeyboardInterrupt:
            stopped = True
        return report.made(season, began, stopped=stopped)


def _played(notice: Path, behaviour: profile.Profile, how: How, progress: str) -> Report:
    for stopping in (signal.SIGINT, signal.SIGTERM):  # a shell's background job would ignore the first
        signal.signal(stopping, _interrupt)
    with _telling(progress) as tell:
        return played(notice, behaviour, how, tell)


def _other(said: Path, behaviour: profile.Profile, how: How) -> Report:
    if said.is_dir():
        return _played(said, behaviour, how, "none")
    try:
        found: Report = json.loads(said.read_text(encoding="utf-8"))
    except ValueError:
        found = {}
    if not isinstance(found, dict) or "findings" not in found:
        raise ConfigurationError(f"{said.name} 不是预演报告（用 --out 或 --json 得到的文件）。")
    return found


@contextmanager
def _telling(progress: str) -> Iterator[Any]:
    """How the season is told while it runs: a bar in a terminal, a line of JSON for another program, or not at all."""
    if progress == "json":
        yield lambda moment, ended, share: click.echo(json.dumps(_line(moment, ended, share)), err=True)
    elif progress == "none" or not sys.stderr.isatty():
        yield lambda _moment, _ended, _share: None
    else:
        with click.progressbar(
            length=_WHOLE, file=sys.stderr, item_show_func=lambda day: day or "", label="预演"
        ) as bar:
            yield lambda moment, ended, share: bar.update(
                max(0, round(share * _WHOLE) - bar.pos), f"{clock.local(moment):%Y-%m-%d}，{ended}人已有结果"
            )


def _line(moment: datetime, ended: int, share: float) -> dict[str, Any]:
    return {"day": f"{clock.local(moment):%Y-%m-%d}", "ended": ended, "share": round(share, 3)}


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _dumped(made: Report) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1)


COMMANDS = (rehearse,)
