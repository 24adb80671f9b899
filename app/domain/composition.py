"""How a pool or a proposed one is made up, measured against the notice: pure arithmetic in integers (N0 §一, §二, §三).

Each measure is a lamp: `ok`, `flag` (holds in principle, may be set aside with consent), `error` (never) or `info`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SOURCES = {"recommended": "组建单位推荐", "social": "社会遴选", "designated": "核准部门认定"}
POSITIONS = {"chair": "主任委员", "deputy_chair": "副主任委员", "member": "评审专家"}


@dataclass(frozen=True)
class Member:
    """One expert as far as the make-up of a pool asks."""

    source: str
    position: str = "member"
    leader: bool = False
    barred_in_principle: bool = False  # civil servant, or retired without an exception
    non_public: bool = False
    front_line: bool = False
    young: bool = False  # 中青年
    district: str | None = None


@dataclass(frozen=True)
class Committee:
    """For whom the pool is: its kind (series, specialty), executing size, and what it faces."""

    kind: str
    executing: int
    many: bool = False  # many panels or many to be reviewed: ten times instead of five
    district: str | None = None
    non_public_facing: bool = False


@dataclass(frozen=True)
class Standards:
    """What the notice asks; shares and tolerance in per cent."""

    committee_minimum: Mapping[str, int]
    recommended_minimum: Mapping[str, int]
    multiple: int
    multiple_many: int
    odd: tuple[str, ...]
    shares: Mapping[str, Sequence[int]]  # source → lowest and highest
    tolerance: int
    designated_cap: int
    leaders_in_principle: int
    leaders_at_most: int
    deputies: tuple[int, int]


@dataclass(frozen=True)
class Lamp:
    """One measure; `value` and `limit` as people read them."""

    key: str
    label: str
    value: str
    limit: str
    state: str
    rule: str
    clause: str


def standards(parameter: Callable[[str], Any]) -> Standards:
    """The notice's standards, read by the keys of its parameters."""
    leaders, deputies = parameter("leaders_limit"), parameter("deputy_chairs")
    return Standards(
        committee_minimum=parameter("committee_minimum"),
        recommended_minimum=parameter("recommended_minimum"),
        multiple=parameter("pool_multiple"),
        multiple_many=parameter("pool_multiple_many"),
        odd=tuple(parameter("odd_applies_to")),
        shares=parameter("source_shares"),
        tolerance=parameter("source_share_tolerance"),
        designated_cap=parameter("designated_cap"),
        leaders_in_principle=leaders["principle"],
        leaders_at_most=leaders["most"],
        deputies=(deputies["least"], deputies["most"]),
    )


def examine(members: Iterable[Member], committee: Committee, asked: Standards) -> list[Lamp]:
    """Every measure of the pool, in the order in which the notice speaks of them."""
    pool = list(members)
    return [*_sizes(pool, committee, asked), *_shares(pool, asked), *_posts(pool, asked), *_people(pool, committee)]


def recommended(count: int, committee: Committee, asked: Standards) -> Lamp:
    """Whether the convening organisation recommends enough (R-155)."""
    least = asked.recommended_minimum[committee.kind]
    state = "ok" if count >= least else "flag"
    return Lamp("recommended", "推荐人数", f"{count}人", f"不少于{least}人", state, "R-155", "N0 §二(二)1")


def designated(count: int, size: int, asked: Standards) -> Lamp:
    """Whether those designated are at most the cap of the whole pool (R-157)."""
    within = 100 * count <= asked.designated_cap * size
    limit = f"不超过建库人数的{asked.designated_cap}%"
    value = f"{count}人，占{percent(count, size)}"
    return Lamp("designated", "认定人数", value, limit, "ok" if within else "error", "R-157", "N0 §二(二)3")


def percent(count: int, size: int) -> str:
    """A share with one decimal, rounded half up: 17 of 111 is 15.3%."""
    tenths = (2000 * count + size) // (2 * size) if size else 0
    return f"{tenths // 10}.{tenths % 10}%"


