"""分工: panels of experts and files, and a main reader for each file, evenly and without those who stand back (O9)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import dictionaries
from app.domain.reviews import agenda, recusals, seats
from app.domain.reviews.agenda import Line as ItemLine
from app.errors import Problem, Refused
from app.models.review import AgendaItem, Panel, Recusal, ReviewSession, Seat

Pair = tuple[int, int]  # seat, item


def panels(session: Session, review_id: int) -> list[Panel]:
    return list(session.scalars(select(Panel).where(Panel.session_id == review_id).order_by(Panel.id)))


def group(session: Session, review: ReviewSession) -> list[Panel]:
    """按专业分组: a panel for each specialty on the agenda, with its files and the experts of that specialty.

    Experts of none of them go where most files wait for each expert. A single specialty makes no panels.
    """
    listed = [line for line in agenda.lines(session, review.id) if line.item.status == "listed"]
    known = {panel.specialties[0]: panel for panel in panels(session, review.id) if panel.specialties}
    wanted = list(dict.fromkeys(line.declaration.specialty or "" for line in listed))
    if len(wanted) < 2 and not known:
        return []
    for code in wanted:
        if code not in known:
            known[code] = add(session, review, _panel_name(code), [code])
    for line in listed:
        line.item.panel_id = known[line.declaration.specialty or ""].id
    _spread(session, review, known, Counter(line.item.panel_id or 0 for line in listed))
    session.flush()
    return list(known.values())


def add(session: Session, review: ReviewSession, name: str, specialties: Sequence[str] = ()) -> Panel:
    """A panel of that name. Refused for an empty or a repeated name."""
    plain = name.strip()
    if not plain or any(panel.name == plain for panel in panels(session, review.id)):
        raise Refused(Problem("panel", "专业组名称不能为空，也不能与已有的专业组重名。", "name"))
    made = Panel(session_id=review.id, name=plain, specialties=list(specialties))
    session.add(made)
    session.flush()
    return made


def share(session: Session, review: ReviewSession, *, anew: bool = False) -> int:
    """分配主审: a main reader for every listed file that has none (or for all, `anew`); returns how many were given.

    Loads differ by as little as panels and recusals allow. Refused where a file has nobody left to read it.
    """
    listed = agenda.items(session, review.id, "listed")
    readers = [seat for seat in seats.of_session(session, review.id) if seat.position != "reserve"]
    given = {} if anew else {item.id: item.main_reader_id for item in listed if item.main_reader_id}
    open_ones = [item for item in listed if item.id not in given]
    choices = eligible(open_ones, readers, recusals.pairs(session, review.id))
    if stuck := [item.place for item in open_ones if not choices[item.id]]:
        places = "、".join(f"第{place}号" for place in stuck)
        raise Refused(Problem("nobody_reads", f"议程{places}没有可担任主审的评委，请调整专业组。"))
    found = balanced(choices, Counter(each for each in given.values() if each))
    for item in open_ones:
        item.main_reader_id = found[item.id]
    session.flush()
    return len(found)


def place(session: Session, item: AgendaItem, *, panel: Panel | None, reader: Seat | None) -> None:
    """Another panel and main reader for a file. Refused for a reader of another panel or who may have to stand back."""
    item.panel_id = panel.id if panel else None
    if reader is not None and not eligible([item], [reader], recusals.pairs(session, item.session_id))[item.id]:
        message = "主审应为该专业组的评委，且与申报人没有应回避的关系。"
        raise Refused(Problem("reader", message, "main_reader_id", "N1 §二(三)；R-192"))
    item.main_reader_id = reader.id if reader else None
    session.flush()


def eligible(items: Iterable[AgendaItem], readers: Sequence[Seat], apart: set[Pair]) -> dict[int, list[int]]:
    """Item → seats of its panel that may read it; without a panel on either side everybody may."""
    return {
        item.id: [
            seat.id
            for seat in readers
            if (None in (item.panel_id, seat.panel_id) or seat.panel_id == item.panel_id)
            and (seat.id, item.id) not in apart
        ]
        for item in items
    }


def balanced(choices: Mapping[int, Sequence[int]], loads: Mapping[int, int] | None = None) -> dict[int, int]:
    """Item → seat so that the heaviest load is as small as it can be; deterministic.

    Each file goes to its least loaded reader, then chains of files move on as long as that takes one from a reader who
    has two more than another.
    """
    load: Counter[int] = Counter(loads or {})
    given: dict[int, int] = {}
    for item in sorted(choices, key=lambda each: (len(choices[each]), each)):
        given[item] = min(choices[item], key=lambda seat: (load[seat], seat))
        load[given[item]] += 1
    while chain := _lighter(given, choices, load):
        load[given[chain[0][0]]] -= 1
        load[chain[-1][1]] += 1
        given |= dict(chain)
    return given


def _lighter(given: Mapping[int, int], choices: Mapping[int, Sequence[int]], load: Counter[int]) -> list[Pair]:
    """(item, new seat) moves that take one file from a heavy reader to one with at least two fewer; none: empty."""
    held: dict[int, list[int]] = defaultdict(list)
    for item, seat in given.items():
        held[seat].append(item)
    for heavy in sorted(held, key=lambda seat: -load[seat]):
        way: dict[int, list[Pair]] = {heavy: []}
        queue = [heavy]
        for seat in queue:
            if load[seat] <= load[heavy] - 2:
                return way[seat]
            for item in sorted(held[seat]):
                for other in choices[item]:
                    if other not in way:
                        way[other] = [*way[seat], (item, other)]
                        queue.append(other)
    return []


def may_read(seat: Seat, item: AgendaItem) -> bool:
    """Whether the file is the seat's to read: of its panel, or of all where there are no panels."""
    return seat.position != "reserve" and (None in (seat.panel_id, item.panel_id) or seat.panel_id == item.panel_id)


def readable(session: Session, seat: Seat, item_id: int | None = None) -> list[ItemLine]:
    """指定材料: the files of the seat's panel (or the one), without those from which it stands back."""
    recused = select(Recusal.item_id).where(Recusal.seat_id == seat.id, Recusal.status == "recused")
    back = set(session.scalars(recused))
    found = agenda.lines(session, seat.session_id, item_id)
    return [line for line in found if may_read(seat, line.item) and line.item.id not in back]


def _spread(session: Session, review: ReviewSession, known: Mapping[str, Panel], files: Counter[int]) -> None:
    seated: Counter[int] = Counter()
    unplaced = []
    for line in seats.lines(session, review.id):
        own = next((known[code] for code in line.expert.specialties if code in known), None)
        if own is None:
            unplaced.append(line.seat)
        else:
            line.seat.panel_id = own.id
            seated[own.id] += 1
    for seat in unplaced:
        seat.panel_id = max(known.values(), key=lambda panel: files[panel.id] / (seated[panel.id] + 1)).id
        seated[seat.panel_id] += 1


def _panel_name(specialty: str) -> str:
    return f"{dictionaries.label('specialty', specialty) or '未填专业'}组"
