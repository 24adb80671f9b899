"""The report of a season: figures and findings as plain data, the same for the same seed but for its `machine`."""

import resource
import time
from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.rehearsal import figures
from app.cli.rehearsal.causes import Causes
from app.cli.rehearsal.findings import findings
from app.cli.rehearsal.season import Season
from app.domain import wording
from app.domain.notice_content import content
from app.models.process import Task

MACHINE = "machine"  # the part of a report that another run need not repeat
_MEGABYTE = 1024


def made(season: Season, began: float, *, stopped: bool) -> dict[str, Any]:
    """The report so far; `began` is when the machine began (time.monotonic), `stopped` whether it was broken off."""
    world = season.world
    with world.database.reading() as session:
        causes, now = Causes(session, world.version_id), clock.now(session)
        said = content(session, world.version_id)
        report: dict[str, Any] = {
            "notice": {"key": said.notice_key, "title": world.package.title, "number": world.package.number},
            "applicants": season.how.applicants,
            "seed": season.how.seed,
            "stopped": stopped,
            "from": wording.moment_words(world.begins),
            "until": wording.moment_words(now),
            "ends": figures.ends(session),
            "again": figures.ends(session, again=True),
            "missed": figures.missed(session, causes, world.version_id),
            "loads": figures.loads(session, causes),
            "days": figures.busiest(session),
            "waits": figures.waits(session, causes, season.pace.days_between),
            "unheld": figures.unheld(session, causes),
            "incidents": figures.incidents(session, causes),
            **_given_up(session, season, causes),
            "left_over": figures.left_over(session, causes),
            "messages": figures.untaken(session),
            "unreached": figures.unreached(session, causes),
            "never_acted": _named(season.idle, causes),
            "outsiders": dict(sorted(season.outsiders.counts.items())),
        }
        report["findings"] = findings(session, causes, report)
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
    per_thousand = round(1000 * seconds / season.how.applicants, 1)
    report[MACHINE] = {"seconds": round(seconds, 1), "seconds_per_1000": per_thousand, "peak_mb": round(peak)}
    return report


def _given_up(session: Session, season: Season, causes: Causes) -> dict[str, figures.Figures]:
    """`refusals` of what applicants hand in, and tasks of others that are open and `stuck`, by step and reason."""
    still = select(Task.id, Task.element_id, Task.name, Task.role).where(
        Task.id.in_(season.refused), Task.status == "open"
    )
    counts: dict[str, Counter[tuple[Any, ...]]] = {"refusals": Counter(), "stuck": Counter()}
    words: dict[tuple[Any, ...], str] = {}
    for task_id, element, name, role in session.execute(still.order_by(Task.id)):
        verdict = season.refused[task_id]
        if verdict.outcome == "refused":
            for problem in verdict.problems[:1]:
                key = (element, name, problem.code, problem.field or "", problem.clause or "")
                words.setdefault(key, problem.message)
                counts["refusals" if role == "applicant" else "stuck"][key] += 1
    return {
        kind: [
            {
                **causes.element(key[0], key[1]),
                "code": key[2],
                "field": key[3],
                "clause": key[4],
                "message": words[key],
                "count": count,
            }
            for key, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
        ]
        for kind, found in counts.items()
    }


def _named(counts: Counter[str], causes: Causes) -> figures.Figures:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [{**causes.element(element), "count": count} for element, count in ordered]