def _sizes(pool: list[Member], committee: Committee, asked: Standards) -> Iterator[Lamp]:
    size, least = len(pool), asked.committee_minimum[committee.kind]
    enough = "ok" if committee.executing >= least else "flag"
    shown = f"{committee.executing}人"
    yield Lamp("executing", "执行评委人数", shown, f"不少于{least}人", enough, "R-151", "N0 §二(一)")
    if "executing" in asked.odd:
        odd = "ok" if committee.executing % 2 else "error"
        yield Lamp("executing_odd", "执行评委为单数", shown, "单数", odd, "R-152", "N0 §二(一)")
    times = asked.multiple_many if committee.many else asked.multiple
    wanted = times * committee.executing
    state = "ok" if size >= wanted else "flag"
    limit = f"不少于执行评委的{times}倍（{wanted}人）"
    yield Lamp("multiple", "建库人数", f"{size}人", limit, state, "R-152", "N0 §二(一)")
    if "pool" in asked.odd:
        yield Lamp("odd", "建库人数为单数", f"{size}人", "单数", "ok" if size % 2 else "flag", "R-152", "N0 §二(一)")


def _shares(pool: list[Member], asked: Standards) -> Iterator[Lamp]:
    size = len(pool)
    for source, (low, high) in asked.shares.items():
        count = sum(member.source == source for member in pool)
        inside = (low - asked.tolerance) * size <= 100 * count <= (high + asked.tolerance) * size
        limit = f"约占{low}%" if low == high else f"约占{low}-{high}%"
        value, state = f"{count}人，占{percent(count, size)}", "ok" if inside and size else "flag"
        yield Lamp(f"share_{source}", f"{SOURCES[source]}占比", value, limit, state, "R-150", "N0 §一")
    yield designated(sum(member.source == "designated" for member in pool), size, asked)


def _posts(pool: list[Member], asked: Standards) -> Iterator[Lamp]:
    chairs = sum(member.position == "chair" for member in pool)
    yield Lamp("chair", "主任委员", f"{chairs}人", "1人", "ok" if chairs == 1 else "error", "R-153", "N0 §二(一)")
    deputies, (least, most) = sum(member.position == "deputy_chair" for member in pool), asked.deputies
    state = "ok" if least <= deputies <= most else "error"
    yield Lamp("deputies", "副主任委员", f"{deputies}人", f"{least}-{most}人", state, "R-153", "N0 §二(一)")
    leaders = sum(member.leader for member in pool)
    state = "ok" if leaders <= asked.leaders_in_principle else "flag"
    state = "error" if leaders > asked.leaders_at_most else state
    limit = f"原则上{asked.leaders_in_principle}人，不得超过{asked.leaders_at_most}人"
    yield Lamp("leaders", "党政机关领导", f"{leaders}人", limit, state, "R-154", "N0 §二(一)")


def _people(pool: list[Member], committee: Committee) -> Iterator[Lamp]:
    clause = "N0 §三(五)6"
    barred = sum(member.barred_in_principle for member in pool)
    state = "flag" if barred else "ok"
    yield Lamp("barred", "公务员、离退休人员", f"{barred}人", "原则上不再进入", state, "R-161", clause)
    clause, non_public = "N0 §三(六)", sum(member.non_public for member in pool)
    if committee.non_public_facing:
        most = "ok" if 2 * non_public > len(pool) else "flag"
        yield Lamp("non_public", "非公有制单位专家", f"{non_public}人", "原则上占多数", most, "R-162", clause)
    else:
        some = "ok" if non_public else "error"
        yield Lamp("non_public", "非公有制单位专家", f"{non_public}人", "应有一定数量", some, "R-162", clause)
    for key, label in (("front_line", "基层一线专家"), ("young", "中青年专家")):
        count = sum(getattr(member, key) for member in pool)
        yield Lamp(key, label, f"{count}人", "应占有一定比例", "ok" if count else "error", "R-162", clause)
    if committee.district is not None:
        outside = sum(member.district != committee.district for member in pool)
        some, clause = "ok" if outside else "error", "N1 §二(二)"
        yield Lamp("external", "外区县或市级专家", f"{outside}人", "不少于1人", some, "R-162", clause)
