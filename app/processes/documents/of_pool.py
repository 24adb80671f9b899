"""Papers of a solicitation: the recommended sheet to be sealed, and the list of whom the approving body admitted."""

from collections import Counter
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import campaigns, composition, dictionaries, organisations
from app.domain.wording import day_words
from app.errors import NotFound
from app.models.expert import Campaign
from app.models.process import Task
from app.processes.documents.paper import Paper


def recommended_sheet(session: Session, campaign: Campaign) -> Paper:
    """N0 附件, to be sealed and sent beside the electronic sheet. NotFound before anybody is on the list."""
    listed = [each for each in campaigns.of_campaign(session, campaign.id) if each.source == "recommended"]
    if not listed:
        raise NotFound("尚未导入推荐专家基本信息表。")
    committee = campaigns.committee_of(session, campaign)
    wanted = select(Task.values, Task.draft).where(
        Task.instance_id == campaign.instance_id, Task.form_key == campaigns.RECOMMENDING
    )
    row = session.execute(wanted.order_by(Task.id.desc()).limit(1)).first()
    said = ((row[0] or row[1]) if row else None) or {}
    data = {
        "office": organisations.get(session, committee.convening_id).name,
        "committee": committee.name,
        "contact": " ".join(str(said[key]) for key in ("filled_by", "phone") if said.get(key)),
        "people": [{"name": each.name, "number": each.identity_number, "mobile": each.mobile} for each in listed],
    }
    now = clock.now(session)
    return Paper("expert_sheet", f"{committee.name}推荐专家基本信息表", data, campaign.notice_version_id, now)


def admitted(session: Session, campaign: Campaign) -> Paper:
    """评审专家入库名单 with its number and term. NotFound before the pool is approved."""
    if campaign.closed_at is None:
        raise NotFound("专家库尚未核准，暂没有入库名单。")
    chosen = campaigns.of_campaign(session, campaign.id, "admitted")
    committee = campaigns.committee_of(session, campaign)
    units = {body.id: body.name for body in organisations.known(session, [each.unit_id or 0 for each in chosen])}
    sources = Counter(each.source for each in chosen)
    title = f"{committee.name}评审专家入库名单"
    data = {
        "title": title,
        "number": campaign.decision.get("approval_number") or "",
        "committee": committee.name,
        "term_from": day_words(date.fromisoformat(campaign.plan["term_from"])),
        "term_to": day_words(date.fromisoformat(campaign.plan["term_to"])),
        "people": [
            {
                "name": each.name,
                "unit": units.get(each.unit_id or 0, ""),
                "title": dictionaries.label("title", each.profile.get("title")),
                "source": composition.SOURCES[each.source],
                "position": composition.POSITIONS[each.position],
            }
            for each in chosen
        ],
        "composition": "、".join(f"{words}{sources[key]}人" for key, words in composition.SOURCES.items()),
        "body": organisations.get(session, committee.approving_id).name,
        "date": day_words(clock.local(campaign.closed_at).date()),
    }
    return Paper("pool_list", title, data, campaign.notice_version_id, campaign.closed_at, str(data["number"]))
