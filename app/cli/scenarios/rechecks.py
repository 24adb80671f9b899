"""Steps after the result: rechecks, the declaration that is reviewed anew, and certificates issued anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.scenarios import people
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Failed, Player
from app.domain import committees, rechecks
from app.domain.certificates import issuing
from app.domain.rechecks import Asked
from app.models.recheck import Recheck


def recheck(player: Player, step: Step) -> None:
    """`recheck: {of: label, reason, text, by, committee: no}`: the applicant asks, or the authority in `by`."""
    said = step.argument
    with player.database.transaction() as session:
        declaration = player.declaration(session, said.get("of", step.label))
        by = people.person(session, player.account(said["by"])).id if "by" in said else declaration.person_id
        rows = committees.of_version(session, declaration.notice_version_id) if "committee" in said else []
        named = next((row.id for row in rows if row.no == said["committee"]), None)
        asked = Asked(said["reason"], said["text"], by_authority="by" in said, committee_id=named)
        rechecks.file(session, declaration, asked, by)


def adopt(player: Player, step: Step) -> None:
    """`adopt_recheck: {label}`: the declaration that the latest recheck reopened is known by this label."""
    with player.database.reading() as session:
        found = latest(session).new_declaration_id
    if found is None:
        raise Failed(f"{step}：没有重新评审的申报")
    player.declarations[step.argument["label"]] = found


def reissue(player: Player, step: Step) -> None:
    """`reissue: label`: the holder has lost the certificate of that declaration."""
    with player.database.transaction() as session:
        held = issuing.in_force(session, player.declaration(session, str(step.argument)).id)
        if held is None:
            raise Failed(f"{step}：没有有效的证书")
        issuing.ask_anew(session, held)


def latest(session: Session) -> Recheck:
    return session.scalars(select(Recheck).order_by(Recheck.id.desc()).limit(1)).one()


ACTIONS = {"recheck": recheck, "adopt_recheck": adopt, "reissue": reissue}
