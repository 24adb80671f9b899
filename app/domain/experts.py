"""Who may be a review expert: what bars him, what needs an explanation, and the expert that a candidate becomes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import dictionaries, identity, organisations
from app.errors import Problem
from app.models.expert import Candidate, Expert

BARS = {  # none of these may enter
    "party_sanction": "受到党纪政纪处分，在处分期间或影响期内",
    "government_sanction": "受到政务处分，在政务处分期内",
    "investigation": "被组织立案调查或正在接受组织调查",
    "discipline": "不遵守评审工作纪律",
    "unsuitable": "其他不适宜担任评审专家的情形",
}
EXCEPTIONS = {"extension": "已办理延长退休手续", "well_known": "业内知名专家", "famous_tcm": "知名中医"}
SENIORS = ("associate_senior", "full_senior")
DIRECT = ("recommended", "designated")  # by the convening organisation or the approving department
CLAUSE = "N0 §三(五)"


def bars(profile: Mapping[str, Any], sanctions: Sequence[str]) -> list[Problem]:
    """What bars the candidate whatever else he brings (R-160); `sanctions` of the register that bind him today."""
    said = [BARS.get(bar, bar) for bar in profile.get("bars") or ()]
    found = [*said, *(f"登记有{kind}" for kind in sanctions)]
    return [Problem("barred", f"有下列情形的不得入库：{words}。", "bars", f"{CLAUSE}1-5；R-160") for words in found]


def flags(profile: Mapping[str, Any], levels: Sequence[str], source: str, years: int, on: date) -> list[dict[str, str]]:
    """What holds only in principle and the candidate does not meet: rule, text (R-158, R-159, R-161)."""
    found = []
    title = _title_flag(profile, levels, source, years, on)
    if title:
        found.append({"rule": "R-158", "text": title})
    if profile.get("civil_servant"):
        found.append({"rule": "R-161", "text": "公务员（含参照公务员管理的）原则上不再进入"})
    if retired(profile, on) and not profile.get("retirement_exception"):
        found.append({"rule": "R-161", "text": "离退休人员原则上不再进入"})
    return found


def retired(profile: Mapping[str, Any], on: date) -> bool:
    return bool(profile.get("retired_on")) and date.fromisoformat(profile["retired_on"]) <= on


def anniversary(day: date, years: int) -> date:
    """The day on which so many years are completed; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def of_candidate(session: Session, candidate: Candidate) -> Expert:
    """The expert of the candidate's person, made or brought up to what his profile says."""
    found = session.scalar(select(Expert).where(Expert.person_id == candidate.person_id))
    values = details(session, candidate)
    if found is None:
        found = Expert(person_id=candidate.person_id, **values)
        session.add(found)
        session.flush()
        return found
    for key, value in values.items():
        setattr(found, key, value)
    return found


def details(session: Session, candidate: Candidate) -> dict[str, Any]:
    """The columns of Expert that the candidate's profile fills."""
    profile = candidate.profile
    employer = organisations.get(session, int(profile["employer_id"]))
    return {
        "employer_id": employer.id,
        "employer_name": employer.name,
        "district": employer.district,
        "series": profile["series"],
        "specialties": list(profile["specialties"]),
        "title": profile["title"],
        "title_since": date.fromisoformat(profile["title_since"]),
        "leader": bool(profile.get("leader")),
        "civil_servant": bool(profile.get("civil_servant")),
        "retired_on": date.fromisoformat(profile["retired_on"]) if profile.get("retired_on") else None,
        "retirement_exception": profile.get("retirement_exception"),
        "non_public": employer.kind == "non_public",
        "front_line": bool(profile.get("front_line")),
        "profile": {"experience": profile.get("experience") or []},
    }


def young(identity_number: str, on: date, most: int) -> bool:
    """Whether the person of that number is at most so many years old on the day."""
    return anniversary(identity.birth_date(identity_number), most + 1) > on


def specialty_names(codes: Iterable[str]) -> str:
    return "、".join(dictionaries.label("specialty", code) for code in codes)


def _title_flag(profile: Mapping[str, Any], levels: Sequence[str], source: str, years: int, on: date) -> str | None:
    """What is amiss with title and years: full senior for a full-senior committee, associate senior or above else."""
    level = dictionaries.level_of(profile["title"])
    full_only = [each for each in levels if each in SENIORS] == ["full_senior"]
    relaxed = "；由组建单位或核准部门直接推荐、补充的可适当放宽" if source in DIRECT else ""
    asked = "正高级职称" if full_only else "副高级职称"
    if level not in SENIORS or (full_only and level != "full_senior"):
        lead = "；党政机关领导担任正、副主任委员的可放宽，但应具有相应专业工作经历" if profile.get("leader") else ""
        return f"未取得{asked}{lead}"
    if level == "full_senior" and not full_only:
        return None
    reached = anniversary(date.fromisoformat(profile["title_since"]), years)
    return None if reached <= on else f"取得{asked}未满{years}年{relaxed}"
