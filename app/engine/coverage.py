"""Does a decision table answer every case once? Overlaps, gaps and rows that can never apply.

Each input is cut into pieces at the constants its cells name; pieces that no cell of the column can tell apart are
asked once. What is left is tried in all combinations, the rows that apply kept as the bits of a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Any

from app.engine import pieces
from app.engine.cells import Cell
from app.engine.pieces import OTHER, Piece
from app.engine.tables import Decision, Input, Rule, TableFinding

MAX_COMBINATIONS = 200_000
_SHOWN = 10  # findings of one kind; more would not be read
_SOME_DAY = "2000-01-01"

Group = list[Piece]
Case = tuple[int, ...]  # per column, which of its groups


def findings(decision: Decision, domains: Mapping[str, Sequence[Any]]) -> list[TableFinding]:
    """`domains` gives the values an input can have and wins over the table's own predefined values."""
    columns = [_groups(decision, index, domains) for index in range(len(decision.inputs))]
    if prod(map(len, columns)) > MAX_COMBINATIONS:
        message = f"决策表“{decision.label}”的组合过多，无法逐一检查"
        remedy = "请给输入设定可选值，或把表拆成两张"
        return [TableFinding("table_too_large", None, decision.line, message, remedy)]
    matched = _matched(decision, columns)
    found = list(_unreachable(decision, matched))
    if decision.hit_policy == "UNIQUE":
        found.extend(_overlaps(decision, columns, matched))
    if decision.hit_policy != "COLLECT":
        found.extend(_gaps(decision, columns, matched))
    return found


def _matched(decision: Decision, columns: list[list[Group]]) -> dict[Case, int]:
    """Per case the rows that apply, row number n as bit n - 1."""
    free = [rule for rule in decision.rules if not any(cell.names for cell in rule.cells)]
    bound = [rule for rule in decision.rules if any(cell.names for cell in rule.cells)]
    masks = [
        [sum(_bit(rule) for rule in free if _cell_matches(rule.cells[at], group[0].sample)) for group in groups]
        for at, groups in enumerate(columns)
    ]
    every = sum(map(_bit, free))
    found = {}
    for case in product(*(range(len(groups)) for groups in columns)):
        mask = every
        for at, choice in enumerate(case):
            mask &= masks[at][choice]
        if bound:
            inputs = _inputs(decision, columns, case)
            mask |= sum(_bit(rule) for rule in bound if _applies(rule, inputs, decision.names))
        found[case] = mask
    return found


def _bit(rule: Rule) -> int:
    return 1 << (rule.number - 1)


def _rules(decision: Decision, mask: int) -> list[Rule]:
    return [rule for rule in decision.rules if mask & _bit(rule)]


def _overlaps(decision: Decision, columns: list[list[Group]], matched: dict[Case, int]) -> Iterator[TableFinding]:
    seen: set[tuple[int, int]] = set()
    examples = {mask: case for case, mask in reversed(matched.items())}
    for mask, case in reversed(examples.items()):
        for first, second in pairwise(_rules(decision, mask)):
            if (first.number, second.number) in seen:
                continue
            seen.add((first.number, second.number))
            values = _inputs(decision, columns, case)
            message = f"第{first.number}行与第{second.number}行同时相符，例如{_shown(decision, values)}"
            remedy = "请收窄其中一行的条件，或改用 FIRST"
            example = tuple(values.values())
            yield TableFinding("overlap", second.id, second.line, message, remedy, other=first.id, example=example)


def _gaps(decision: Decision, columns: list[list[Group]], matched: dict[Case, int]) -> Iterator[TableFinding]:
    missing = [case for case, mask in matched.items() if not mask]
    left, told = set(missing), 0
    compared = any(cell.names for rule in decision.rules for cell in rule.cells)
    for case in missing:
        if case not in left:
            continue
        box = _box(case, left, [len(groups) for groups in columns])
        if told == _SHOWN:
            message = f"另有{len(left)}种情形没有相符的行"
            yield TableFinding("gap", None, decision.line, message, "请先补上已列出的情形，再看其余")
            return
        left.difference_update(missing if compared else product(*box))
        told += 1
        row = tuple(_condition(groups, chosen) for groups, chosen in zip(columns, box, strict=True))
        size = len(missing) if compared else prod(map(len, box))
        values = _inputs(decision, columns, case)
        message = f"有{size}种情形没有相符的行，例如{_shown(decision, values)}"
        remedy = "请为该情形补一行，或用“-”放宽已有的一行"
        row = () if compared else row
        yield TableFinding("gap", None, decision.line, message, remedy, row=row, example=tuple(values.values()))


def _box(case: Case, left: set[Case], sizes: list[int]) -> list[list[int]]:
    """The case widened, column after column, as far as every combination is one of those `left`."""
    box = [[choice] for choice in case]
    for at, size in enumerate(sizes):
        around = [*box]
        wide = []
        for choice in range(size):
            around[at] = [choice]
            if all(each in left for each in product(*around)):
                wide.append(choice)
        box[at] = wide
    return box


