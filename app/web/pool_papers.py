"""Papers of a solicitation as PDF: the recommended sheet to be sealed, the list of whom the pool took in."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.domain import campaigns, permissions, pool_access
from app.errors import NotFound
from app.processes.documents import of_pool, pdf
from app.web.documents import download
from app.web.session import grants, reading, visitor

blueprint = Blueprint("pool_papers", __name__)

READERS = ("committee_office", "municipal_tro")  # who send the sheet and who receive it: it holds whole numbers
PAPERS = {"sheet": of_pool.recommended_sheet, "admitted": of_pool.admitted}


@blueprint.get("/documents/solicitations/<int:campaign_id>/<kind>")
def paper(campaign_id: int, kind: str) -> ResponseReturnValue:
    """`kind`: sheet (推荐专家基本信息表) or admitted (入库名单)."""
    visitor()
    who = grants()
    permissions.require_role(who, *READERS)
    if kind not in PAPERS:
        raise NotFound("没有这种文书。")
    with reading() as session:
        campaign = campaigns.get(session, campaign_id)
        pool_access.require_committee(session, who, campaigns.committee_of(session, campaign))
        found = PAPERS[kind](session, campaign)
        content = pdf(session, found)
    return download(found, content)
