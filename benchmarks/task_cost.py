"""What one user task costs: ours against the bare library, alternating in one run; writes build/bench.json.

Ours is the A1 scenario on the shipped diagrams, completed through `processes.tasks.complete` as the web does: reading
the clock and the person's grants, permission, form check, the whole business of the diagram's functions, history,
deadlines, timers, task rows, commit. The reference walks the same diagrams by the same steps with SpiffWorkflow, its
JSON serializer and one row; its functions return constants at once, it asks nobody for permission, checks no form and
writes nothing else.

A figure is thread CPU, the p10 of each task over the rounds, summed over the walk. The rounds share one engine whose
database is put back between them, so both sides run with warm statement caches, as a server does after its first
minutes; parsed diagrams are warm on our side, the library's serializer carries its specification in every state.
`statements_per_task` counts every statement of the measured transaction, savepoints and clock included. What the web
adds and the room that instances take is measured beside it: `benchmarks.web`, `benchmarks.room`; expert draws:
`benchmarks.draws`; secret ballots: `benchmarks.ballots`; a rehearsed season: `benchmarks.rehearsal`; long lists
and boards: `benchmarks.lists`.
"""

import json
import sys
import tempfile
from pathlib import Path

from app.cli.scenarios.world import PostgresqlWorlds, SqliteWorlds, Worlds, postgresql_server
from benchmarks import ballots, draws, lists, loop, messages, rehearsal, room, walk, web

ROUNDS = 12
OUT = Path("build/bench.json")


def main() -> None:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="zhiping-bench-") as folder:
        server = postgresql_server(Path(folder))
        worlds: list[Worlds] = [SqliteWorlds(), *([PostgresqlWorlds(server)] if server else [])]
        for each in worlds:
            found |= measure(each) | ballots.measure(each) | messages.measure(each)
            if isinstance(each, SqliteWorlds):
                found |= web.measure(each) | room.measure(each)
            if isinstance(each, PostgresqlWorlds):
                found |= lists.measure(each)
            each.close()
    found |= draws.measure()
    found |= rehearsal.measure()
    found["growth_200_over_5"] = round(loop.growth(), 3)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(OUT.read_text(encoding="utf-8"), end="")


def measure(worlds: Worlds) -> dict[str, float]:
    """Ratios of thread CPU, p10 per task over the rounds, summed over the walk; statements and commits per task."""
    ours: walk.Costs = {}
    bare: walk.Costs = {}
    with worlds.fresh() as database:
        walk.warm(database)
        counted = walk.Counted(database)  # in the round that warms up: a listener costs CPU at every statement
        walk.ours(database, {}, counted)
        counted.stop()
        walk.bare(database, walk.definitions_of(database), {})
        for _ in range(ROUNDS):
            worlds.refill(database)
            walk.warm(database)
            walk.ours(database, ours)
            walk.bare(database, walk.definitions_of(database), bare)
        if "--statements" in sys.argv:
            for text, count in counted.texts.most_common():
                print(count, text)
    if "--tasks" in sys.argv:
        for name, costs in (*ours.items(), *bare.items()):
            print(f"{name:24} {walk.p10(costs) * 1000:7.2f} ms")
    ratio = sum(map(walk.p10, ours.values())) / sum(map(walk.p10, bare.values()))
    found = {f"task_cpu_ratio_{worlds.name}": round(ratio, 3)}
    if worlds.name == "sqlite":
        found |= {
            "statements_per_task": round(counted.statements / counted.tasks, 2),
            "commits_per_task": round(counted.commits / counted.tasks, 2),
        }
    return found


if __name__ == "__main__":
    main()