def _condition(groups: list[Group], chosen: list[int]) -> str:
    everything = [piece for group in groups for piece in group]
    if everything == [Piece(None)]:
        return "-"
    order = _in_order(everything)
    wanted = [piece for piece in order if any(piece in groups[at] for at in chosen)]
    return pieces.condition(wanted, order)


def _in_order(found: list[Piece]) -> list[Piece]:
    """Pieces of a line by place, an interval right after the constant it begins with; the rest as they are."""

    def place(piece: Piece) -> tuple[bool, Any, bool]:
        if piece.between is None:
            return True, piece.sample, False
        low = piece.between[0]
        return low is not None, piece.sample if low is None else low, True

    return sorted((p for p in found if p.ordered), key=place) + [p for p in found if not p.ordered]


def _unreachable(decision: Decision, matched: dict[Case, int]) -> Iterator[TableFinding]:
    first_only = decision.hit_policy == "FIRST"
    used = 0
    for mask in set(matched.values()):
        used |= mask & -mask if first_only else mask
    for rule in decision.rules:
        if not used & _bit(rule):
            reason = "之前的行已包括它的全部情形" if first_only else "没有任何输入能与它相符"
            message = f"第{rule.number}行永远不会用到：{reason}"
            yield TableFinding("unreachable", rule.id, rule.line, message, "请删去该行，或更正其条件、调整次序")


def _applies(rule: Rule, case: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    try:
        return rule.matches(case, names)
    except TypeError:  # a value of another kind, for which a comparison of order says nothing
        return False


def _groups(decision: Decision, index: int, domains: Mapping[str, Sequence[Any]]) -> list[Group]:
    cells = [rule.cells[index] for rule in decision.rules]
    found = _pieces(decision, index, domains)
    if _linked(decision, index):
        return [[piece] for piece in found]
    kept: dict[tuple[bool, ...], Group] = {}
    for piece in found:
        kept.setdefault(tuple(_cell_matches(cell, piece.sample) for cell in cells), []).append(piece)
    return list(kept.values())


def _linked(decision: Decision, index: int) -> list[int]:
    """The columns that some cell compares with this one."""
    name = decision.inputs[index].name
    reads = [
        frozenset().union(*(rule.cells[at].names for rule in decision.rules)) for at in range(len(decision.inputs))
    ]
    return [
        at
        for at, column in enumerate(decision.inputs)
        if at != index and (column.name in reads[index] or name in reads[at])
    ]


def _pieces(decision: Decision, index: int, domains: Mapping[str, Sequence[Any]]) -> list[Piece]:
    column = decision.inputs[index]
    if column.name in domains:
        return [Piece(value) for value in domains[column.name]]
    if column.allowed is not None:
        return [Piece(value) for value in column.allowed]
    linked = _linked(decision, index)
    cells = [rule.cells[at] for rule in decision.rules for at in (index, *linked)]
    found = _cut(column, [*cells, *([column.limits] if column.limits else [])], bool(linked))
    if column.limits is not None:
        found = [piece for piece in found if _cell_matches(column.limits, piece.sample)]
    return found or [Piece(None)]


def _cut(column: Input, cells: list[Cell], linked: bool) -> list[Piece]:
    values = [value for _, value in dict.fromkeys((type(v), v) for cell in cells for v in cell.literals)]
    numbers = [value for value in values if pieces.is_number(value)]
    texts = [value for value in values if isinstance(value, str)]
    found = [Piece(None)] if None in values else []
    if column.kind == "boolean" or any(isinstance(value, bool) for value in values):
        found += [Piece(True), Piece(False)]
    if numbers or column.kind in (*pieces.WHOLE, *pieces.DECIMAL):
        ends = [min(numbers, default=0) - 2, max(numbers, default=0) + 2] if linked else []  # room for more and less
        found += pieces.cut([*(numbers or [0]), *ends], pieces.numbers(column.kind, numbers))
    if column.kind == "date" or any(cell.ordered for cell in cells):
        scale = pieces.scale_of(texts or [_SOME_DAY] * (column.kind == "date"))
        if scale is not None:
            return found + pieces.cut(texts or [_SOME_DAY], scale)
    found += [Piece(text) for text in texts]
    if linked and not numbers and column.kind in ("string", ""):
        return [*found, Piece(OTHER), Piece(f"{OTHER}二")]
    return [*found, *([Piece(OTHER)] if texts and any(cell.others for cell in cells) else [])]


def _cell_matches(cell: Cell, value: Any) -> bool:
    try:
        return cell.matches(value, {})
    except TypeError:
        return False


def _inputs(decision: Decision, columns: list[list[Group]], case: Case) -> dict[str, Any]:
    samples = (groups[choice][0].sample for groups, choice in zip(columns, case, strict=True))
    return dict(zip(decision.names, samples, strict=True))


def _shown(decision: Decision, case: Mapping[str, Any]) -> str:
    return "，".join(f"{column.label}＝{case[column.name]!r}" for column in decision.inputs)
