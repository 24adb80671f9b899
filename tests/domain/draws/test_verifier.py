"""The stand-alone verifier runs exported records again, and notices every change to one."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.draws import plan as plans
from app.domain.draws import stream
from app.domain.draws.plan import Entry, Group, Limit, Plan
from app.domain.draws.sampling import draw

VERIFIER = Path("tools/verify_draw.py")
Export = dict[str, Any]


def exported(number: int) -> Export:
    """A draw as it is exported: `docs/draws.md`; the plan differs with the number."""
    chances = Random(number)  # noqa: S311 (the same people every time)
    people = tuple(
        Entry(
            100 + place,
            place % 2,
            employer=chances.choice([None, *range(9)]),
            flags=tuple(flag for flag in ("external", "new", "leader") if chances.random() < 0.4),
        )
        for place in range(40)
    )
    limits = (
        Limit("external", "外区县专家", at_least=1),
        Limit("new", "较上年度调整的专家", at_least=3),
        Limit("leader", "党政领导", at_most=2),
    )
    seat = (Entry(1, 0, employer=3, flags=("leader",), seat="chair"),) if number % 2 else ()
    plan = Plan((Group("软件组", 4, 2), Group("数据组", 3, 1)), people, limits, 2, seat, {"session": number})
    record = plans.record_of(plan)
    digest = plans.digest(record)
    shares = {party: f"{number}-{party}-{'s' * 20}" for party in stream.PARTIES}
    commitments = {party: stream.commitment(digest, party, share) for party, share in shares.items()}
    seed = stream.seed(digest, commitments, shares)
    samples = draw(plan, seed, 10_000)
    drawn = zip(samples[-1].members, samples[-1].reserves, strict=True)
    return {
        "record": record,
        "digest": digest,
        "commitments": commitments,
        "reveals": shares,
        "seed": seed,
        "attempts": len(samples),
        "drawn": [{"members": [e.id for e in m], "reserves": [e.id for e in r]} for m, r in drawn],
    }


def verified(folder: Path, *exports: Export) -> tuple[int, str]:
    """Exit status and output of the verifier, run with nothing but Python."""
    files = []
    for number, export in enumerate(exports):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
        files.append(str(file))
    run = subprocess.run([sys.executable, "-I", str(VERIFIER), *files], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def test_fifty_exported_records_are_run_again(tmp_path: Path) -> None:
    status, said = verified(tmp_path, *map(exported, range(50)))

    assert (status, said.count("：一致")) == (0, 50)
    assert len(VERIFIER.read_text(encoding="utf-8").splitlines()) <= 80


def change_pool(export: Export) -> None:
    export["record"]["pool"].pop()


def change_rule(export: Export) -> None:
    export["record"]["limits"][0]["at_least"] = 0


def change_seed(export: Export) -> None:
    export["seed"] = "ab" * 32


def change_share(export: Export) -> None:
    export["reveals"]["office"] += "x"


def change_member(export: Export) -> None:
    drawn = export["drawn"][0]
    drawn["members"][0], drawn["reserves"][0] = drawn["reserves"][0], drawn["members"][0]


def change_attempts(export: Export) -> None:
    export["attempts"] += 1


def redo_hashes(export: Export) -> None:
    """A forger who changes the pool and mends every hash still has another panel than the one drawn."""
    change_pool(export)
    digest = export["digest"] = plans.digest(export["record"])
    shares = export["reveals"]
    export["commitments"] = {party: stream.commitment(digest, party, share) for party, share in shares.items()}
    export["seed"] = stream.seed(digest, export["commitments"], shares)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_pool, "名单、回避或规则与封存时不一致"),
        (change_rule, "名单、回避或规则与封存时不一致"),
        (change_seed, "种子与各方随机数不一致"),
        (change_share, "office 的随机数与事先封存的不一致"),
        (change_member, "重新抽取的结果与记录不一致"),
        (change_attempts, "重新抽取的结果与记录不一致"),
        (redo_hashes, "重新抽取的结果与记录不一致"),
    ],
)
def test_a_changed_record_is_noticed(tmp_path: Path, change: Callable[[Export], None], said: str) -> None:
    export = copy.deepcopy(exported(7))
    change(export)

    status, found = verified(tmp_path, export)

    assert (status, said in found) == (1, True)


def test_a_record_becomes_the_same_plan_again() -> None:
    record = json.loads(json.dumps(exported(3)["record"]))

    assert plans.record_of(plans.of_record(record)) == exported(3)["record"]
