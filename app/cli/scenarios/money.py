"""Steps about fees: many declarations that wait for their payment, and the cashier's list that pays them."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import copies, people
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.domain import payments, permissions
from app.domain import people as registry
from app.models.declaration import Declaration
from app.processes import cashier

HEADINGS = ("受理编号", "申报人", "实缴金额", "缴费日期", "票据号码", "缴费方式")


def copy(player: Player, step: Step) -> None:
    """`copy: {of: label, count: n, label: crowd}`: n more that stand where this one stands, `crowd_1` and so on.

    `own: true` gives each a name, files and a number of its own.
    """
    said: Mapping[str, Any] = step.argument

    def work(session: Session) -> list[int]:
        original = player.declaration(session, said.get("of", step.label))
        return copies.copy(session, original, said["count"], own=said.get("own", False))

    made = player.once(str(step)[:200], work)
    player.declarations |= {f"{said['label']}_{number}": key for number, key in enumerate(made, 1)}


def import_payments(player: Player, step: Step) -> None:
    """`import_payments: {by, all, rows, more}`: an XLSX with a row for every declaration, confirmed and booked.

    `all` is what each row says (amount, paid_on, method), `rows` what single ones say instead, by label; `more` are
    rows about nobody; `only` names the labels that are on the list (`crowd` means all its copies).
    """
    said: Mapping[str, Any] = step.argument
    with player.database.transaction() as session:
        by = people.person(session, player.account(said["by"]))
        who = permissions.grants_of(session, by.id, clock.now(session))
        rows = []
        for number, (label, key) in enumerate(player.labelled(said.get("only")).items(), 1):
            declaration = session.get_one(Declaration, key)
            own = {
                "number": declaration.acceptance_no,
                "name": registry.get(session, declaration.person_id).name,
                "receipt_no": f"P{number:06d}",
                "method": "transfer",
            }
            rows.append({**own, **said["all"], **said.get("rows", {}).get(label, {})})
        rows += said.get("more", [])
        taken = cashier.take(session, who, "缴费清单.xlsx", _book(rows))
        matching = sum(verdict.reason is None for verdict in cashier.verdicts(session, who, taken))
        cashier.confirm(session, who, taken, matching)
    while cashier.book(player.database, who, taken.id).ready:
        pass


def _book(rows: list[dict[str, Any]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADINGS)
    for line, row in enumerate(rows, 1):
        method = payments.METHODS.get(row.get("method", ""), "")
        said = (row["number"], row["name"], row["amount"], str(row["paid_on"]), row.get("receipt_no", ""), method)
        page.write_row(line, 0, said)
    book.close()
    return out.getvalue()
