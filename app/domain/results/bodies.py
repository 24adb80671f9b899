"""Who takes part in what follows a review: who convenes the committee, who approved it, who confirms, who sent up."""

from sqlalchemy.orm import Session

from app.domain import levels, organisations, review_committees
from app.domain.reviews import sessions
from app.errors import ConfigurationError
from app.models.declaration import Declaration
from app.models.people import Organisation
from app.models.review import ReviewSession

# kind of body → the post that works for it as the approving one
APPROVING_ROLES = {"municipal_tro": "municipal_tro", "district_tro": "district_tro"}
# levels of a route from the lowest to the highest → the post that works there
SENDING_ROLES = {
    "unit": "unit_clerk",
    "agency": "agency",
    "department": "dept_admin",
    "top_body": "local_top_body",
    "district": "district_tro",
}


def approving(session: Session, review: ReviewSession) -> Organisation:
    """评委会核准备案机构, as the committee's registration names it."""
    registered = review_committees.get(session, review.review_committee_id)
    return organisations.resolve(session, registered.approving_id)


def approving_role(session: Session, review: ReviewSession) -> str:
    """Who works for the approving body; ConfigurationError for a kind of body that approves no committee."""
    body = approving(session, review)
    if body.kind not in APPROVING_ROLES:
        raise ConfigurationError(f"{body.name}不是职改部门，不能作为评委会核准备案机构，请更正评委会登记。")
    return APPROVING_ROLES[body.kind]


def municipal(session: Session) -> Organisation:
    return organisations.find(session, kinds=["municipal_tro"], limit=1)[0]


def confirming(session: Session, review: ReviewSession) -> Organisation:
    """Who confirms by the notice: the municipal office, the approving body or the convening organisation."""
    choice = sessions.parameter(session, review, "confirming_body")
    if choice == "municipal_tro":
        return municipal(session)
    return (
        approving(session, review) if choice == "approving_body" else sessions.convening_organisation(session, review)
    )


def self_review(session: Session, review: ReviewSession) -> bool:
    """Whether the committee is a self-review unit's own, which confirms for itself and files (R-206)."""
    return sessions.convening_organisation(session, review).kind == "self_review_unit"


def recommender(declaration: Declaration) -> tuple[str, int]:
    """(post, body id) of whoever recommended: the unit, or the agency in a freelancer's unit's place."""
    level = declaration.route.get("recommender") or "unit"
    return SENDING_ROLES[level], levels.body(declaration, level)


def reporting(declaration: Declaration) -> tuple[str, int]:
    """(post, body id) of 呈报单位: the last body on the route that sent the file up (R-210)."""
    on_way = [level for level in SENDING_ROLES if levels.has_body(declaration, level)]
    if not on_way:
        raise ConfigurationError("本件的申报渠道上没有呈报单位。")
    return SENDING_ROLES[on_way[-1]], levels.body(declaration, on_way[-1])
